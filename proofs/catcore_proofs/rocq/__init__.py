"""Certificates as Rocq files, judged by a proof assistant that knows nothing of catcore.

A certificate states an equation between functions of sets and says how it is proved.  Here it is written out in the
language of Rocq (Coq 8.16): the sets and operations are variables of a section, the hypotheses are assumptions that
hold at all elements, the theorem says that both sides agree at every element, and the proof follows the certificate
step by step.  ``coqc`` and ``coqchk`` then decide; function extensionality is the only axiom that may occur.
"""

from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.judge import Judgement, judge, judge_library
from catcore_proofs.rocq.library import export, library, write_library

__all__ = ["Judgement", "Unexportable", "export", "judge", "judge_library", "library", "write_library"]
