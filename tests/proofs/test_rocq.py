"""Rocq, which knows nothing of catcore, accepts the export of every proof, and of nothing false."""

from __future__ import annotations

import copy
import functools
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import catcore.structures.standard as st
import catcore.structures.transformers as tr
from catcore import (
    FinSet,
    Functor,
    Group,
    Id,
    Law,
    Monad,
    Monoid,
    One,
    Zero,
    atoms,
    case,
    curry,
    ev,
    finite_map,
    fold,
    fst,
    generator,
    ident,
    in_,
    initial,
    inl,
    inr,
    mu,
    pair,
    snd,
    terminal,
)  # fmt: skip
from catcore.categories import EilenbergMoore, Kleisli
from catcore_proofs import prove, replay, verify
from catcore_proofs.equational import settle
from catcore_proofs.evaluation import Rejected
from catcore_proofs.rocq import Unexportable, export, judge, judge_library, library, write_library
from catcore_proofs.rocq.judge import ALLOWED, judge_file
from catcore_proofs.rocq.names import comment, identifier
from catcore_proofs.search import certificate
from catcore_proofs.tptp import read_problem
from catcore_proofs.translation import statement
from tests.benchmarks.challenges.coinductive import lambek
from tests.benchmarks.challenges.exotic import global_failure, mini
from tests.proofs.models import as_json

PROBLEMS = Path(__file__).parents[1] / "benchmarks" / "problems"
A, B, C, E, R, S, X = atoms("A B C E R S X")
M, G = Monoid.variable("M"), Group.variable("G")

needs_rocq = pytest.mark.skipif(
    shutil.which("coqc") is None or shutil.which("coqchk") is None,
    reason="coqc and coqchk are not installed; Debian's package coq has them",
)


def proof(lhs, rhs, given=(), name="equation") -> Any:
    """A certificate as it stands in a file, also for what could be settled by evaluation."""
    found = as_json(certificate(statement(Law(name, lhs, rhs, tuple(given)))))
    replay(found)
    return found


# ---- what must compile ---------------------------------------------------------------------------------------------


def structures() -> Iterator[Any]:
    """All structures of the standard library, their Kleisli and Eilenberg–Moore categories, and composites."""
    monads = [st.identity_monad(), st.maybe(), st.exceptions(E), st.reader(S), st.state(S), st.continuation(R)]
    monads.append(st.writer(M))
    laws = [st.exceptions_over(E, st.state(S)), st.exceptions_over(E, st.writer(M)), st.action_over(M, st.maybe())]
    laws += [st.action_over(M, st.state(S)), st.action_over(M, st.reader(S))]
    adjunction = st.product_exponential(S)
    yield from (*monads, *laws, adjunction, adjunction.monad(), adjunction.comonad())
    yield from (st.coreader(S), st.store(S), st.traced(M))
    yield from (law.composite() for law in laws)
    for monad in monads:
        yield from (Kleisli(monad), EilenbergMoore(monad))


def arbitrary_functors() -> Iterator[Any]:
    """Monad transformers and laws over a functor and monads of which nothing else is known."""
    functor, monad, other = Functor.variable("F"), *(Monad.variable(n, strong=True) for n in ("T", "ABC"))
    yield from (monad, tr.state_transformer(S, monad), tr.reader_transformer(S, monad))
    yield from (tr.writer_transformer(M, monad), tr.exception_transformer(E, monad), tr.product_monad(monad, other))
    yield from (Kleisli(monad), st.exceptions_over(E, monad), st.exceptions_over(E, monad).composite())
    f, g, k = generator("f", A, B), generator("g", B, A), generator("k", A, A)
    involution = (Law("involution", k >> k, ident(A)),)
    yield [
        Law("composition", functor(f) >> functor(g), functor(f >> g)),
        Law("under the functor", functor(k) >> functor(k), ident(functor(A)), involution),
        Law("under the monad", monad.functor(k) >> monad.functor(k), ident(monad.functor(A)), involution),
    ]


def under_binders() -> Iterator[Any]:
    """Thrice is once on two points: as an arrow, for functions, and inside of arguments."""
    two = One + One
    f = generator("f", two, two)
    yield proof(f >> f >> f, f)
    for bit in (two, FinSet(2)):
        functions = bit**bit
        once = pair(fst(functions, bit), ev(bit, bit))
        thrice = curry(once >> once >> ev(bit, bit))
        k, q, g = generator("k", functions, A), generator("q", functions, bit), generator("g", bit, bit)
        yield proof(thrice, ident(functions))
        yield proof(snd(A, functions) >> thrice, snd(A, functions))
        yield proof(thrice >> k, k)
        yield proof(pair(thrice >> q, q), pair(q, thrice >> q))
        yield proof(thrice >> q >> g >> g >> g, q >> g)
        yield proof(curry(fst(functions, A) >> thrice >> q), curry(fst(functions, A) >> q))


