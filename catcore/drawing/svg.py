"""SVG as values: an element is its name, its attributes and its children, and every text in it is escaped.

What is drawn may carry a stranger's names, so nothing reaches the picture unescaped, and characters that XML does not
know are replaced.

>>> print(element("text", "a < b", x=1.50, text_anchor="middle"))
<text x="1.5" text-anchor="middle">a &lt; b</text>
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_UNKNOWN_TO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Markup(str):
    """Text that is SVG already and is not escaped again."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """An element; ``text_anchor`` names the attribute ``text-anchor``, and an attribute None is left out."""
    said = "".join(f" {key.replace('_', '-')}={_quoted(x)}" for key, x in attributes.items() if x is not None)
    inside = "".join(child if isinstance(child, Markup) else escape(known(child)) for child in children)
    return Markup(f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>")


def picture(width: float, height: float, title: str, *children: str) -> Markup:
    """A whole picture, which scales with the page and says its title to those who cannot see it."""
    return element(
        "svg",
        element("title", title),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        font_family="'DejaVu Sans', Verdana, Helvetica, sans-serif",
    )


def known(text: str) -> str:
    """The text with a replacement character for each one that XML does not know."""
    return _UNKNOWN_TO_XML.sub("\ufffd", text)


def number(x: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{x:.2f}".rstrip("0").rstrip(".")


def _quoted(x: str | float) -> str:
    return quoteattr(known(x)) if isinstance(x, str) else f'"{number(x)}"'
