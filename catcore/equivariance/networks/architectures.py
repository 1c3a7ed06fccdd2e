"""The architectures of the talk, out of the solver: each is one line, and parameters are counted (T1.12-T1.16, T2.1).

Nothing is known about an architecture but its symmetry: features are named, and the layer is all that commutes.

>>> from catcore.equivariance.networks import Sequential
>>> layers = deep_sets(5), invariant_graph_network(4), causal_convolution(6)
>>> [Sequential(layer).free_parameters for layer in layers]
[3, 17, 6]
"""

from __future__ import annotations

from typing import Any

from catcore.equivariance.families.complexes import CellComplex
from catcore.equivariance.families.graphs import automorphism_group
from catcore.equivariance.families.grids import torus
from catcore.equivariance.families.shifts import causal_shift, strided
from catcore.equivariance.groups.group import Group, symmetric
from catcore.equivariance.networks.features import Features
from catcore.equivariance.networks.layers import Linear
from catcore.equivariance.representations.representation import Representation

Channels = tuple[int, int]


def convolution(*sizes: int, channels: Channels = (1, 1)) -> Linear:
    """Periodic convolution on a grid: what commutes with its translations (T1.12 b, c)."""
    grid = torus(*sizes).defining
    return _between(grid, grid, channels)


def strided_convolution(n: int, stride: int, channels: Channels = (1, 1)) -> Linear:
    """Convolution that keeps every stride-th place (T1.12 u)."""
    return _between(*strided(n, stride), channels)


def causal_convolution(n: int, channels: Channels = (1, 1)) -> Linear:
    """Convolution with the past: what commutes with the zero-filling shift, which has no inverse (T2.1)."""
    shift = causal_shift(n)
    return _between(shift, shift, channels)


def group_convolution(group: Group, channels: Channels = (1, 1)) -> Linear:
    """Maps of functions on a finite group, ``(f ⋆ k)(g) = Σ_h f(h) k(h⁻¹ g)``: as many as elements (T1.12 p)."""
    functions = Representation.regular(group)
    return _between(functions, functions, channels)


def deep_sets(n: int, channels: Channels = (1, 1)) -> Linear:
    """Maps of sets of n points: ``a x + b Σ x`` (T1.12 e; Zaheer et al., *Deep sets*, 2017)."""
    points = symmetric(n).defining
    return _between(points, points, channels)


def invariant_graph_network(n: int, channels: Channels = (1, 1)) -> Linear:
    """Maps of n×n arrays under simultaneous relabelling: 15 weights and 2 biases for n ≥ 4 (T1.12 g; Maron et al.,
    *Invariant and equivariant graph networks*, 2019)."""
    edges = symmetric(n).defining.tensor(2)
    return _between(edges, edges, channels)


def graph_layer(graph: Any, channels: Channels = (1, 1)) -> Linear:
    """Maps of signals on the nodes of one graph that commute with its automorphisms (T1.12 l-o)."""
    nodes = automorphism_group(graph).defining
    return _between(nodes, nodes, channels)


def simplicial_layer(complex_: CellComplex, channels: Channels = (1, 1)) -> Linear:
    """Maps between the chains of all dimensions that commute with the automorphisms of a complex.

    For the filled triangle these are gradient, curl, their transposes and the Hodge Laplacians (T1.16).
    """
    chains = [complex_.chains(k) for k in range(complex_.dimension + 1)]
    inside, outside = (Features(tuple((c, m) for c in chains)) for m in channels)
    return Linear(inside, outside)


def invariant(features: Any, outputs: int = 1) -> Linear:
    """Maps to numbers that do not change: a trivial action on the codomain (T1.13; FEATURES 60)."""
    source = Features.of(features)
    return Linear(source, (Representation.trivial(source.monoid), outputs))


def _between(rho: Representation, tau: Representation, channels: Channels) -> Linear:
    return Linear((rho, channels[0]), (tau, channels[1]))
