"""Pictures of results, with matplotlib.

Every function draws on the axes it is given, or makes a figure of a fitting size, and returns the axes. None of them
shows or saves anything. What a colour says, a hatch, a marker or a word says too.

    pip install '.[plot]'    # in the repository
"""

from __future__ import annotations

from itertools import accumulate
from math import nan
from typing import TYPE_CHECKING

from . import _drawing as draw
from ._aetia import Candidate, LogOdds, Result, Weight
from ._sentences import MEANING, bars, differences, in_order, is_bitten, is_changed, is_gated, standing, waterline
from ._words import counted, decibans, probability, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from ._aetia import Comparison, Contribution
    from ._explanation import Explanation

__all__ = ["comparison", "gate_effect", "nomogram", "ranking", "waterfall"]

_EVEN = LogOdds(0)
# Letters of a gate's title in a label, and of a name in a title that goes on.
_GATE, _NAME = 30, 52
# Letters of a name below an axis that has room for none.
_LEAST_NAME = 8
# Room beside bars for their numbers, and of a column of probabilities beside the axes, in points.
_ROOM, _COLUMN = 65, 55


def _refuse_results(name: str, given: object) -> None:
    """Says what to give where one cause is drawn."""
    if isinstance(given, Result):
        message = f'{name} draws one cause, and this is a result: give result["cause"] or result.first'
        raise TypeError(message)


def _refuse_candidates(name: str, given: object) -> None:
    """Says what to give where all causes are drawn."""
    if isinstance(given, Candidate):
        message = f"{name} draws all causes, and this is one of them: give the result, candidate.result"
        raise TypeError(message)


def ranking(result: Result, *, ax: Axes | None = None) -> Axes:
    """The probability of every cause before and after the findings, and without gates where a gate changes it.

    The hatched row is the comparator, where its score of 0 stands: causes below it are less likely than something
    else. Under `"independent"` it has no bar.

    Args:
        result (Result): what is drawn.
        ax (Axes | None): where to draw; a new figure where None.

    Raises:
        ImportError: matplotlib is not installed.
    """
    _refuse_candidates("ranking", result)
    causes: list[Candidate | None] = list(result.ranking)
    causes.insert(waterline(result), None)
    causes.extend(result.excluded)
    ax = draw.axes(ax, len(causes))
    size = draw.rows(
        ax,
        [f"~  {result.comparator.title}" if it is None else _label(it) for it in causes],
        ["" if it is None else _note(it) for it in causes],
    )
    shown = [_waterline_figures(result) if it is None else _figures(it) for it in causes]
    for at, (before, after, ungated) in enumerate(shown):
        is_comparator = causes[at] is None
        if after is not None:
            _bar(ax, at, after, is_comparator=is_comparator)
        if ungated is not None:
            ax.barh(at, ungated, 0.56, fill=False, edgecolor=draw.foreground(ax), linestyle="--")
        if before is not None:
            edge = draw.foreground(ax)
            ax.plot(before, at, "D", color=draw.ORANGE, markeredgecolor=edge, markersize=6, clip_on=False)
    draw.column(ax, [_waterline_value(result) if it is None else _value(it) for it in causes], size)
    draw.percents(ax, max(value for row in shown for value in row if value is not None))
    pad = _ranking_key(ax, gated=any(map(is_bitten, [*result.ranking, *result.excluded])))
    draw.title(ax, f"{draw.cut(result.knowledge_base.title, _NAME)}: {MEANING[result.link]}", pad=pad)
    return ax


def _bar(ax: Axes, at: int, after: float, *, is_comparator: bool) -> None:
    if is_comparator:
        ax.barh(at, after, 0.56, fill=False, edgecolor=draw.foreground(ax), hatch=draw.HATCH, linewidth=0.8)
    else:
        ax.barh(at, after, 0.56, color=draw.BLUE)