def units_and_finite_sets() -> Iterator[Any]:
    """Values of the unit that are no constructors, tables, and the empty set."""
    u, w, h = generator("u", A, One), generator("w", A, One * B), generator("h", One, A)
    turn, g = finite_map(3, 3, [1, 2, 0]), generator("g", A, FinSet(3))
    none = generator("z", A, Zero)
    yield proof(u, terminal(A))
    yield proof(u >> h, terminal(A) >> h)
    yield proof(pair(w >> fst(One, B), w >> snd(One, B)), w)
    yield proof(ident(One**B), curry(terminal((One**B) * B)))
    yield proof(g >> turn >> turn >> turn, g)
    yield proof(turn >> turn >> turn, ident(FinSet(3)))
    yield proof(curry(snd(A, FinSet(3)) >> turn >> turn >> turn), curry(snd(A, FinSet(3))))
    yield proof(none >> initial(B), none >> initial(A) >> generator("k", A, B))


def rewriting() -> Iterator[Any]:
    """Consequences of the axioms of groups, by lemmas that completion found, and by commutativity."""
    g = G.carrier
    x, y = fst(g, g), snd(g, g)
    swap, inverse, unit = pair(y, x), G.inverse, terminal(g) >> G.unit
    yield proof(inverse >> inverse, ident(g), G.given, "inverse of the inverse")
    yield proof(pair(ident(g), inverse) >> G.mult, unit, G.given)
    yield proof(G.mult >> inverse, pair(y >> inverse, x >> inverse) >> G.mult, G.given)
    commutative = Law("commutative", swap >> G.mult, G.mult)
    yield proof(curry(G.mult), curry(swap >> G.mult), [commutative])
    s, t, m = generator("s", A, A * A), generator("t", A, A * A), generator("m", A * A, A)
    turned = s >> pair(snd(A, A), fst(A, A))
    stated = statement(Law("by components", turned >> m, t >> m, (Law("components", turned, t),)))
    by_hand = as_json({"statement": stated, "lemmas": [], "proof": ["rewrite", 0, 0, [["v", 0]], True, ["same"]]})
    replay(by_hand)
    yield by_hand
    for path in sorted(PROBLEMS.glob("*.p")):
        answer = settle(read_problem(path), seconds=20.0)
        if answer.certificate is not None:
            yield as_json(answer.certificate)


def inductions() -> Iterator[Any]:
    """Lists, trees and numerals."""

    def mapping(f: Any, a: Any, b: Any) -> Any:
        source, target = mu(One + a * Id), mu(One + b * Id)
        cons = pair(fst(a, target) >> f, snd(a, target)) >> inr(One, b * target)
        return fold(source, case(inl(One, b * target), cons) >> in_(target))

    f, g, numerals = generator("f", A, B), generator("g", B, C), mu(lambda N: One + N)
    tree = mu(lambda T: A + T * T)
    swap = pair(snd(tree, tree), fst(tree, tree))
    mirror = fold(tree, case(inl(A, tree * tree), swap >> inr(A, tree * tree)) >> in_(tree))
    zero, successor = (i(One, numerals) >> in_(numerals) for i in (inl, inr))
    step = case(curry(snd(One, numerals)), curry(ev(numerals, numerals) >> successor))
    plus = pair(fst(numerals, numerals) >> fold(numerals, step), snd(numerals, numerals)) >> ev(numerals, numerals)
    yield proof(mapping(ident(A), A, A), ident(mu(lambda L: One + A * L)))
    yield proof(mapping(f, A, B) >> mapping(g, B, C), mapping(f >> g, A, C))
    yield proof(mirror >> mirror, ident(tree))
    yield proof(pair(ident(numerals), terminal(numerals) >> zero) >> plus, ident(numerals))
    failing = [as_json(v.certificate) for v in verify(global_failure.statement().laws()[1:4])]
    lambek_law = [as_json(v.certificate) for v in verify(lambek.statement()[2:4])]
    assert "fact" in str(failing)
    assert "absurd" in str(failing)
    assert "unsplit" in str(lambek_law)
    yield from (*failing, *lambek_law)


@functools.cache
def everything() -> tuple[Any, ...]:
    lawful = (*structures(), *arbitrary_functors())
    found = [as_json(v.certificate) for s in lawful for v in verify(s) if v.certificate is not None]
    return (*found, *under_binders(), *units_and_finite_sets(), *rewriting(), *inductions())


@needs_rocq
@pytest.mark.slow
def test_the_export_of_every_proof_compiles_and_rests_on_extensionality_at_most(tmp_path):
    start = time.perf_counter()
    judgement = judge_library(everything(), tmp_path)

    assert judgement.ok, judgement.reason
    assert set(judgement.axioms) == ALLOWED
    assert len(everything()) > 220
    assert time.perf_counter() - start < 60


