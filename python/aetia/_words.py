"""Numbers as the core prints them, for pages and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._aetia import percent, ratio

if TYPE_CHECKING:
    from ._aetia import LogOdds, Weight

__all__ = ["counted", "decibans", "lower_first", "ordinal", "percent", "probability", "ratio"]

# 11, 12 and 13 are spoken as whole words, whatever their last digit.
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
# Under this name inside the package, where a probability is what is spoken of.
probability = percent


def decibans(weight: Weight | LogOdds) -> str:
    """A weight or a position in decibans, with its sign and unit, in the core's own words."""
    return str(weight)


def ordinal(n: int) -> str:
    """A rank in a sentence: `1st`, `2nd`, `11th`."""
    ending = "th" if n % 100 in _TEENS else _ENDINGS.get(n % 10, "th")
    return f"{n}{ending}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """So many of something: `1 flag`, `2 flags`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def lower_first(title: str) -> str:
    """A title inside a sentence: its first letter small, unless it begins a name or an abbreviation."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