def _ranking_key(ax: Axes, *, gated: bool) -> float:
    """One entry a form, whichever rows happen to have it. Returns what the title must leave for it."""
    edge = draw.foreground(ax)
    ax.plot([], [], "D", color=draw.ORANGE, markeredgecolor=edge, markersize=6, label="before findings")
    ax.barh(0, nan, color=draw.BLUE, label="after findings")
    if gated:
        ax.barh(0, nan, fill=False, edgecolor=edge, linestyle="--", label="without gates")
    ax.barh(0, nan, fill=False, edgecolor=edge, hatch=draw.HATCH, linewidth=0.8, label="comparator (~)")
    return draw.key(ax, 4 if gated else 3)


def _figures(candidate: Candidate) -> tuple[float | None, float | None, float | None]:
    """Before, after, and without gates where that differs."""
    ungated = candidate.posterior_ungated if is_bitten(candidate) else None
    return candidate.prior, candidate.posterior, ungated


def _waterline_figures(result: Result) -> tuple[float | None, float | None, float | None]:
    if result.link == "independent":
        return None, None, None
    return result.comparator.prior, result.comparator.posterior, None


def _label(candidate: Candidate) -> str:
    rank = "\N{EN DASH}" if candidate.rank is None else str(candidate.rank)
    return f"{rank}  {candidate.title}"


def _note(candidate: Candidate) -> str:
    """The gates that bite, in words."""
    gates = bars(candidate) if is_bitten(candidate) else []
    return "; ".join(f'{effect} by "{draw.cut(bar.title, _GATE)}"' for effect, bar in gates)


def _value(candidate: Candidate) -> str:
    """The probability of a cause, and without gates where one bites."""
    ungated = probability(candidate.posterior_ungated)
    if candidate.posterior is None:
        return f"excluded ({ungated} without)"
    after = probability(candidate.posterior)
    if not is_bitten(candidate):
        return after
    effect, _ = bars(candidate)[0]
    return f"{after}, {effect} from {ungated}"


def _waterline_value(result: Result) -> str:
    return "even" if result.link == "independent" else probability(result.comparator.posterior)


def waterfall(explanation: Explanation | Candidate, *, ax: Axes | None = None, most: int = 12) -> Axes:
    """How a score comes about, from the prior to the sum, in decibans.

    The upper axis reads the same positions as probabilities against the comparator alone; to the right of each row
    stands this posterior after it.

    Args:
        explanation (Explanation | Candidate): what is drawn, or a candidate, whose explanation is drawn.
        ax (Axes | None): where to draw; a new figure where None.
        most (int): how many findings have a row of their own; the smaller ones and those that weigh nothing share one.

    Raises:
        ImportError: matplotlib is not installed.
    """
    if isinstance(explanation, Candidate):
        explanation = explanation.explanation
    _refuse_results("waterfall", explanation)
    candidate = explanation.candidate
    steps = _steps(in_order(explanation), most)
    ends = list(accumulate((weight for _, weight, _ in steps), lambda at, weight: at + weight, initial=_EVEN))
    ax = draw.axes(ax, len(steps) + 2)
    size = draw.rows(ax, [*(label for label, _, _ in steps), _score_label(candidate)])
    for at, (_, weight, kind) in enumerate(steps):
        _step(ax, at, ends[at], weight, kind)
    total = ends[-1]
    ax.barh(len(steps), total.decibans, 0.56, color=draw.foreground(ax), alpha=0.55)
    _numbers(ax, [(end.decibans, weight) for end, (_, weight, _) in zip(ends[1:], steps, strict=True)], size)
    _number(ax, len(steps), total.decibans, total, size)
    _spans(ax, [end.decibans for end in ends], beside=_COLUMN)
    _probability_axis(ax)
    running = [probability(end.probability) for end in (*ends[1:], total)]
    draw.column(ax, running, size, head="running\nposterior")
    ax.set_xlabel("log-odds against the comparator (dB)", fontsize=9)
    draw.title(ax, f"Why {draw.cut(candidate.title, _NAME)} stands at {candidate.score}", pad=10)
    return ax