def test_every_law_of_the_standard_structures_has_a_certificate_to_export():
    lawful = (*structures(), *arbitrary_functors())
    assert [str(v) for s in lawful for v in verify(s) if v.certificate is None] == []


def test_the_script_says_what_the_certificate_does():
    text = export(proof(G.inverse >> G.inverse, ident(G.carrier), G.given, "inverse of the inverse"))

    assert "Theorem theorem0_inverse_of_the_inverse : forall (x" in text
    assert "(* inverse of the inverse *)" in text
    assert "Hypothesis h0 : forall (x" in text
    assert "Lemma lemma5 : " in text
    assert "f_equal (fun " in text
    assert "FunctionalExtensionality" not in text
    assert "Axiom" not in text
    assert "Admitted" not in text


# ---- what must be refused ------------------------------------------------------------------------------------------


def false_statements() -> Iterator[Any]:
    """Certificates whose statement was exchanged for a false one, the proof kept."""
    two = One + One
    f, k = generator("f", two, two), generator("k", A, A)
    sums = proof(f >> f >> f, f)
    sums["statement"]["lhs"] = [";", ["gen", "f"], ["gen", "f"]]
    yield sums
    loop = proof(k >> k, k, [Law("idempotent", k >> k, k)])
    loop["statement"]["rhs"] = ["id"]
    yield loop
    group = proof(G.inverse >> G.inverse, ident(G.carrier), G.given)
    group["statement"]["rhs"] = [";", ["gen", "G.inverse"]]
    yield group
    state = next(as_json(v.certificate) for v in verify(st.state(A)) if v.law == "left unit")
    state["statement"]["dom"] = ["*", ["a", "X"], ["a", "X"]]
    state["statement"]["cod"] = ["^", ["a", "X"], ["a", "A"]]
    state["statement"]["lhs"] = ["cur", ["a", "A"], [";", ["p1"], ["p1"]]]
    state["statement"]["rhs"] = ["cur", ["a", "A"], [";", ["p1"], ["p2"]]]
    yield state
    table = proof(finite_map(3, 3, [1, 2, 0]) >> finite_map(3, 3, [2, 0, 1]), ident(FinSet(3)))
    table["statement"]["lhs"][1][3] = [1, 2, 1]
    yield table


@needs_rocq
@pytest.mark.parametrize("number", range(5))
def test_a_false_statement_is_exported_and_refused_by_coqc(number, tmp_path):
    cert = list(false_statements())[number]
    with pytest.raises(Rejected):
        replay(cert)
    judgement = judge(cert, tmp_path)

    assert judgement.status == "refused"
    assert judgement.reason.startswith("coqc refuses it: ")
    assert (tmp_path / "Certificates.v").exists()


def without(cert: Any, change: Any) -> Any:
    cert = copy.deepcopy(cert)
    change(cert)
    return cert


@needs_rocq
def test_mutated_steps_are_refused(tmp_path):
    """A proof without its hypotheses, with a wrong case, a wrong point or a wrong direction proves nothing."""
    swap = pair(snd(A, A), fst(A, A))
    m, f = generator("m", A * A, A), generator("f", A, A)
    good = proof(swap >> m >> f, m >> f, [Law("commutative", swap >> m, m)])
    t = generator("t", One + One, One + One)
    two = proof(t >> case(inl(One, One), inr(One, One)), t)
    assert good["proof"][0] == "rewrite"
    assert two["proof"][0] == "split"
    mutants = [
        without(good, lambda c: c["statement"].update(given=[])),
        without(good, lambda c: c["proof"].__setitem__(5, ["same"]) or c["proof"].__setitem__(1, 1 - c["proof"][1])),
        without(good, lambda c: c["proof"][3].reverse()),
        without(good, lambda c: c.update(proof=["same"])),
        without(two, lambda c: c["proof"][2].pop()),
        without(two, lambda c: c.update(proof=["same"])),
    ]
    statuses = [judge(mutant, tmp_path).status for mutant in mutants]
    kernel = []
    for mutant in mutants:
        try:
            replay(mutant)
            kernel.append("accepted")
        except Rejected:
            kernel.append("refused")

    assert judge_library([good, two], tmp_path).ok
    assert statuses == kernel
    assert statuses.count("refused") >= 4


@needs_rocq
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Axiom wrong : forall P : Prop, P.\nTheorem x : 0 = 1. Proof. apply wrong. Qed.\n", "other axioms: "),
        ("Unset Universe Checking.\nDefinition t : Type := Type.\n", "The checker is told to assume something"),
        ("Unset Guard Checking.\nFixpoint f (n : nat) : False := f n.\n", "The checker is told to assume something"),
        ("Theorem x : 0 = 1. Admitted.\n", "other axioms: "),
        ("Theorem x : 0 = 1. reflexivity. Qed.\n", "coqc refuses it: "),
    ],
)
def test_the_judge_tells_what_a_file_assumes(tmp_path, text, why):
    (tmp_path / "File.v").write_text(text, encoding="utf-8")
    judgement = judge_file(tmp_path / "File.v")

    assert judgement.status == "refused"
    assert why in judgement.reason


