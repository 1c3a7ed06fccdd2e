"""The closed forms of steps of learning are theorems, and the arithmetic that they assume holds on symbols (T5.8)."""

from __future__ import annotations

import pytest

from catcore import Law, R, smooth
from catcore.learning import Smooth
from catcore_proofs import prove
from catcore_proofs.library import learning

FORMS = {
    "quadratic": learning.descent_in_closed_form,
    "cross-entropy": learning.cross_entropy_in_closed_form,
    "nesterov": learning.nesterov_in_closed_form,
}


@pytest.mark.parametrize("name", FORMS)
def test_a_step_is_its_closed_form(name):
    (law,) = FORMS[name]()
    verdict = prove(law.lhs, law.rhs, given=law.given)

    assert (verdict.status, verdict.evidence) == ("holds", "proved")
    assert prove(law.lhs, law.rhs).status != "holds"


@pytest.mark.parametrize("name", FORMS)
def test_what_a_closed_form_assumes_holds_on_symbols(name):
    (law,) = FORMS[name]()

    assert all(Smooth().equal(each.lhs, each.rhs) for each in law.given)


def test_a_step_in_the_other_direction_is_no_closed_form():
    """``α (t − y)`` for ``α (y − t)``, the order in which the literature prints the pair."""
    (law,) = learning.descent_in_closed_form()
    minus = smooth("subtract", R(3) * R(3))
    turned = [t for t in (law.rhs,) if minus in _parts(t)]
    swapped = _replaced(law.rhs, minus)

    assert turned == [law.rhs]
    assert prove(law.lhs, swapped, given=law.given).status != "holds"


def _parts(term):
    from catcore.arrows import subterms

    return set(subterms(term))


def _replaced(term, minus):
    """The term with the arguments of a difference exchanged."""
    from catcore import pair, snd
    from catcore.arrows import Arrow, fst

    if term is minus:
        return pair(snd(*minus.dom.args), fst(*minus.dom.args)) >> minus
    if not isinstance(term, Arrow) or not term.args:
        return term
    parts = [_replaced(a, minus) for a in term.args]
    if type(term).__name__ == "Composite":
        from catcore.arrows import compose

        return compose(*parts)
    return type(term)(*parts)


def test_a_functor_is_no_functor_without_an_inverse():
    """The theorem on learners has the inverse as its hypothesis, and is open without it (T5.11)."""
    laws = {law.name: law for law in learning.descent()}

    assert all(isinstance(law, Law) for law in laws.values())
    assert prove(laws["composites, update"].lhs, laws["composites, update"].rhs).status != "holds"
