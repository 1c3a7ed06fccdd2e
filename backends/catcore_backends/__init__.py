"""What the terms compute: array code for NumPy, CuPy and every array-API library."""

from catcore_backends.backend import Backend, get_backend
from catcore_backends.compiler.compiling import Compiled, compile_arrow
from catcore_backends.gradients import gradient
from catcore_backends.layers.layer import Layer
from catcore_backends.layers.orbits import orbit_labels
from catcore_backends.training import Trained, fit

__all__ = ["Backend", "Compiled", "Layer", "Trained", "compile_arrow", "fit", "get_backend", "gradient", "orbit_labels"]
