"""Ways to apply a tied matrix, one a file; the cheapest by a fixed model of costs is chosen when a layer is built.

============================================  ============================================================
:mod:`~catcore_backends.layers.methods.dense`        one matrix product, always possible where the matrix fits
:mod:`~catcore_backends.layers.methods.diagrams`     contract, permute, copy: maps between tensor powers
:mod:`~catcore_backends.layers.methods.convolution`  Fourier transforms: circulant, strided and Toeplitz matrices
:mod:`~catcore_backends.layers.methods.taps`         a few gathers: few nonzero entries a row
:mod:`~catcore_backends.layers.methods.blocks`       small products: block-diagonal up to the order of coordinates
============================================  ============================================================

What a pattern is good for is read off the pattern itself and checked entry by entry, never off a name.
"""

from catcore_backends.layers.methods.choosing import METHODS as METHODS
from catcore_backends.layers.methods.choosing import Choice as Choice
from catcore_backends.layers.methods.choosing import Price as Price
from catcore_backends.layers.methods.choosing import choose as choose
from catcore_backends.layers.methods.method import Method as Method
