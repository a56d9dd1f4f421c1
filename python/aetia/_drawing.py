"""Where things stand in pictures: axes, rows of labels, ticks of probability. Nothing here knows of results."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes

# Okabe and Ito (2008): eight colours that colour-blind readers can tell apart. These three show on black and on white.
BLUE, ORANGE, PURPLE = "#0072B2", "#E69F00", "#CC79A7"
HATCH = "////"

# In points, unless a row is too low for it; below the least nobody can read.
_FONT, _LEAST_FONT = 9.0, 6.0
# A line takes so much of its font's size, and a letter so much of it on average.
_LINE, _LETTER = 1.3, 0.54
_POINTS = 72
# Inches of a picture made here.
_WIDTH, _ROW, _AROUND = 9.0, 0.52, 1.7
# Letters of a row's label and of its note, and lines of the label.
_LABEL, _NOTE, _LINES = 40, 48, 2
# Letters of a title where axes are so small that nothing can be read anyway.
_LEAST_TITLE = 12

# Labels of rows take from the width of axes when they are laid out; about so much is left.
_WIDTH_LEFT = 0.75
# The share of a figure's height that matplotlib gives to axes before it lays them out.
_HEIGHT_BEFORE = 0.77
# Points between the centres of two ticks on a horizontal and on an upright axis.
_APART = (38, 11)
# Inches of an entry of a key, and points of a line of it.
_ENTRY, _KEY = 1.4, 15

# The ticks of published nomograms, in percent; those said first are kept where there is no room for all.
_PERCENTS = (
    *("50", "10", "90", "1", "99", "0.1", "99.9", "30", "70", "5", "95", "20", "80", "2", "98", "0.5", "99.5"),
    *("0.2", "99.8", "40", "60", "0.01", "99.99", "0.001", "99.999", "0.0001", "99.9999"),
)
_RATIOS = (
    *("1", "10", "0.1", "100", "0.01", "1000", "0.001", "5", "0.2", "2", "0.5", "50", "0.02", "20", "0.05"),
    *("500", "0.002", "200", "0.005", "10000", "0.0001", "100000", "0.00001", "1000000", "0.000001"),
)


def axes(ax: Axes | None, rows: float, *, width: float = _WIDTH) -> Axes:
    """The axes to draw on: those given, or those of a new figure with room for so many rows.

    Raises:
        ImportError: matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot as plt  # noqa: PLC0415 (the package needs Python and nothing else)
    except ImportError as error:
        message = "pictures need matplotlib: pip install matplotlib, or pip install '.[plot]' in the repository"
        raise ImportError(message) from error
    _, made = plt.subplots(figsize=(width, _AROUND + rows * _ROW), layout="constrained")
    return made


def foreground(ax: Axes) -> str:
    """The colour of text, which shows on the background whatever the style."""
    return str(ax.title.get_color())


