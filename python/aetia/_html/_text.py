"""A page as text: what it says, line by line, for terminals and for readers who want no tables."""

from __future__ import annotations

from html.parser import HTMLParser
from textwrap import fill

_WIDTH = 100
# What ends a line where it begins or ends. Cells of a table stand in one.
_BLOCKS = frozenset({"p", "tr", "caption", "table"})
_CELLS = frozenset({"td", "th"})
# What says nothing that stands nowhere else: rules of style, and the heads of folded tables, which have captions.
_SILENT = frozenset({"style", "summary"})


def text_of(page: str) -> str:
    """What a page of HTML says, in its order. Rows of a table have a line each, with a dot between cells."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return "\n".join(reader.lines)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._cells: list[str] = [""]
        self._is_silent = False
        self._is_row = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (none is text)
        self._is_silent = tag in _SILENT
        if tag in _BLOCKS:
            self._end()
            self._is_row = tag == "tr"
        elif tag in _CELLS:
            self._cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_silent = False
        if tag in _BLOCKS:
            self._end(is_head=tag == "caption")
            if tag == "table":
                self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self._cells[-1] += data

    def _said(self) -> str:
        return " · ".join(" ".join(cell.split()) for cell in self._cells if cell.strip())

    def _end(self, *, is_head: bool = False) -> None:
        said = self._said()
        if said:
            indent = "  " if self._is_row else ""
            end = ":" if is_head else ""
            self.lines.append(fill(said + end, _WIDTH, initial_indent=indent, subsequent_indent=2 * indent))
        self._cells = [""]
        self._is_row = False
