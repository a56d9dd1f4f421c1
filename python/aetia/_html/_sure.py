"""How sure a ranking is: intervals, chances, and the figures it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aetia._sentences import TRUST
from aetia._words import probability

from ._elements import Html, element, joined, number, row, table

if TYPE_CHECKING:
    from aetia._aetia import Candidate
    from aetia._certainty import Certainty, FigureCertainty, Interval


def between(interval: Interval | None) -> str:
    """An interval of probabilities; nothing where there is none."""
    if interval is None:
        return ""
    low, high = map(probability, interval)
    return f"{low.removesuffix(' %')}\N{EN DASH}{high}"


def times(share: float) -> str:
    """A share of draws, which may be none or all of them."""
    return f"{100 * share:.1f} %"


def basis(sure: Certainty) -> Html:
    """What the result rests on, and what its intervals come from."""
    first = sure.causes[0].title
    deciding = [figure for figure in sure.figures if figure.decides]
    draws = f"{sure.draws:,} draws of all figures inside their uncertainty, seed {sure.seed}"
    said = [element("p", f"first: how often it is first in {draws}")]
    if sure.is_stable:
        said.append(element("p", f"{first} stays first wherever in its interval each figure lies, all at once."))
    elif not deciding:
        alone = f"No figure alone takes {first} from the first place inside its interval; several together can."
        said.append(element("p", alone))
    else:
        caption = "This result rests on these figures: each could change the first cause alone"
        said.append(_table(caption, deciding, sure))
    if sure.declared:
        verb = "figure has no interval of its own" if sure.declared == 1 else "figures have no interval of their own"
        said.append(element("p", f"{sure.declared} {verb}: the width is assumed."))
    if sure.fit:
        said.append(element("p", f"Note: {sure.fit}."))
    return joined(*said)


def of_candidate(candidate: Candidate) -> Html:
    """How sure the standing of one cause is, and which of its figures decide; nothing where nobody asked."""
    sure = candidate.result.certainty
    if sure is None:
        return Html("")
    one = sure[candidate.cause]
    interval = f"95 % interval {between(one.interval)}"
    if one.interval is None:
        interval = f"95 % interval without gates {between(one.interval_ungated)}"
    said = [element("p", f"{interval}; first in {times(one.first)} of the draws")]
    deciding = [figure for figure in sure.figures if figure.decides and figure.cause == candidate.cause]
    if deciding:
        caption = "Of these parts each could change the first cause inside its interval"
        if candidate.rank == 1:
            caption = "Of these parts this result rests on"
        said.append(_table(caption, deciding, sure))
    return joined(*said)


def _table(caption: str, figures: list[FigureCertainty], sure: Certainty) -> Html:
    heads = ["figure", "of", "#weight", "#95 % interval", "#changes at", "then first", "trust", "source"]
    return table(caption, heads, (_figure(figure, sure) for figure in figures))


def _figure(figure: FigureCertainty, sure: Certainty) -> Html:
    low, high = figure.interval
    then = sure[figure.first_then].title if figure.first_then else ""
    return row(
        element("th", figure.subject, scope="row"),
        sure[figure.cause].title,
        number(str(figure.weight)),
        number(f"{low} to {high}"),
        number(str(figure.flip)),
        then,
        TRUST[figure.tag],
        ", ".join(figure.citations),
    )
