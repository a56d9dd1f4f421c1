"""How sure a ranking is, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._aetia import LogOdds, Weight

if TYPE_CHECKING:
    from ._aetia import Result
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

    Prints as the ranking with intervals and chances, and what it rests on; a notebook shows a table.

    Attributes:
        result (Result): the result with these figures in it: what it prints, shows, explains and stores says how sure it
            is.
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
    """

    result: Result
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

    @property
    def text(self) -> str:
        """The whole for a person."""
        return str(self.result)

    def __str__(self) -> str:
        """The whole for a person."""
        return self.text

    def _repr_html_(self) -> str:
        return self.result._repr_html_()

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


def certainty(result: Result) -> Certainty:
    """How sure a result is that was asked, from its JSON."""
    record: dict[str, Any] = json.loads(result.to_json())
    asked = record["certainty"]
    causes = [*record["ranking"], *record["excluded"]]
    figures = [
        one | {"cause": cause["cause"]} for cause in causes for one in cause["certainty"]["figures"]
    ]
    figures.sort(key=lambda one: -abs(one["lead"][1] - one["lead"][0]))
    return Certainty(
        result=result,
        draws=asked["draws"],
        seed=asked["seed"],
        setting=record["setting"],
        link=record["link"],
        causes=tuple(_cause(one) for one in causes),
        comparator=_interval(asked["comparator"]),
        is_stable=asked["is_stable"],
        figures=tuple(_figure(one) for one in figures),
        declared=asked["declared"],
        conflict=asked["conflict"],
        fit=asked["fit"],
        notice=record["notice"],
    )


def _interval(ends: list[float] | None) -> Interval | None:
    return None if ends is None else (ends[0], ends[1])


def _cause(one: dict[str, Any]) -> CauseCertainty:
    sure = one["certainty"]
    gates = (*one["held_by"], *one["capped_by"], *one["excluded_by"])
    return CauseCertainty(
        cause=one["cause"],
        title=one["title"],
        rank=one["rank"],
        posterior=one["posterior"],
        interval=_interval(sure["interval"]),
        interval_drawn=_interval(sure["interval_drawn"]),
        posterior_ungated=one["posterior_ungated"],
        interval_ungated=(sure["interval_ungated"][0], sure["interval_ungated"][1]),
        score=LogOdds(one["score"]),
        sd=sure["sd"],
        first=sure["first"],
        first_two=sure["first_two"],
        gates=tuple(gate["title"] for gate in gates),
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