@needs_rocq
def test_a_proof_that_takes_too_long_is_refused(tmp_path):
    (tmp_path / "File.v").write_text("Goal True. repeat (assert True by exact I). Qed.\n", encoding="utf-8")
    judgement = judge_file(tmp_path / "File.v", seconds=1.0)

    assert judgement.status == "refused"
    assert "it was not finished after 1 seconds" in judgement.reason


def test_without_rocq_nothing_is_claimed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    judgement = judge(proof(ident(A), ident(A)), tmp_path)

    assert judgement.status == "unavailable"
    assert not judgement.ok
    assert judgement.reason == "coqc and coqchk cannot be found; Debian's package coq has them."


@pytest.mark.parametrize("value", [{}, [], None, 3, {"statement": {}}, {"statement": 1, "lemmas": [], "proof": []}])
def test_what_is_no_certificate_has_no_file(value, tmp_path):
    with pytest.raises(Unexportable, match=r"malformed \("):
        export(value)
    assert judge(value, tmp_path).status == "refused"
    assert list(tmp_path.iterdir()) == []


def test_very_large_finite_sets_are_not_written_out():
    with pytest.raises(Unexportable, match="A finite set of 5000 elements is not written out; at most 1000 are"):
        export(proof(ident(FinSet(5000)) * ident(A), ident(FinSet(5000) * A)))


# ---- names ---------------------------------------------------------------------------------------------------------

HOSTILE = [
    'x". Axiom bad : False. (*',
    "*) Axiom bad : False. (*",
    "(* (* (*",
    '"',
    "fun",
    "Qed.\nAxiom bad : False.",
    "\u202eabc",
    "(*)",
    "",
    "1",
    "∀",
    "first",
    "tt",
    "unit",
    "x0",
    "h0",
    "A0",
    "product",
]


def renamed(cert: Any, names: dict[str, str]) -> Any:
    if isinstance(cert, dict):
        return {names.get(key, key): renamed(value, names) for key, value in cert.items()}
    if isinstance(cert, list):
        return [renamed(part, names) for part in cert]
    return names.get(cert, cert) if isinstance(cert, str) else cert


@needs_rocq
def test_hostile_names_cannot_say_anything_to_rocq(tmp_path):
    swap = pair(snd(X, X), fst(X, X))
    mult, used = generator("mult", X * X, X), generator("used", X, X)
    plain = proof(swap >> mult >> used, mult >> used, [Law("commutative", swap >> mult, mult)], "law")
    certificates = []
    for i, name in enumerate(HOSTILE):
        other = HOSTILE[(i + 1) % len(HOSTILE)]
        cert = renamed(plain, {"mult": name, "used": other, "X": name, "law": name})
        replay(cert)
        certificates.append(cert)
    judgement = judge_library(certificates, tmp_path)

    assert judgement.ok, judgement.reason
    assert judgement.axioms == ()
    text = (tmp_path / "Certificates.v").read_text(encoding="utf-8")
    assert not any(line.lstrip().startswith("Axiom") for line in text.splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_comments_and_identifiers_are_harmless(name):
    inside = comment(name).removeprefix("(* ").removesuffix(" *)")

    assert "(*" not in inside
    assert "*)" not in inside
    assert '"' not in inside
    assert "\n" not in inside
    assert identifier("g", 7, name).startswith("g7")
    assert identifier("g", 7, name).isidentifier()
    assert identifier("g", 7, name).isascii()


def test_a_library_is_written_whole(tmp_path):
    certificates = [proof(ident(A), ident(A)), proof(ident(B), ident(B))]
    write_library(certificates, tmp_path / "Library.v")

    assert (tmp_path / "Library.v").read_text(encoding="utf-8") == library(certificates)
    assert [path.name for path in tmp_path.iterdir()] == ["Library.v"]


@needs_rocq
def test_a_library_compiles_by_hand(tmp_path):
    write_library([proof(ident(A), ident(A))], tmp_path / "Library.v")
    done = subprocess.run(["coqc", "-q", "Library.v"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_rocq
@pytest.mark.slow
def test_a_question_about_a_component_of_a_fold_is_answered_in_rocq(tmp_path):
    """P69: the right unit rests on which case ``π₁ (fold …)`` is in."""
    law = next(law for law in mini.statement().laws() if law.name == "right unit")

    judgement = judge(prove(law).certificate, tmp_path)
    assert judgement.ok, judgement.reason
