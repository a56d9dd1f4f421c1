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
        answer (str): its key: `present` or `absent`, the id of an answer, or a bin.
        title (str): its title.
        probability (float): how probable it is that this will be the answer, between 0 and 1.
    """

    answer: str
    title: str
    probability: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question worth asking, and why.

    Attributes:
        indicator (str): the indicator's id.
        text (str): how it is asked.
        reason (str): why it is asked, in the order in which questions come: `"flag"` (a pressing red flag depends on
            it), `"gate"` (it decides a gate of the cause that would be first without gates), `"information"` (its
            answer is expected to tell something), `"other_gate"`, `"no_base_rate"` (it bears on a cause, but nothing
            says how often its answers are given), `"other_flag"`.
        sentence (str): why it is asked, with its figure.
        cost (float): what it costs, in the knowledge base's own unit.
        information (float | None): how much the answer is expected to tell about the cause, in bits; None where no base
            rate is known.
        gain (float | None): the same for each unit of cost.
        is_approximate (bool): whether the figure is only near, because the knowledge base does not say exactly how
            often each answer is given.
        outlooks (tuple[Outlook, ...]): how it may turn out; empty where no base rate is known.
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
        indicator (str): the indicator's id.
        value (bool | float | str): the answer as `Model.assess` takes it; for a bin, a number in it.
        words (str): the finding in words.
        was (str | None): what was answered before, in words; None where it is newly given.
    """

    indicator: str
    value: bool | float | str
    words: str
    was: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """Whether the unanswered questions can still change a result.

    Attributes:
        state (str): `"proved"` (they cannot, whatever is answered), `"open"` (they can, and `changes` shows how), or
            `"undecided"` (neither was found within the budget).
        changes (tuple[Change, ...]): answers that change the result; empty unless it is open.
        first (str | None): the first cause with these answers, or None.
        raised (str | None): the flag they raise, where it is a flag that changes, or None.
        sentence (str): the answers and what they do; empty unless it is open.
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
        state (str): `"fewest"` (no smaller set does it), `"never"` (no answers do it), or `"undecided"`.
        changes (tuple[Change, ...]): the answers, run by the engine; the best that was found where it is undecided.
        first (str | None): the first cause with them, or None.
        cost (float | None): what they cost to ask, in the knowledge base's own unit, or None.
        at_least (int | None): where it is undecided, no set of fewer answers does it; else None.
        sentence (str): the same for a person.
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
        state (str): `"smallest"` (these do, and no smaller set does), `"not_settled"` (not even all given answers do:
            `changes` shows why), or `"undecided"`.
        indicators (tuple[str, ...]): the indicators whose answers suffice; the best that was found where it is
            undecided.
        changes (tuple[Change, ...]): answers that change the first cause; empty unless it is not settled.
        first (str | None): the first cause with these answers, or None.
        sentence (str): the same for a person.
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
        cause (str): the cause.
        first (str): the cause that is first.
        deficit (Weight): by how much its evidence falls short of the first, gates left aside; below zero where it would
            do.
        gates (tuple[str, ...]): the gates that bar it.
        flip (Flip | None): the fewest answers that make it first; None where it is first already.
        sentences (tuple[str, ...]): the same for a person.
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
        asked (int): questions that were asked, refused and passed over ones included.
        answered (int): questions that were answered.
        inferred (int): findings that followed from answers.
        left (int): questions that may still be asked, as things stand.
        left_out (int): questions that would be asked if anybody could answer them.
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