def cut(text: str, most: int) -> str:
    """A text of at most so many letters, with an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def lines(text: str, letters: int = _LABEL, most: int = _LINES) -> str:
    """A text broken at words into a few lines, with an ellipsis where something is missing."""
    unbroken = text
    for bound in (" dB", " %", "< ", "> "):
        unbroken = unbroken.replace(bound, bound.replace(" ", "\N{NO-BREAK SPACE}"))
    return literal("\n".join(wrap(unbroken, letters, max_lines=most, placeholder="…")))


def room(ax: Axes) -> tuple[float, float]:
    """Width and height of axes in points, when everything beside them has taken its share."""
    box = ax.get_window_extent().transformed(ax.figure.dpi_scale_trans.inverted())
    height = min(box.height, max(box.height / _HEIGHT_BEFORE - _AROUND, box.height / 2))
    return box.width * _POINTS * _WIDTH_LEFT, height * _POINTS


def letters(ax: Axes, size: float, share: float = 1.0) -> int:
    """How many letters of a size have room across so large a share of axes."""
    width, _ = room(ax)
    return int(share * width / (size * _LETTER))


def apart(ax: Axes) -> tuple[float, float]:
    """How far apart ticks with numbers must be: across and upright, as shares of the axes."""
    width, height = room(ax)
    return _APART[0] / width, _APART[1] / height


def literal(text: str) -> str:
    """A text that matplotlib does not take for a formula."""
    return text.replace("$", r"\$")


def title(ax: Axes, text: str, *, pad: float = 6, share: float = 1.0) -> None:
    """A title in one or two lines, over so large a share of the room."""
    size = 11
    most = max(_LEAST_TITLE, letters(ax, size, share))
    ax.set_title(lines(text, most), fontsize=size, loc="left", pad=pad)


def rows(ax: Axes, labels: Sequence[str], notes: Sequence[str] | None = None) -> float:
    """Labels of rows, first at the top, each perhaps with a note below it. Returns the size of font they have room for.

    Labels are broken into lines. Where rows are too low for that, each has one line.
    """
    ax.set_ylim(len(labels) - 0.45, -0.55)
    _, height = room(ax)
    below = ["\n" + lines(note, _NOTE, 1) if note else "" for note in notes or [""] * len(labels)]
    size, texts = 0.0, list(labels)
    for most in range(_LINES, 0, -1):
        texts = [lines(label, _LABEL, most) + note for label, note in zip(labels, below, strict=True)]
        high = max(text.count("\n") + 1 for text in texts)
        size = min(_FONT, height / (len(labels) + 0.1) / (high * _LINE))
        if size >= _LEAST_FONT:
            break
    size = max(size, _LEAST_FONT)
    ax.set_yticks(range(len(labels)), labels=texts, fontsize=size)
    ax.tick_params(axis="y", length=0, pad=7)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return size


def column(ax: Axes, texts: Iterable[str], size: float, head: str = "") -> None:
    """A column of texts to the right of the rows, perhaps with what they are below them."""
    if head:
        # Below the column: above it stand the numbers of an upper axis.
        place = (9, -17)
        ax.annotate(
            head, (1, 0), place, xycoords="axes fraction", textcoords="offset points", va="top", fontsize=_FONT - 1
        )
    for at, text in enumerate(texts):
        ax.annotate(
            literal(text),
            (1, at),
            (9, 0),
            xycoords=ax.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            fontsize=size,
        )


def key(ax: Axes, entries: int) -> float:
    """The key of forms and colours, between title and rows. Returns how many points the title must leave for it."""
    width, _ = room(ax)
    half = (entries + 1) // 2
    columns = entries if width / _WIDTH_LEFT >= entries * _ENTRY * _POINTS else half
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        frameon=False,
        fontsize=_FONT - 1,
        borderaxespad=0.2,
        borderpad=0.2,
        handlelength=1.6,
        columnspacing=1.4,
    )
    return 9.0 + _KEY * math.ceil(entries / columns)


def percents(ax: Axes, most: float) -> None:
    """An axis of probabilities from 0, a little further than the largest. Its ticks are bare numbers of percent."""
    top = min(1.01, most * 1.08)
    steps = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
    ticks = 6
    step = next((step for step in steps if top / step <= ticks), steps[-1])
    at = [n * step for n in range(int(top / step) + 1)]
    ax.set_xticks(at, labels=[f"{100 * it:g}" for it in at], fontsize=_FONT)
    ax.set_xlim(0, top)
    ax.set_xlabel("probability (%)", fontsize=_FONT)
    ax.xaxis.grid(visible=True, alpha=0.25)
    ax.set_axisbelow(True)


def position(percent: float) -> float:
    """Where a tick of so many percent stands on a scale of decibans."""
    return 10 * math.log10(percent / (100 - percent))


def probability_ticks(low: float, high: float, apart: float) -> list[tuple[float, str]]:
    """Ticks of probability between two positions in decibans; those nearer to another than `apart` have no text."""
    return _spread(_PERCENTS, position, low, high, apart)


def ratio_ticks(low: float, high: float, apart: float) -> list[tuple[float, str]]:
    """Ticks of likelihood ratios between two weights in decibans; those nearer than `apart` have no text."""
    return _spread(_RATIOS, lambda ratio: 10 * math.log10(ratio), low, high, apart)


def _spread(
    texts: Iterable[str], where: Callable[[float], float], low: float, high: float, apart: float
) -> list[tuple[float, str]]:
    ticks: list[tuple[float, str]] = []
    for text in texts:
        at = where(float(text))
        if low <= at <= high:
            has_room = all(abs(at - other) >= apart for other, said in ticks if said)
            ticks.append((at, text if has_room else ""))
    return sorted(ticks)
