"""PyTorch: tensors with automatic differentiation, on any device that it knows.  Needs the extra ``torch``."""

from __future__ import annotations

from catcore_backends.backend import Backend

backend = Backend("torch", "array_api_compat.torch", "Install it with: pip install 'catcore[torch]'")
