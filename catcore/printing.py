"""How terms are written: as on a board, or as LaTeX.  Composition is written in diagrammatic order, ``f ; g``."""

from __future__ import annotations

from catcore.expressions import escape
from catcore.terms import Action, Arrow, Component, Composite, FiniteMap, Generator, Tensor

_UNICODE = {
    "Fst": "π₁", "Snd": "π₂", "Inl": "ι₁", "Inr": "ι₂", "Terminal": "!", "Initial": "¡", "Ev": "ev", "Braid": "σ",
    "Distribute": "δ", "In": "in", "Out": "out", "Pair": "⟨{}, {}⟩", "Case": "[{}, {}]", "Curry": "Λ({})",
    "Strength": "τ",
    "Fold": "⦇{}⦈", "Unfold": "〖{}〗", "Tensor": "{} ⊗ {}", "Identity": "id",
}  # fmt: skip
_LATEX = {
    "Fst": r"\pi_1", "Snd": r"\pi_2", "Inl": r"\iota_1", "Inr": r"\iota_2", "Terminal": "!", "Initial": "¡",
    "Ev": r"\mathrm{ev}", "Braid": r"\sigma", "Distribute": r"\delta", "In": r"\mathrm{in}", "Out": r"\mathrm{out}",
    "Pair": r"\langle {}, {} \rangle", "Case": "[{}, {}]", "Curry": r"\Lambda({})", "Fold": r"(\!| {} |\!)",
    "Unfold": r"[\!( {} )\!]", "Tensor": r"{} \otimes {}", "Identity": r"\mathrm{id}",
}  # fmt: skip


#: Terms of more formers, counting shared ones as often as they occur, are written with names for what is shared.
LONG = 60


def shown(f: Arrow, *, latex: bool) -> str:
    """A term as text, or as LaTeX.

    A long text in which much would be repeated is written at an element instead, see :mod:`catcore.listing`.
    """
    from catcore.listing import listing

    if latex or not _repeats(f):
        return tree(f, latex=latex)
    try:
        return listing(f)
    except RecursionError:  # a hundred case distinctions inside each other have no readable text anyway
        return tree(f, latex=False)


def _repeats(f: Arrow) -> bool:
    """Whether a term is large, and more than twice its graph; a comb over one arrow is not."""
    from catcore.arrows import formers, subterms

    size = formers(f)
    return size > LONG and size > 2 * sum(1 for _ in subterms(f))


def tree(f: Arrow, *, latex: bool) -> str:
    """A term as text, or as LaTeX, former by former."""
    match f:
        case Composite():
            return (r" \mathbin{;} " if latex else " ; ").join(_factor(g, latex) for g in f.args)
        case Generator():
            return escape(f.name) if latex else f.name
        case FiniteMap():
            return _table(f.args[2], r"\;" if latex else " ")
        case Action():
            head = f.functor.latex() if latex else str(f.functor)
            head = head if f.functor.symbols and head.isalnum() else f"({head})"
            return f"{head}({', '.join(tree(g, latex=latex) for g in f.args[1:])})"
        case Component():
            symbol, at = f.args
            return f"{escape(str(symbol))}_{{{at.latex()}}}" if latex else f"{symbol}[{at}]"
    name = getattr(f, "name", None)
    if isinstance(name, str):  # a generator of some signature
        return escape(name) if latex else name
    template = (_LATEX if latex else _UNICODE).get(type(f).__name__, type(f).__name__)
    parts = [
        _factor(a, latex) if isinstance(f, Tensor) else tree(a, latex=latex) for a in f.args if isinstance(a, Arrow)
    ]
    first, *rest = template.split("{}")
    return first + "".join(part + text for part, text in zip(parts, rest, strict=True))


def _table(values: tuple[int, ...], space: str) -> str:
    """The values of a finite map; a long table is cut."""
    shown = [str(v) for v in values[:24]] + [f"… {len(values)} values"] * (len(values) > 24)
    return f"[{space.join(shown)}]"


def _factor(f: Arrow, latex: bool) -> str:
    text = tree(f, latex=latex)
    return f"({text})" if isinstance(f, Tensor | Composite) else text
