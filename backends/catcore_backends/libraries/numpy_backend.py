"""NumPy, the default backend: arrays in main memory."""

from __future__ import annotations

from catcore_backends.backend import Backend

backend = Backend("numpy", "array_api_compat.numpy", "Install it with: pip install numpy")
