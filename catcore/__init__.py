"""catcore: state a structure, get a proof that it is lawful, the tied weights it forces, and code that runs it.

A morphism is a term; proofs, exhaustive checks, arrays, exact matrices and pictures are interpretations of the same
term.  Everything a user types is here; what checks laws is in ``catcore_proofs``, what runs on arrays in
``catcore_backends``.
"""

from catcore.arrows import Arrow as Arrow
from catcore.arrows import braid as braid
from catcore.arrows import case as case
from catcore.arrows import compose as compose
from catcore.arrows import curry as curry
from catcore.arrows import distribute as distribute
from catcore.arrows import doctrines as doctrines
from catcore.arrows import ev as ev
from catcore.arrows import finite_map as finite_map
from catcore.arrows import fst as fst
from catcore.arrows import generator as generator
from catcore.arrows import ident as ident
from catcore.arrows import in_ as in_
from catcore.arrows import initial as initial
from catcore.arrows import inl as inl
from catcore.arrows import inr as inr
from catcore.arrows import out as out
from catcore.arrows import pair as pair
from catcore.arrows import snd as snd
from catcore.arrows import strength as strength
from catcore.arrows import tensor as tensor
from catcore.arrows import terminal as terminal
from catcore.categories.smooth import smooth as smooth
from catcore.equivariance import SO as SO
from catcore.equivariance import SU as SU
from catcore.equivariance import Action as Action
from catcore.equivariance import Group as Group
from catcore.equivariance import HomSpace as HomSpace
from catcore.equivariance import Monoid as Monoid
from catcore.equivariance import Representation as Representation
from catcore.equivariance import Sp as Sp
from catcore.equivariance import actions as actions
from catcore.equivariance import alternating as alternating
from catcore.equivariance import cyclic as cyclic
from catcore.equivariance import dihedral as dihedral
from catcore.equivariance import equivariant_functions as equivariant_functions
from catcore.equivariance import equivariant_maps as equivariant_maps
from catcore.equivariance import free_monoid as free_monoid
from catcore.equivariance import full_transformation_monoid as full_transformation_monoid
from catcore.equivariance import semidirect as semidirect
from catcore.equivariance import symmetric as symmetric
from catcore.functors import Const as Const
from catcore.functors import Functor as Functor
from catcore.functors import Id as Id
from catcore.functors import NaturalTransformation as NaturalTransformation
from catcore.functors import functor as functor
from catcore.laws import Law as Law
from catcore.laws import PointwiseLaw as PointwiseLaw
from catcore.learning import Lens as Lens
from catcore.learning import LensMap as LensMap
from catcore.learning import reverse_derivative as reverse_derivative
from catcore.objects import Atom as Atom
from catcore.objects import FinSet as FinSet
from catcore.objects import One as One
from catcore.objects import R as R
from catcore.objects import Zero as Zero
from catcore.objects import atoms as atoms
from catcore.objects import mu as mu
from catcore.objects import nu as nu
from catcore.para import Para as Para
from catcore.para import ParaMap as ParaMap
from catcore.para import TwoCell as TwoCell
from catcore.para import fold as fold
from catcore.para import hylo as hylo
from catcore.para import parametric as parametric
from catcore.para import unfold as unfold
from catcore.structures.adjunctions import Adjunction as Adjunction
from catcore.structures.algebras import Algebra as Algebra
from catcore.structures.algebras import Coalgebra as Coalgebra
from catcore.structures.algebras import Homomorphism as Homomorphism
from catcore.structures.algebras import free_algebra as free_algebra
from catcore.structures.distributive import DistributiveLaw as DistributiveLaw
from catcore.structures.monads import Comonad as Comonad
from catcore.structures.monads import Monad as Monad
from catcore.structures.monads import MonadMorphism as MonadMorphism
from catcore.structures.standard import ActionMonad as ActionMonad
from catcore.theories import Model as Model
from catcore.theories import Theory as Theory
from catcore.tracing import arrow as arrow
from catcore.tracing import pointwise as pointwise

__version__ = "0.1.0"
