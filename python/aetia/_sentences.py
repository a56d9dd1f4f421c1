"""Sentences about results that pages and pictures share with the text form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ._words import lower_first, ordinal, probability

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._aetia import Bar, Candidate, Contribution, Difference, Result
    from ._explanation import Explanation

Effect = Literal["held", "capped", "excluded"]

MEANING = {
    "exclusive": "how likely each is the principal explanation",
    "independent": "each against the comparator alone; causes may coexist",
}
CLOSENESS = {"tie": "tie", "near_tie": "near-tie", "clear": ""}
# How far a figure is to be trusted. A part without figures has no tag.
TRUST = {"assumption": "assumed", "seed": "seed", "recalled": "recalled", "verified": "verified"}
_KINDS = ("prior", "evidence", "gate")


def is_changed(candidate: Candidate) -> bool:
    """Whether a gate changed the probability of a cause."""
    return candidate.posterior != candidate.posterior_ungated


def is_bitten(candidate: Candidate) -> bool:
    """Whether a gate bites: lowers the cause's own score, or takes it out of the ranking."""
    return candidate.rank is None or candidate.score != candidate.score_ungated


def is_gated(result: Result) -> bool:
    """Whether a gate changed anything that is shown."""
    return any(is_changed(candidate) for candidate in (*result.ranking, *result.excluded))


def waterline(result: Result) -> int:
    """How many causes of the ranking stand above the comparator."""
    return sum(candidate.leads for candidate in result.ranking)


def listed(findings: Iterable[str]) -> str:
    """Findings in a sentence."""
    return ", ".join(lower_first(finding) for finding in findings)


def bars(candidate: Candidate) -> list[tuple[Effect, Bar]]:
    """The gates at work on a cause, each with what it does."""
    effects: dict[Effect, tuple[Bar, ...]] = {
        "held": candidate.held_by,
        "capped": candidate.capped_by,
        "excluded": candidate.excluded_by,
    }
    return [(effect, bar) for effect, gates in effects.items() for bar in gates]


def at_work(candidate: Candidate, effect: Effect, bar: Bar) -> str:
    """What a gate does, what the cause would be without it, and what would open it."""
    would = f"would rank {ordinal(candidate.rank_ungated)} at {probability(candidate.posterior_ungated)}"
    remedy = "because of"
    if effect == "held":
        remedy = "ask about" if bar.is_undetermined else "closed by"
    consequence = would if is_bitten(candidate) else "no effect on this ranking"
    return f'{effect} by "{bar.title}": {consequence}; {remedy} {listed(bar.words)}'


def in_order(explanation: Explanation) -> list[Contribution]:
    """The parts of a score: the prior first, then evidence by its size, gates last."""
    return sorted(explanation, key=lambda part: (_KINDS.index(part.kind), -abs(part.weight).nanodecibans))


def differences(parts: Iterable[Difference]) -> list[Difference]:
    """The parts of a comparison that weigh something for either cause, by their size."""
    return sorted(filter(_weighs, parts), key=lambda part: -abs(part.weight).nanodecibans)


def _weighs(part: Difference) -> bool:
    return bool(part.one) or bool(part.other)


def standing(one: Candidate, other: Candidate) -> str:
    """How one cause stands to the other: by score, then by rank. An excluded cause stands nowhere."""
    first, second = one.title, other.title
    if one.rank is None and other.rank is None:
        return f"How {first} compares with {second}, both excluded"
    if one.rank is None:
        return f"How {first}, which is excluded, compares with {second}"
    if other.rank is None:
        return f"How {first} compares with {second}, which is excluded"
    if one.rank == other.rank:
        return f"Why {first} stands level with {second}"
    where = "above" if one.rank < other.rank else "below"
    equal = " with an equal score" if one.score == other.score else ""
    return f"Why {first} stands {where} {second}{equal}"
