"""Learning: reverse derivatives, lenses, optimisers (THEORY §5)."""

from catcore.learning.axioms import ReverseDerivativeCategory as ReverseDerivativeCategory
from catcore.learning.covectors import covectors as covectors
from catcore.learning.reverse import reverse_derivative as reverse_derivative
from catcore.learning.smooth_maps import Smooth as Smooth
