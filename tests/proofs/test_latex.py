"""Certificates as LaTeX: complete, escaped, well nested, and cut with a count where they are long."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest

from catcore import Group, Law, Monad, One, atoms, case, fold, fst, generator, ident, in_, inl, inr, mu, pair, snd
from catcore.errors import BadSpecification
from catcore.structures.standard import state, writer
from catcore.structures.transformers import state_transformer
from catcore_proofs import prove, verify
from catcore_proofs.latex import escape, latex, write_latex
from tests.benchmarks.challenges.exotic import global_failure
from tests.proofs.test_rocq import HOSTILE, proof, renamed

A, S = atoms("A S")
G = Group.variable("G")
LIST = mu(lambda L: One + A * L)


def theorems():
    two = One + One
    f = generator("f", two, two)
    yield proof(f >> f >> f, f)
    yield proof(G.inverse >> G.inverse, ident(G.carrier), G.given, "twice")
    again = case(inl(One, A * LIST), inr(One, A * LIST)) >> in_(LIST)
    yield proof(fold(LIST, again), ident(LIST))
    yield from (verdict.certificate for verdict in verify(global_failure.statement().laws()[1:4]))
    structures = state(S), Monad.variable("T"), state_transformer(S, Monad.variable("T", strong=True))
    yield from (verdict.certificate for structure in structures for verdict in verify(structure))


def check(text: str) -> None:
    """ASCII, balanced braces and environments, and dollars in pairs."""
    assert text.isascii()
    assert text.startswith("\\documentclass{article}")
    assert text.endswith("\\end{document}\n")
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    bare = re.sub(r"\\[{}$\\]", "", text.replace("\\\\\n", "\n"))
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert not re.search(r"[%#~]", bare.replace("\\%", "").replace("\\#", ""))


def test_proofs_are_well_formed_articles():
    for certificate in theorems():
        check(latex(certificate))


def test_cases_chains_lemmas_and_inductions_are_told():
    thrice, group, induction, *_ = (latex(certificate) for certificate in theorems())

    assert r"\textbf{Case 1.} $x_{1} = \iota_1(\ast)$." in thrice
    assert r"\textbf{Case 2.1.} $f(\iota_2(\ast)) = \iota_1(\ast)$." in thrice
    assert r"\begin{theorem}[{twice}]" in group
    assert r"\item[(H1)] $" in group
    assert r"&& \text{by (H" in group
    assert r"&& \text{by Lemma " in group
    assert group.count(r"\begin{lemma}") > 3
    assert r"By induction on $x_{1}$: let it be $\mathrm{in}(x_{2})$" in induction
    assert r"\text{by the induction hypothesis}" in induction


def test_one_chain_leads_from_the_left_to_the_right_side():
    f, g = generator("f", A, A), generator("g", A, A)
    law = Law("same", f, g)
    text = latex(prove(f >> f, g >> f, given=[law]).certificate)

    (chain,) = re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end", text, re.DOTALL)
    assert chain.splitlines()[0].startswith(r"&\phantom{=} f(f(x_{1}))")
    assert chain.splitlines()[-1].startswith(r"&= f(g(x_{1}))") or "g(f(x_{1}))" in chain.splitlines()[-1]


@pytest.mark.parametrize(
    "name", [*HOSTILE, r"\input{secret}", "a_b^c", "$x$", "100%", "#1", "{", "}", "~", "&", "μ", "日本"]
)
def test_names_are_escaped(name):
    swap = pair(snd(A, A), fst(A, A))
    mult, used = generator("mult", A * A, A), generator("used", A, A)
    plain = proof(swap >> mult >> used, mult >> used, [Law("commutative", swap >> mult, mult)], "law")
    text = latex(renamed(plain, {"mult": name, "A": name, "law": name}))

    check(text)
    assert "\\input{" not in text


def test_escapes():
    assert escape(r"\a{b}$_^") == r"\textbackslash{}a\{b\}\$\_\textasciicircum{}"
    assert escape("μ\n日") == r"\ensuremath{\mu} \texttt{U+65E5}"


def test_long_proofs_are_cut_with_a_count():
    certificate = proof(G.inverse >> G.inverse, ident(G.carrier), G.given, "twice")
    whole, cut, bare = (latex(certificate, steps=steps) for steps in (400, 3, 0))

    assert "left out" not in whole
    check(cut)
    assert re.search(r"A further \d+ lemmas are left out; the certificate has them\.", cut)
    assert re.search(r"The remaining \d+ steps are left out; the certificate has them\.", cut)
    assert r"\begin{theorem}[{twice}]" in bare
    assert len(bare) < len(cut) < len(whole)


def test_what_proves_nothing_is_not_told():
    certificate = proof(ident(A), ident(A))
    certificate["statement"]["lhs"] = ["p1"]
    with pytest.raises(BadSpecification, match="the certificate proves nothing: the term 'p1' does not apply"):
        latex(certificate)
    values: list[Any] = [{}, None, {"statement": {}}]
    for value in values:
        with pytest.raises(BadSpecification, match=r"the certificate is malformed \("):
            latex(value)


def test_a_wrong_proof_is_not_told():
    certificate = proof(G.inverse >> G.inverse, ident(G.carrier), G.given)
    certificate["statement"]["given"].pop(0)
    with pytest.raises(BadSpecification, match="the certificate proves nothing"):
        latex(certificate)


def test_it_is_written_to_a_file(tmp_path):
    certificate = verify(writer(G))["associativity"].certificate
    write_latex(certificate, tmp_path / "proof.tex")

    assert (tmp_path / "proof.tex").read_text(encoding="ascii") == latex(certificate)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_it_compiles(tmp_path):
    for i, certificate in enumerate(theorems()):
        write_latex(certificate, tmp_path / f"p{i}.tex")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"p{i}.tex"],
            cwd=tmp_path, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
