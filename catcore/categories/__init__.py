"""Categories as values, one a file: sets and finite sets, vector spaces, free and one-object categories, opposites,
products, Kleisli and Eilenberg–Moore categories, and the functor ``k[−]`` (THEORY T1.1, T1.9)."""

from catcore.categories.category import Category as Category
from catcore.categories.constructions import Opposite as Opposite
from catcore.categories.constructions import ProductCategory as ProductCategory
from catcore.categories.eilenberg_moore import EilenbergMoore as EilenbergMoore
from catcore.categories.finite_sets import FiniteModel as FiniteModel
from catcore.categories.free import FreeCategory as FreeCategory
from catcore.categories.kleisli import Kleisli as Kleisli
from catcore.categories.linearisation import Linearisation as Linearisation
from catcore.categories.one_object import OneObject as OneObject
from catcore.categories.python_values import PythonValues as PythonValues
from catcore.categories.python_values import observed as observed
from catcore.categories.sets import FiniteSets as FiniteSets
from catcore.categories.sets import Sets as Sets
from catcore.categories.vector_spaces import FVect as FVect