def _steps(parts: Sequence[Contribution], most: int) -> list[tuple[str, Weight, str]]:
    """Label, weight and kind of every row: the prior, the largest findings, the others as one, the gates."""
    by_kind = {kind: [part for part in parts if part.kind == kind] for kind in ("prior", "evidence", "gate")}
    speaking = [part for part in by_kind["evidence"] if part.weight]
    kept = [*by_kind["prior"], *speaking[:most]]
    steps: list[tuple[str, Weight, str]] = [(part.subject, part.weight, part.kind) for part in kept]
    n = len(by_kind["evidence"]) - len(speaking[:most])
    if n:
        rest = sum((part.weight for part in speaking[most:]), Weight(0))
        steps.append((counted(n, "further finding"), rest, "evidence"))
    return steps + [(part.subject, part.weight, part.kind) for part in by_kind["gate"]]


def _step(ax: Axes, at: int, start: LogOdds, weight: Weight, kind: str) -> None:
    """A bar from where the sum was to where it goes, and a thread down to the next."""
    edge = draw.foreground(ax)
    left, width = start.decibans, weight.decibans
    if kind == "gate":
        ax.barh(at, width, 0.56, left=left, fill=False, edgecolor=edge, hatch=draw.HATCH, linewidth=0.8)
    else:
        colours = (draw.ORANGE, draw.BLUE)
        colour = draw.PURPLE if kind == "prior" else colours[weight > Weight(0)]
        ax.barh(at, width, 0.56, left=left, color=colour)
    end = (start + weight).decibans
    top = at + (0.28 if weight else -0.28)
    ax.plot([end, end], [top, at + 0.72], color=edge, linewidth=0.7, alpha=0.6)


def _numbers(ax: Axes, ends: Sequence[tuple[float, Weight]], size: float) -> None:
    for at, (end, weight) in enumerate(ends):
        _number(ax, at, end, weight, size)


def _number(ax: Axes, at: int, end: float, value: Weight | LogOdds, size: float) -> None:
    """What a bar weighs, beyond its end."""
    is_negative = value.decibans < 0
    ax.annotate(
        decibans(value),
        (end, at),
        xytext=(-4 if is_negative else 4, 0),
        textcoords="offset points",
        ha="right" if is_negative else "left",
        va="center",
        fontsize=size,
        bbox={"facecolor": ax.get_facecolor(), "edgecolor": "none", "pad": 0.5},
    )


