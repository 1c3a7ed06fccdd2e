"""Equivariance: monoids and groups, their representations, and the linear maps that commute with them.

State an action, get the weights that it ties: ``equivariant_maps(ρ_in, ρ_out)`` is the exact space of homomorphisms
(T1.11), with its tying pattern, parameter counts and layers.

``groups``, ``families`` and ``representations`` say what acts and how; ``strategies`` solves, with ``diagrams`` where a
theorem gives the basis and ``linear_algebra`` where equations do; ``spaces`` holds the answer, ``certificates`` says
why it is right, and ``networks`` composes it.

>>> shift = Monoid.presentation("s"); zero_fill = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
>>> causal = Representation(shift, {"s": zero_fill})
>>> equivariant_maps(causal, causal).pattern
[[1, 0, 0], [2, 1, 0], [3, 2, 1]]
"""

from catcore.equivariance.automata import transition_monoid as transition_monoid
from catcore.equivariance.families.classical import GL as GL
from catcore.equivariance.families.classical import SL as SL
from catcore.equivariance.families.classical import SO as SO
from catcore.equivariance.families.classical import SU as SU
from catcore.equivariance.families.classical import O as O
from catcore.equivariance.families.classical import Sp as Sp
from catcore.equivariance.families.classical import U as U
from catcore.equivariance.families.classical import classical_group as classical_group
from catcore.equivariance.families.complexes import CellComplex as CellComplex
from catcore.equivariance.families.finite import dicyclic as dicyclic
from catcore.equivariance.families.finite import icosahedral as icosahedral
from catcore.equivariance.families.finite import octahedral as octahedral
from catcore.equivariance.families.finite import quaternion_group as quaternion_group
from catcore.equivariance.families.finite import rubik as rubik
from catcore.equivariance.families.finite import tetrahedral as tetrahedral
from catcore.equivariance.families.finite import wreath as wreath
from catcore.equivariance.families.graphs import automorphism_group as automorphism_group
from catcore.equivariance.families.graphs import edge_representation as edge_representation
from catcore.equivariance.families.grids import p4 as p4
from catcore.equivariance.families.grids import p4m as p4m
from catcore.equivariance.families.grids import torus as torus
from catcore.equivariance.families.hyperoctahedral import hyperoctahedral as hyperoctahedral
from catcore.equivariance.families.shifts import causal_shift as causal_shift
from catcore.equivariance.families.shifts import coarsening as coarsening
from catcore.equivariance.families.shifts import dilations as dilations
from catcore.equivariance.families.shifts import strided as strided
from catcore.equivariance.groups.group import Group as Group
from catcore.equivariance.groups.group import alternating as alternating
from catcore.equivariance.groups.group import cyclic as cyclic
from catcore.equivariance.groups.group import dihedral as dihedral
from catcore.equivariance.groups.group import named_group as named_group
from catcore.equivariance.groups.group import semidirect as semidirect
from catcore.equivariance.groups.group import symmetric as symmetric
from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism as MonoidHomomorphism
from catcore.equivariance.groups.homomorphisms import projections as projections
from catcore.equivariance.groups.homomorphisms import subgroup as subgroup
from catcore.equivariance.groups.homomorphisms import submonoid as submonoid
from catcore.equivariance.groups.lie import LieGroup as LieGroup
from catcore.equivariance.groups.monoid import Monoid as Monoid
from catcore.equivariance.groups.monoid import free_monoid as free_monoid
from catcore.equivariance.groups.monoid import full_transformation_monoid as full_transformation_monoid
from catcore.equivariance.representations.actions import Action as Action
from catcore.equivariance.representations.actions import actions as actions
from catcore.equivariance.representations.actions import equivariant_functions as equivariant_functions
from catcore.equivariance.representations.foreign import from_e3nn as from_e3nn
from catcore.equivariance.representations.foreign import from_escnn as from_escnn
from catcore.equivariance.representations.permutations import PermutationRepresentation as PermutationRepresentation
from catcore.equivariance.representations.representation import LieRepresentation as LieRepresentation
from catcore.equivariance.representations.representation import Representation as Representation
from catcore.equivariance.spaces.detection import Symmetries as Symmetries
from catcore.equivariance.spaces.detection import infinitesimal_symmetries as infinitesimal_symmetries
from catcore.equivariance.spaces.detection import symmetries as symmetries
from catcore.equivariance.spaces.homspace import HomSpace as HomSpace
from catcore.equivariance.spaces.specification import read_specification as read_specification
from catcore.equivariance.spaces.specification import summary as summary
from catcore.equivariance.spaces.storage import load as load
from catcore.equivariance.spaces.storage import save as save
from catcore.equivariance.strategies.solver import equivariant_maps as equivariant_maps
