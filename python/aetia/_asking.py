"""What to ask next, and what would change a result, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._aetia import Weight

Reason = Literal["flag", "gate", "information", "other_gate", "no_base_rate", "other_flag"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """An answer that may be given.

    Attributes:
        answer: its key: `present` or `absent`, the id of an answer, or a bin.
        title: its title.
        probability: how probable it is that this will be the answer, between 0 and 1.
    """

    answer: str
    title: str
    probability: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question worth asking, and why.

    Attributes:
        indicator: the indicator's id.
        text: how it is asked.
        reason: why it is asked, in the order in which questions come: `"flag"` (a pressing red flag depends on it),
            `"gate"` (it decides a gate of the cause that would be first without gates), `"information"` (its answer is
            expected to tell something), `"other_gate"`, `"no_base_rate"` (it bears on a cause, but nothing says how
            often its answers are given), `"other_flag"`.
        sentence: why it is asked, with its figure.
        cost: what it costs, in the knowledge base's own unit.
        information: how much the answer is expected to tell about the cause, in bits; None where no base rate is known.
        gain: the same for each unit of cost.
        is_approximate: whether the figure is only near, because the knowledge base does not say exactly how often
            each answer is given.
        outlooks: how it may turn out; empty where no base rate is known.
    """

    indicator: str
    text: str
    reason: Reason
    sentence: str
    cost: float
    information: float | None
    gain: float | None
    is_approximate: bool
    outlooks: tuple[Outlook, ...]

    def __str__(self) -> str:
        """The question and its reason."""
        return f"{self.text} {self.sentence}"


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that is changed or newly given.

    Attributes:
        indicator: the indicator's id.
        value: the answer as `Model.assess` takes it; for a bin, a number in it.
        words: the finding in words.
        was: what was answered before, in words; None where it is newly given.
    """

    indicator: str
    value: bool | float | str
    words: str
    was: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """Whether the unanswered questions can still change a result.

    Attributes:
        state: `"proved"` (they cannot, whatever is answered), `"open"` (they can, and `changes` shows how), or
            `"undecided"` (neither was found within the budget).
        changes: answers that change the result; empty unless it is open.
        first: the first cause with these answers, or None.
        raised: the flag they raise, where it is a flag that changes, or None.
        sentence: the answers and what they do; empty unless it is open.
    """

    state: Literal["proved", "open", "undecided"]
    changes: tuple[Change, ...]
    first: str | None
    raised: str | None
    sentence: str

    def __str__(self) -> str:
        """The state, and how the result can change where it is open."""
        return f"{self.state}: {self.sentence}" if self.sentence else self.state


@dataclass(frozen=True, slots=True)
class Flip:
    """The fewest changed or newly given answers that change the first cause.

    Attributes:
        state: `"fewest"` (no smaller set does it), `"never"` (no answers do it), or `"undecided"`.
        changes: the answers, run by the engine; the best that was found where it is undecided.
        first: the first cause with them, or None.
        cost: what they cost to ask, in the knowledge base's own unit, or None.
        at_least: where it is undecided, no set of fewer answers does it; else None.
        sentence: the same for a person.
    """

    state: Literal["fewest", "never", "undecided"]
    changes: tuple[Change, ...]
    first: str | None
    cost: float | None
    at_least: int | None
    sentence: str

    def __str__(self) -> str:
        """The sentence."""
        return self.sentence


@dataclass(frozen=True, slots=True)
class Sufficient:
    """The smallest set of given answers that keeps the first cause, whatever the rest.

    Attributes:
        state: `"smallest"` (these do, and no smaller set does), `"not_settled"` (not even all given answers do:
            `changes` shows why), or `"undecided"`.
        indicators: the indicators whose answers suffice; the best that was found where it is undecided.
        changes: answers that change the first cause; empty unless it is not settled.
        first: the first cause with these answers, or None.
        sentence: the same for a person.
    """

    state: Literal["smallest", "not_settled", "undecided"]
    indicators: tuple[str, ...]
    changes: tuple[Change, ...]
    first: str | None
    sentence: str

    def __str__(self) -> str:
        """The sentence."""
        return self.sentence


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What it would take for a cause to be first.

    Attributes:
        cause: the cause.
        first: the cause that is first.
        deficit: by how much its evidence falls short of the first, gates left aside; below zero where it would do.
        gates: the gates that bar it.
        flip: the fewest answers that make it first; None where it is first already.
        sentences: the same for a person.
    """

    cause: str
    first: str
    deficit: Weight
    gates: tuple[str, ...]
    flip: Flip | None
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """The sentences."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an interview has come.

    Attributes:
        asked: questions that were asked, refused and passed over ones included.
        answered: questions that were answered.
        inferred: findings that followed from answers.
        left: questions that may still be asked, as things stand.
        left_out: questions that would be asked if anybody could answer them.
    """

    asked: int
    answered: int
    inferred: int
    left: int
    left_out: int


def question(*parts: Any) -> Question:  # noqa: ANN401 (called by the built module, part by part)
    """A question, of its parts in their order; the outlooks come as triples."""
    triples: Iterable[tuple[str, str, float]] = parts[-1]
    outlooks = tuple(Outlook(*triple) for triple in triples)
    filled = (*parts[:-1], outlooks)
    return Question(*filled)
