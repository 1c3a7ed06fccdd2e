"""catcore_proofs: why laws hold.

``verify`` settles every law of a structure, ``prove`` one equation, ``refute`` looks for the smallest counterexample,
a ``Goal`` is proved step by step, and ``normal`` gives normal forms.  What is called proved was replayed by the kernel
of :mod:`catcore_proofs.kernel`.  :mod:`catcore_proofs.census` counts structures.
"""

from catcore_proofs.goals import Goal
from catcore_proofs.kernel import replay
from catcore_proofs.prover import prove, refute, verify
from catcore_proofs.readback import normal
from catcore_proofs.verdicts import Counterexample, Report, Verdict

__all__ = ["Counterexample", "Goal", "Report", "Verdict", "normal", "prove", "refute", "replay", "verify"]