def _spans(ax: Axes, ends: Sequence[float], beside: float = 0) -> None:
    """Limits with room for the numbers, and a line at zero, on axes that have so many points of texts beside them."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    width, _ = draw.room(ax)
    room = min(_ROOM / max(width - beside, 1), 0.5) * max(high - low, 1.0)
    ax.set_xlim(low - room, high + room)
    ax.axvline(0, color=draw.foreground(ax), linewidth=0.9)
    ax.xaxis.grid(visible=True, alpha=0.25)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", labelsize=9)


def _score_label(candidate: Candidate) -> str:
    posterior = "excluded" if candidate.posterior is None else probability(candidate.posterior)
    without = f" ({probability(candidate.posterior_ungated)} without gates)" if is_changed(candidate) else ""
    # Against the comparator alone a score has one probability, among all causes another.
    among = " among all causes" if candidate.result.link == "exclusive" and candidate.posterior is not None else ""
    return f"the score: {posterior}{among}{without}"


def _probability_axis(ax: Axes) -> None:
    low, high = ax.get_xlim()
    across, _ = draw.apart(ax)
    ticks = draw.probability_ticks(low, high, across * (high - low))
    top = ax.secondary_xaxis("top")
    top.set_xticks([at for at, _ in ticks], labels=[text for _, text in ticks], fontsize=9)
    top.set_xlabel("posterior against the comparator alone (%)", fontsize=9)


def nomogram(candidate: Candidate, *, ax: Axes | None = None, gated: bool = True) -> Axes:
    """Fagan's nomogram: a straight line from the prior probability over the likelihood ratio to the posterior.

    All three are against the comparator alone, because that is what weights of evidence move. The prior's scale runs
    downwards, so that the three values lie on a line.

    Source: Fagan (1975), Nomogram for Bayes's theorem, New England Journal of Medicine 293, 257.

    Args:
        candidate (Candidate): the cause.
        ax (Axes | None): where to draw; a new figure where None.
        gated (bool): whether gates count. A cause that a gate excludes is always drawn without gates.

    Raises:
        ImportError: matplotlib is not installed.
    """
    _refuse_results("nomogram", candidate)
    is_gated = gated and candidate.posterior is not None
    prior = sum((part.weight for part in candidate.explanation if part.kind == "prior"), Weight(0))
    before, after = _EVEN + prior, candidate.score if is_gated else candidate.score_ungated
    weight = after - before
    least, beyond = 30.0, 1.1
    reach = max(least, beyond * max(abs(before.decibans), abs(after.decibans), abs(weight.decibans) / 2))
    ax = draw.axes(ax, 10, width=6.5)
    ax.set_axis_off()
    ax.set_xlim(-0.42, 1.42)
    ax.set_ylim(-1.02 * reach, 1.02 * reach)
    _, upright = draw.apart(ax)
    chances = draw.probability_ticks(-reach, reach, upright * 2 * reach)
    factors = draw.ratio_ticks(-2 * reach, 2 * reach, upright * 4 * reach)
    includes_gates = is_gated and bool(candidate.gate_effect)
    middle = "likelihood ratio\n" + ("of findings and gates" if includes_gates else "of the findings")
    falling = [(-at, text) for at, text in chances]
    _scale(ax, 0.0, falling, "prior probability (%)\nagainst the comparator", reach)
    _scale(ax, 0.5, [(at / 2, text) for at, text in factors], middle, reach)
    _scale(ax, 1.0, chances, "posterior probability (%)\nagainst the comparator", reach)
    heights = [-before.decibans, weight.decibans / 2, after.decibans]
    ax.plot([0, 0.5, 1], heights, "o-", color=draw.BLUE, linewidth=2, markersize=7)
    values = [probability(before.probability), ratio(weight.likelihood_ratio), probability(after.probability)]
    for x, value in zip((0, 0.5, 1), values, strict=True):
        at = (x, -reach)
        ax.annotate(value, at, (0, -10), textcoords="offset points", ha="center", va="top", fontsize=10, weight="bold")
    # The names of the scales stand between them and the title.
    without = "" if is_gated or not bars(candidate) else "Without gates: "
    draw.title(ax, without + candidate.title, pad=38, share=1.2)
    return ax


def _scale(ax: Axes, x: float, ticks: Sequence[tuple[float, str]], name: str, reach: float) -> None:
    """A vertical scale, its numbers to the left, those of the rightmost to the right. Ticks without one are small."""
    edge = draw.foreground(ax)
    ax.plot([x, x], [-reach, reach], color=edge, linewidth=1)
    side, beside = ("left", x + 0.035) if x == 1 else ("right", x - 0.035)
    for at, text in ticks:
        ax.plot(x, at, "_", color=edge, markersize=9 if text else 5)
        ax.text(beside, at, text, ha=side, va="center", fontsize=8)
    ax.annotate(name, (x, reach), (0, 9), textcoords="offset points", ha="center", va="bottom", fontsize=9)


def comparison(comparison: Comparison, *, ax: Axes | None = None, most: int = 12) -> Axes:
    """Why one cause and not another: what each part weighs for the one over the other, and the sum.

    Args:
        comparison (Comparison): what is drawn.
        ax (Axes | None): where to draw; a new figure where None.
        most (int): how many parts have a row of their own; the smaller ones share one.

    Raises:
        ImportError: matplotlib is not installed.
    """
    one, other = comparison.one, comparison.other
    parts = [part for part in differences(comparison.parts) if part.weight]
    steps = [(part.subject, part.weight) for part in parts[:most]]
    if parts[most:]:
        rest = sum((part.weight for part in parts[most:]), Weight(0))
        steps.append((counted(len(parts[most:]), "further part"), rest))
    ax = draw.axes(ax, len(steps) + 1.5)
    size = draw.rows(ax, [*(subject for subject, _ in steps), "in sum"])
    for at, (_, weight) in enumerate(steps):
        if weight > Weight(0):
            ax.barh(at, weight.decibans, 0.56, color=draw.BLUE)
        else:
            ax.barh(at, weight.decibans, 0.56, color=draw.ORANGE, hatch=draw.HATCH, edgecolor=draw.foreground(ax))
    total = comparison.total
    ax.barh(len(steps), total.decibans, 0.56, color=draw.foreground(ax), alpha=0.55)
    weights = [*(weight for _, weight in steps), total]
    _numbers(ax, [(weight.decibans, weight) for weight in weights], size)
    _spans(ax, [weight.decibans for weight in weights])
    ax.set_xlabel(draw.literal(f"difference (dB)\n{_directions(ax, one.label, other.label)}"), fontsize=9)
    draw.title(ax, standing(one, other))
    return ax


def _directions(ax: Axes, right: str, left: str) -> str:
    """For which cause either side of an axis speaks, in one line that is no longer than the axis."""
    around = len("← for       for  →")
    letters = draw.letters(ax, 9) - around
    half = max(_LEAST_NAME, letters // 2)
    # A short name leaves its room to the other.
    first = draw.cut(left, max(half, letters - len(right)))
    second = draw.cut(right, max(half, letters - len(left)))
    return f"← for {first}      for {second} →"


def gate_effect(result: Result, *, ax: Axes | None = None) -> Axes:
    """What gates change: the probability of every named cause with gates and without.

    Args:
        result (Result): what is drawn.
        ax (Axes | None): where to draw; a new figure where None.

    Raises:
        ImportError: matplotlib is not installed.
    """
    _refuse_candidates("gate_effect", result)
    causes = [*result.ranking, *result.excluded]
    ax = draw.axes(ax, len(causes))
    size = draw.rows(ax, [_label(it) for it in causes], [_note(it) for it in causes])
    edge = draw.foreground(ax)
    for at, it in enumerate(causes):
        without, after = it.posterior_ungated, it.posterior
        if after is not None:
            ax.plot([without, after], [at, at], color=edge, linewidth=2, alpha=0.5, zorder=1)
            ax.plot(after, at, "o", color=draw.BLUE, markersize=8, zorder=3, clip_on=False)
        ax.plot(without, at, "D", markerfacecolor="none", markeredgecolor=edge, markersize=8, zorder=4, clip_on=False)
    ax.plot([], [], "o", color=draw.BLUE, markersize=8, label="with gates")
    ax.plot([], [], "D", markerfacecolor="none", markeredgecolor=edge, markersize=8, label="without gates")
    pad = draw.key(ax, 2)
    draw.column(ax, [_both(it) for it in causes], size)
    draw.percents(ax, max(max(it.posterior_ungated, it.posterior or 0) for it in causes))
    said = "what gates change" if is_gated(result) else "no gate changes this result"
    draw.title(ax, f"{draw.cut(result.knowledge_base.title, _NAME)}: {said}", pad=pad)
    return ax


def _both(candidate: Candidate) -> str:
    after = "excluded" if candidate.posterior is None else probability(candidate.posterior)
    return f"{after} ({probability(candidate.posterior_ungated)} without)" if is_changed(candidate) else after
