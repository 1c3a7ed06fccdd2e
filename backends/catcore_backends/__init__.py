"""What the terms compute: array code for NumPy, CuPy and every array-API library."""

from catcore_backends.backend import Backend, get_backend
from catcore_backends.compiling import Compiled, compile_arrow
from catcore_backends.layers import Layer

__all__ = ["Backend", "Compiled", "Layer", "compile_arrow", "get_backend"]
