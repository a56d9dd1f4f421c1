"""The parts of a score, as a tuple that knows how to show itself."""

from __future__ import annotations

from ._frozen import Frozen

# `typing` would take most of the time of `import aetia`; checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Self

    from ._aetia import Candidate, Contribution, Weight


class Explanation(Frozen, tuple["Contribution", ...]):  # noqa: SLOT001 (a tuple has no room for slots)
    """The parts of a candidate's score: the prior, then evidence, then gates. They add up to the score exactly.

    A tuple of `Contribution`. Prints as a person reads it; a notebook shows a table.
    """

    _called = "an explanation"
    _candidate: Candidate

    def __new__(cls, candidate: Candidate, parts: Iterable[Contribution]) -> Self:
        """Takes the candidate that is explained, and the parts."""
        made = super().__new__(cls, parts)
        object.__setattr__(made, "_candidate", candidate)
        return made

    @property
    def candidate(self) -> Candidate:
        """The candidate it explains."""
        return self._candidate

    @property
    def total(self) -> Weight:
        """The sum of the parts: the score, counted from even odds."""
        from ._aetia import Weight  # noqa: PLC0415 (the module that makes explanations)

        return sum((part.weight for part in self), Weight(0))

    def to_dicts(self) -> list[dict[str, Any]]:
        """One row a part, ready for a data frame: weights in decibans, nanodecibans and as likelihood ratios."""
        from ._tables import explanation  # noqa: PLC0415 (only where a table is wanted)

        return explanation(self)

    def __repr__(self) -> str:
        """The explanation as a person reads it in a terminal."""
        return self._candidate._explained()  # noqa: SLF001 (the text is the core's)

    def _repr_html_(self) -> str:
        from ._html import explanation  # noqa: PLC0415 (only in a notebook)

        return explanation(self)

    def __reduce__(self) -> tuple[Callable[[Any], Any], tuple[Candidate]]:
        """Pickles as the candidate, whose explanation is made again."""
        from operator import attrgetter  # noqa: PLC0415 (only where something is pickled)

        return attrgetter("explanation"), (self._candidate,)
