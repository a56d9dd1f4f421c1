"""Elements of HTML. Whatever was not made here is text, and is escaped: knowledge bases are written by others."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_VOID = {"br", "col"}


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


def joined(*children: str) -> Html:
    """Children one after the other, those escaped that are no HTML."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def element(name: str, *children: str, **attributes: str) -> Html:
    """An element. `class_` is the attribute `class`, `aria_hidden` is `aria-hidden`."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    closing = "" if name in _VOID else f"{joined(*children)}</{name}>"
    return Html(f"<{name}{said}>{closing}")


def number(text: str, *before: Html) -> Html:
    """A cell that holds a number, perhaps with a decoration before it."""
    return element("td", *before, element("span", text), class_="number")


def row(*cells: str, class_: str = "") -> Html:
    """A row. A cell that is no `td` or `th` yet becomes a `td`."""
    return element("tr", *(_cell(cell) for cell in cells), class_=class_)


def _cell(cell: str) -> Html:
    is_cell = isinstance(cell, Html) and cell.startswith(("<td", "<th"))
    return Html(cell) if is_cell else element("td", cell)


def table(caption: str, heads: Sequence[str], rows: Iterable[Html], *, foot: Html | None = None) -> Html:
    """A table with a caption and a head. A head that begins with `#` stands over numbers."""
    head = [
        element("th", name.removeprefix("#"), scope="col", class_="number" if name.startswith("#") else "")
        for name in heads
    ]
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            *([element("tfoot", foot)] if foot else []),
        ),
        class_="wide",
    )


def folded(summary: str, *inside: str) -> Html:
    """What is shown when somebody opens it."""
    return element("details", element("summary", summary), *inside)


def items(texts: Iterable[str]) -> Html:
    """A list."""
    return element("ul", *(element("li", text) for text in texts))
