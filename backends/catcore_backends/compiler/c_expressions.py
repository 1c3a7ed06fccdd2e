"""Operations entry by entry as expressions of C, for compilers of kernels.

Reals have the type ``T``, which is ``float`` or ``double``.  The functions are those of C, which CUDA has for both
types; where the array API says more about NaN and infinity than C's operators do, the expression does.  A compiler may
contract a product and a sum into one operation, so results can differ in the last bit from those of NumPy.

>>> in_c("xp.tanh(v0) * 2.0", {"v0": "T"})
('(tanh(v0) * T(2.0))', 'T')
>>> in_c("v0 > 0", {"v0": "T"})
('(v0 > T(0))', 'bool')
>>> in_c("xp.sum(v0)", {"v0": "T"}) is None
True
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Literal

#: Reals of the common type, truth values, and numbers of the program, which take the type of what they stand beside.
Kind = Literal["T", "bool", "number"]
#: A C expression and what it gives.
Term = tuple[str, Kind]

#: Functions of one real that C has under the same name.
_SAME = frozenset(
    "acos acosh asin asinh atan atanh ceil cos cosh exp expm1 floor log log1p log2 log10 sin sinh sqrt tan tanh "
    "trunc".split()
)
#: Other functions of reals, of arguments that are names or numbers.
_REAL = {
    "abs": "fabs({0})",
    "atan2": "atan2({0}, {1})",
    "conj": "{0}",
    "divide": "({0} / {1})",
    "hypot": "hypot({0}, {1})",
    "logaddexp": "({0} == {1} ? {0} + log(T(2)) : {0} > {1} ? {0} + log1p(exp({1} - {0})) : "
    "{1} + log1p(exp({0} - {1})))",
    "maximum": "({0} != {0} || {0} > {1} ? {0} : {1})",
    "minimum": "({0} != {0} || {0} < {1} ? {0} : {1})",
    "negative": "(-{0})",
    "pow": "pow({0}, {1})",
    "round": "rint({0})",
    "sign": "({0} != {0} ? {0} : T(({0} > T(0)) - ({0} < T(0))))",
    "square": "({0} * {0})",
    "ones_like": "T(1)",
    "zeros_like": "T(0)",
}
#: Tests of reals.
_TESTS = {f"is{word}": f"bool(is{word}({{0}}))" for word in ("finite", "inf", "nan")} | {
    "equal": "({0} == {1})",
    "greater": "({0} > {1})",
    "greater_equal": "({0} >= {1})",
    "less": "({0} < {1})",
    "less_equal": "({0} <= {1})",
    "not_equal": "({0} != {1})",
}
_LOGIC = {"logical_and": "({0} && {1})", "logical_or": "({0} || {1})", "logical_not": "(!{0})"}
_SIGNS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ORDERS: dict[type[ast.AST], str] = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}


def in_c(text: str, kinds: Mapping[str, Kind]) -> Term | None:
    """A Python expression over ``xp`` in C; None where it does not act entry by entry, or on names of unknown kind."""
    try:
        return _term(ast.parse(text, mode="eval").body, kinds)
    except _NotEntrywise:
        return None


class _NotEntrywise(Exception):
    """The expression is something else."""


def _term(node: ast.expr, kinds: Mapping[str, Kind]) -> Term:
    match node:
        case ast.Name(id=name) if name in kinds:
            return name, kinds[name]
        case ast.Constant() | ast.Call(func=ast.Name(id="float")) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return _number(ast.unparse(node)), "number"
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return _real("negative", [_term(x, kinds)])
        case ast.UnaryOp(op=ast.Invert(), operand=x):
            return _logic("logical_not", [_term(x, kinds)])
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            return _real("pow", [_term(a, kinds), _term(b, kinds)])
        case ast.BinOp(left=a, op=ast.BitAnd() | ast.BitOr() as op, right=b):
            word = "logical_and" if isinstance(op, ast.BitAnd) else "logical_or"
            return _logic(word, [_term(a, kinds), _term(b, kinds)])
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _SIGNS:
            left, right = _reals([_term(a, kinds), _term(b, kinds)])
            return f"({left} {_SIGNS[type(op)]} {right})", "T"
        case ast.Compare(left=a, ops=[op], comparators=[b]) if type(op) in _ORDERS:
            return _test(_ORDERS[type(op)], [_term(a, kinds), _term(b, kinds)])
        case ast.Call(func=ast.Attribute(value=ast.Name(id="xp"), attr=word), args=args, keywords=[]):
            return _call(word, [_term(x, kinds) for x in args])
    raise _NotEntrywise


def _call(word: str, terms: list[Term]) -> Term:
    if word in _SAME or word in _REAL:
        return _real(word, terms)
    if word in _TESTS:
        return _test(word, terms)
    if word in _LOGIC:
        return _logic(word, terms)
    if word == "where" and len(terms) == 3 and terms[0][1] == "bool":
        left, right = _reals(terms[1:])
        return f"({terms[0][0]} ? {left} : {right})", "T"
    raise _NotEntrywise


def _reals(terms: list[Term]) -> list[str]:
    """Texts of reals, one of which at least is an array."""
    if any(kind == "bool" for _, kind in terms) or all(kind == "number" for _, kind in terms):
        raise _NotEntrywise
    return [text for text, _ in terms]


def _real(word: str, terms: list[Term]) -> Term:
    texts = _reals(terms)
    if word == "pow" and texts[1:] in (["T(2)"], ["T(2.0)"]):
        word, texts = "square", texts[:1]
    return (f"{word}({texts[0]})" if word in _SAME and len(texts) == 1 else _filled(_REAL.get(word), texts)), "T"


def _test(word: str, terms: list[Term]) -> Term:
    return _filled(_TESTS[word], _reals(terms)), "bool"


def _logic(word: str, terms: list[Term]) -> Term:
    if any(kind != "bool" for _, kind in terms):
        raise _NotEntrywise
    return _filled(_LOGIC[word], [text for text, _ in terms]), "bool"


def _filled(template: str | None, texts: list[str]) -> str:
    """A template with its holes filled, if there are as many texts; one that repeats a hole wants names and numbers."""
    last = -1 if template is None else max((k for k in range(3) if f"{{{k}}}" in template), default=0)
    repeats = template is not None and any(template.count(f"{{{k}}}") > 1 for k in range(2))
    if template is None or last + 1 != len(texts) or (repeats and any("(" in t and t[:2] != "T(" for t in texts)):
        raise _NotEntrywise
    return template.format(*texts)


def _number(text: str) -> str:
    try:
        value = float(text) if "float(" not in text else float(text.split("'")[1])
    except (ValueError, IndexError):
        raise _NotEntrywise from None
    exact = not text.removeprefix("-").isdecimal() or abs(int(text)) <= 2**53  # an integer that a double holds
    if math.isnan(value) or not exact:
        raise _NotEntrywise
    if math.isinf(value):
        return "(-log(T(0)))" if value > 0 else "log(T(0))"
    return f"T({text})"
