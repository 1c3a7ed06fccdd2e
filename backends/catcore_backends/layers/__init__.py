"""Layers with tied weights on batches of arrays, networks of them, and how a layer is computed (THEORY T1).

A layer (``layer``) is a space of equivariant maps applied to a batch, by one of the ``methods``; a network
(``networks``) is made of layers, forwards and backwards; ``orbits`` finds the classes of tied weights on arrays.
"""
