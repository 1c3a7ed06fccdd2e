"""JAX: arrays that are traced, differentiated and compiled.  Needs the extra ``jax``."""

from __future__ import annotations

from catcore_backends.backend import Backend

backend = Backend("jax", "jax.numpy", "Install it with: pip install 'catcore[jax]'")
