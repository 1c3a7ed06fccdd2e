"""Terms made smaller before they are compiled, by laws that the prover certifies; see the table in :mod:`.laws`."""

from catcore_backends.compiler.simplification.laws import RULES as RULES
from catcore_backends.compiler.simplification.laws import Rule as Rule
from catcore_backends.compiler.simplification.rewriting import simplified as simplified
