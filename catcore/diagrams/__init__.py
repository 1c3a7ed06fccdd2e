"""2-cells and string diagrams as values: composition, equality up to interchange, rewriting by named equations.

Planar diagrams are 2-cells of a free strict 2-category (:mod:`~catcore.diagrams.cells`); :func:`equal` decides their
equality, :func:`prove_equal` looks for a proof from equations and :func:`replay` checks it.  With crossings read as the
symmetry the same is done in symmetric monoidal categories; :class:`Interpretation` and :func:`matrix` say what diagrams
stand for, and :mod:`~catcore.diagrams.theorems` holds what has been proved about presented structures.
"""

from catcore.diagrams.cells import Box as Box
from catcore.diagrams.cells import Diagram as Diagram
from catcore.diagrams.cells import Swap as Swap
from catcore.diagrams.cells import as_diagram as as_diagram
from catcore.diagrams.cells import braid as braid
from catcore.diagrams.cells import identity as identity
from catcore.diagrams.interpretation import Interpretation as Interpretation
from catcore.diagrams.interpretation import interchange_rule as interchange_rule
from catcore.diagrams.interpretation import matrix as matrix
from catcore.diagrams.normal import equal as equal
from catcore.diagrams.normal import normal_form as normal_form
from catcore.diagrams.rewriting import Proof as Proof
from catcore.diagrams.rewriting import Rule as Rule
from catcore.diagrams.rewriting import Step as Step
from catcore.diagrams.rewriting import prove_equal as prove_equal
from catcore.diagrams.rewriting import replay as replay
from catcore.diagrams.rewriting import rewrite as rewrite
from catcore.diagrams.rewriting import rewrites as rewrites
from catcore.diagrams.rewriting import simplify as simplify
from catcore.diagrams.symmetric import symmetric_equal as symmetric_equal
from catcore.diagrams.theorems import Theorem as Theorem
from catcore.diagrams.theorems import derive as derive
from catcore.diagrams.theories import Presentation as Presentation
from catcore.diagrams.theories import adjunction_theory as adjunction_theory
from catcore.diagrams.theories import comonad_theory as comonad_theory
from catcore.diagrams.theories import distributive_theory as distributive_theory
from catcore.diagrams.theories import frobenius_theory as frobenius_theory
from catcore.diagrams.theories import hopf_theory as hopf_theory
from catcore.diagrams.theories import iterated_theory as iterated_theory
from catcore.diagrams.theories import monad_theory as monad_theory
from catcore.diagrams.theories import spiral as spiral
from catcore.diagrams.wires import POINT as POINT
from catcore.diagrams.wires import Path as Path
from catcore.diagrams.wires import Wire as Wire
from catcore.diagrams.wires import ZeroCell as ZeroCell
