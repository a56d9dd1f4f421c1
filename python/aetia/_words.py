"""Numbers as the core prints them, for pages and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._aetia import LogOdds, Weight

# 11, 12 and 13 are spoken as whole words, whatever their last digit.
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
# Beyond these a ratio is read more easily as a power of ten.
_PLAIN = (0.001, 10_000)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(probability: float | None) -> str:
    """A probability in percent, with one decimal, as results print it.

    It is never certain: `< 0.1 %` and `> 99.9 %` stand at the ends. None, the
    posterior of an excluded cause, reads `excluded`.

        >>> import aetia
        >>> aetia.percent(0.117), aetia.percent(0.99999)
        ('11.7 %', '> 99.9 %')
    """
    if probability is None:
        return "excluded"
    hundredths, smallest = probability * 100, 0.1
    if hundredths < smallest:
        return f"< {smallest:.1f} %"
    if hundredths > 100 - smallest:
        return f"> {100 - smallest:.1f} %"
    return f"{hundredths:.1f} %"


# Under this name inside the package, where a probability is what is spoken of.
probability = percent


def decibans(weight: Weight | LogOdds) -> str:
    """A weight or a position in decibans, with its sign and unit, in the core's own words."""
    return str(weight)


def ratio(value: float) -> str:
    """A likelihood ratio or odds, with three significant digits."""
    least, most = _PLAIN
    if least <= value < most:
        return f"{value:#.3g}".removesuffix(".")
    digits, power = f"{value:.2e}".split("e")
    return f"{digits} · 10{str(int(power)).translate(_SUPERSCRIPTS)}"


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
