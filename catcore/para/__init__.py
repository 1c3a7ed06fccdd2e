"""Parametric maps and weight sharing: Para, its 2-cells, and neural networks as parametric (co)algebras (THEORY §4)."""

from catcore.para.actegories import CARTESIAN as CARTESIAN
from catcore.para.actegories import COCARTESIAN as COCARTESIAN
from catcore.para.actegories import Actegory as Actegory
from catcore.para.actegories import Cartesian as Cartesian
from catcore.para.actegories import Cocartesian as Cocartesian
from catcore.para.category import Para as Para
from catcore.para.cells import TwoCell as TwoCell
from catcore.para.cells import identity_cell as identity_cell
from catcore.para.cells import layer_order as layer_order
from catcore.para.comonoids import Comonoid as Comonoid
from catcore.para.comonoids import comonoids as comonoids
from catcore.para.comonoids import diagonal as diagonal
from catcore.para.lax import LaxAlgebra as LaxAlgebra
from catcore.para.lax import LaxHomomorphism as LaxHomomorphism
from catcore.para.lax import identity_homomorphism as identity_homomorphism
from catcore.para.lifts import Lift as Lift
from catcore.para.lifts import ParaMonad as ParaMonad
from catcore.para.linear_actions import DirectSums as DirectSums
from catcore.para.linear_actions import Kronecker as Kronecker
from catcore.para.maps import ParaMap as ParaMap
from catcore.para.maps import parametric as parametric
from catcore.para.strengths import StrongFunctor as StrongFunctor
from catcore.para.strengths import StrongMonad as StrongMonad
from catcore.para.tying import combination as combination
from catcore.para.tying import copies as copies
from catcore.para.tying import tie as tie
