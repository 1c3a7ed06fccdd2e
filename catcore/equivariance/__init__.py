"""Equivariance: monoids and groups, their representations, and the linear maps that commute with them.

State an action, get the weights that it ties: ``equivariant_maps(ρ_in, ρ_out)`` is the exact space of homomorphisms
(T1.11), with its tying pattern, parameter counts and layers.

>>> shift = Monoid.presentation("s"); zero_fill = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
>>> causal = Representation(shift, {"s": zero_fill})
>>> equivariant_maps(causal, causal).pattern
[[1, 0, 0], [2, 1, 0], [3, 2, 1]]
"""

from catcore.equivariance.actions import Action as Action
from catcore.equivariance.actions import actions as actions
from catcore.equivariance.actions import equivariant_functions as equivariant_functions
from catcore.equivariance.automata import LinearAutomaton as LinearAutomaton
from catcore.equivariance.automata import transition_monoid as transition_monoid
from catcore.equivariance.classical import GL as GL
from catcore.equivariance.classical import SL as SL
from catcore.equivariance.classical import SO as SO
from catcore.equivariance.classical import SU as SU
from catcore.equivariance.classical import O as O
from catcore.equivariance.classical import Sp as Sp
from catcore.equivariance.classical import U as U
from catcore.equivariance.classical import classical_group as classical_group
from catcore.equivariance.complexes import CellComplex as CellComplex
from catcore.equivariance.detection import Symmetries as Symmetries
from catcore.equivariance.detection import infinitesimal_symmetries as infinitesimal_symmetries
from catcore.equivariance.detection import symmetries as symmetries
from catcore.equivariance.families import dicyclic as dicyclic
from catcore.equivariance.families import hyperoctahedral as hyperoctahedral
from catcore.equivariance.families import icosahedral as icosahedral
from catcore.equivariance.families import octahedral as octahedral
from catcore.equivariance.families import quaternion_group as quaternion_group
from catcore.equivariance.families import rubik as rubik
from catcore.equivariance.families import tetrahedral as tetrahedral
from catcore.equivariance.families import wreath as wreath
from catcore.equivariance.graphs import automorphism_group as automorphism_group
from catcore.equivariance.graphs import edge_representation as edge_representation
from catcore.equivariance.grids import p4 as p4
from catcore.equivariance.grids import p4m as p4m
from catcore.equivariance.grids import torus as torus
from catcore.equivariance.groups import Group as Group
from catcore.equivariance.groups import alternating as alternating
from catcore.equivariance.groups import cyclic as cyclic
from catcore.equivariance.groups import dihedral as dihedral
from catcore.equivariance.groups import named_group as named_group
from catcore.equivariance.groups import semidirect as semidirect
from catcore.equivariance.groups import symmetric as symmetric
from catcore.equivariance.homomorphisms import MonoidHomomorphism as MonoidHomomorphism
from catcore.equivariance.homomorphisms import projections as projections
from catcore.equivariance.homomorphisms import subgroup as subgroup
from catcore.equivariance.homomorphisms import submonoid as submonoid
from catcore.equivariance.homspace import HomSpace as HomSpace
from catcore.equivariance.lie import LieGroup as LieGroup
from catcore.equivariance.monoids import Monoid as Monoid
from catcore.equivariance.monoids import free_monoid as free_monoid
from catcore.equivariance.monoids import full_transformation_monoid as full_transformation_monoid
from catcore.equivariance.permutations import PermutationRepresentation as PermutationRepresentation
from catcore.equivariance.representations import LieRepresentation as LieRepresentation
from catcore.equivariance.representations import Representation as Representation
from catcore.equivariance.shifts import causal_shift as causal_shift
from catcore.equivariance.shifts import coarsening as coarsening
from catcore.equivariance.shifts import dilations as dilations
from catcore.equivariance.shifts import strided as strided
from catcore.equivariance.solver import equivariant_maps as equivariant_maps
from catcore.equivariance.specification import read_specification as read_specification
from catcore.equivariance.specification import summary as summary
from catcore.equivariance.storage import load as load
from catcore.equivariance.storage import save as save
