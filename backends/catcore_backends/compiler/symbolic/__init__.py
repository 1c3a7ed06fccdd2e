"""Array rules run on symbolic arrays: what they would compute is written into a program instead.

The table of primitives gives each its array rule, a Python function over an array-API namespace.  Run on the namespace
and the arrays of this package, a rule leaves behind the array operations that it consists of.  Shapes are known while
compiling except for the number of rows, so a rule may look at them; what depends on the numbers in an array cannot be
written down, and raises :class:`Unwritten`.
"""

from catcore_backends.compiler.symbolic.arrays import OPERATORS as OPERATORS
from catcore_backends.compiler.symbolic.arrays import Array as Array
from catcore_backends.compiler.symbolic.arrays import Fact as Fact
from catcore_backends.compiler.symbolic.namespace import Namespace as Namespace
from catcore_backends.compiler.symbolic.shapes import Dtype as Dtype
from catcore_backends.compiler.symbolic.shapes import Extent as Extent
from catcore_backends.compiler.symbolic.shapes import Unwritten as Unwritten
