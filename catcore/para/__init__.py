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
from catcore.para.linear_actions import DirectSums as DirectSums
from catcore.para.linear_actions import Kronecker as Kronecker
from catcore.para.maps import ParaMap as ParaMap
from catcore.para.maps import parametric as parametric
