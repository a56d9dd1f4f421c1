"""How sure a ranking is, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._aetia import LogOdds, Weight

if TYPE_CHECKING:
    from ._knowledge import Tag
    from ._types import Link

Basis = Literal["interval", "counts", "sample", "declared"]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CauseCertainty:
    """How sure the standing of one cause is.

    Attributes:
        cause (str): its id.
        title (str): its title.
        rank (int | None): its rank from 1; None where a gate excludes it.
        posterior (float | None): its probability after findings and gates; None where a gate excludes it.
        interval (Interval | None): the 95 % interval of that, by the delta method (exact under `"independent"`); None
            where excluded.
        interval_drawn (Interval | None): the same by Monte Carlo.
        posterior_ungated (float): its probability after findings, had no gate been there.
        interval_ungated (Interval): the 95 % interval of that.
        score (LogOdds): its log-odds against the comparator, gates included.
        sd (float): the standard deviation of its score before gates, in decibans.
        first (float): the share of draws in which it is first.
        first_two (float): the share of draws in which it is first or second.
        gates (tuple[str, ...]): the titles of the gates that hold, cap or exclude it.
    """

    cause: str
    title: str
    rank: int | None
    posterior: float | None
    interval: Interval | None
    interval_drawn: Interval | None
    posterior_ungated: float
    interval_ungated: Interval
    score: LogOdds
    sd: float
    first: float
    first_two: float
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureCertainty:
    """What one published figure does to the lead of the first cause over the second.

    Attributes:
        figure (str): its name: `prior:CAUSE:SETTING`, `evidence:POSITION` or `group:GROUP:POSITION`.
        cause (str): the cause whose score it moves.
        subject (str): what it is about, in words.
        citations (tuple[str, ...]): keys of sources, each perhaps with a locator.
        tag (str): how far it is to be trusted.
        basis (str): what its spread is known from: `"interval"`, `"counts"`, `"sample"`, or `"declared"` for its tag.
        weight (Weight): its weight.
        interval (tuple[Weight, Weight]): the ends of its 95 % interval.
        lead (tuple[Weight, Weight]): the lead of the first cause over the second at either end.
        flip (Weight | None): the nearest weight that changes the first cause, or None.
        first_then (str | None): the cause that would be first then, or None.
        decides (bool): whether its own interval reaches that far.
    """

    figure: str
    cause: str
    subject: str
    citations: tuple[str, ...]
    tag: Tag
    basis: Basis
    weight: Weight
    interval: tuple[Weight, Weight]
    lead: tuple[Weight, Weight]
    flip: Weight | None
    first_then: str | None
    decides: bool


@dataclass(frozen=True, slots=True)
class Certainty:
    """How far a ranking can be trusted: intervals, how often the first is first, and the figures it rests on.

    Prints as a table.

    Attributes:
        draws (int): how often was drawn.
        seed (int): from which seed; the same seed gives the same figures on every machine.
        setting (str): the setting.
        link (str): how scores became probabilities.
        causes (tuple[CauseCertainty, ...]): the named causes in the order of the ranking, then the excluded ones.
        comparator (Interval | None): the 95 % interval of the comparator's posterior; None under `"independent"`.
        is_stable (bool): whether the first cause stays first for all weights inside their intervals at once.
        figures (tuple[FigureCertainty, ...]): what moves the lead of the first cause over the second, the widest first.
        declared (int): how many figures have only the width that is declared for their tag.
        conflict (float): how much unlikelier the findings are together than one by one, in decibans.
        fit (str | None): what there is to say about findings that fit nothing, or None.
        notice (str): the knowledge base's notice.
        text (str): the whole for a person.
    """

    draws: int
    seed: int
    setting: str
    link: Link
    causes: tuple[CauseCertainty, ...]
    comparator: Interval | None
    is_stable: bool
    figures: tuple[FigureCertainty, ...]
    declared: int
    conflict: float
    fit: str | None
    notice: str
    text: str

    def __str__(self) -> str:
        """The whole for a person."""
        return self.text

    def __getitem__(self, cause: str) -> CauseCertainty:
        """How sure the standing of a cause is.

        Raises:
            UnknownName: there is no such cause.
        """
        for one in self.causes:
            if one.cause == cause:
                return one
        from .errors import UnknownName  # noqa: PLC0415 (only where something is wrong)

        known = [one.cause for one in self.causes]
        message = f"`{cause}` is no cause of this result; there is {', '.join(known)}"
        raise UnknownName(message, "cause", cause, known)


def certainty(text: str, printed: str) -> Certainty:
    """A report of the built module, from its JSON and its text."""
    report: dict[str, Any] = json.loads(text)
    return Certainty(
        draws=report["draws"],
        seed=report["seed"],
        setting=report["setting"],
        link=report["link"],
        causes=tuple(_cause(one) for one in report["causes"]),
        comparator=_interval(report["comparator"]["interval"]),
        is_stable=report["is_stable"],
        figures=tuple(_figure(one) for one in report["figures"]),
        declared=report["declared"],
        conflict=report["conflict"],
        fit=report["fit"],
        notice=report["notice"],
        text=printed,
    )


def _interval(ends: list[float] | None) -> Interval | None:
    return None if ends is None else (ends[0], ends[1])


def _cause(one: dict[str, Any]) -> CauseCertainty:
    return CauseCertainty(
        **one
        | {
            "interval": _interval(one["interval"]),
            "interval_drawn": _interval(one["interval_drawn"]),
            "interval_ungated": tuple(one["interval_ungated"]),
            "score": LogOdds(one["score"]),
            "gates": tuple(one["gates"]),
        }
    )


def _figure(one: dict[str, Any]) -> FigureCertainty:
    return FigureCertainty(
        **one
        | {
            "citations": tuple(one["citations"]),
            "weight": Weight(one["weight"]),
            "interval": tuple(map(Weight, one["interval"])),
            "lead": tuple(map(Weight, one["lead"])),
            "flip": None if one["flip"] is None else Weight(one["flip"]),
        }
    )
