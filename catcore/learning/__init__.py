"""Learning: reverse derivatives, lenses, optimisers (THEORY §5)."""

from catcore.learning.axioms import ReverseDerivativeCategory as ReverseDerivativeCategory
from catcore.learning.covectors import covectors as covectors
from catcore.learning.lenses import Lens as Lens
from catcore.learning.lenses import LensMap as LensMap
from catcore.learning.lenses import Port as Port
from catcore.learning.lenses import ReverseFunctor as ReverseFunctor
from catcore.learning.optics import Optic as Optic
from catcore.learning.optics import adapter as adapter
from catcore.learning.optics import nested_left as nested_left
from catcore.learning.optics import nested_right as nested_right
from catcore.learning.optics import of_lens as of_lens
from catcore.learning.parametric import LENSES as LENSES
from catcore.learning.parametric import LensAction as LensAction
from catcore.learning.parametric import ParaReverse as ParaReverse
from catcore.learning.parametric import parametric_lens as parametric_lens
from catcore.learning.polynomials import PolynomialMap as PolynomialMap
from catcore.learning.polynomials import PolyZ2 as PolyZ2
from catcore.learning.polynomials import polynomial_map as polynomial_map
from catcore.learning.reverse import reverse_derivative as reverse_derivative
from catcore.learning.smooth_maps import Smooth as Smooth
