"""Ranks the likely causes of a case from weighted evidence, exactly, with its reasons.

    >>> import aetia
    >>> model = aetia.load("morning_back_pain")
    >>> result = model.assess({"night_pain": True, "age_at_onset": 32, "hla_b27": aetia.NOT_ASSESSABLE})
    >>> for candidate in result.ranking[:2]:
    ...     print(f"{candidate.rank} {candidate.cause}: {aetia.percent(candidate.posterior)}")
    1 myofascial_pain_syndrome: 11.7 %
    2 sleep_posture: 9.8 %

It is educational and for research. No result of it is a diagnosis.
"""

from __future__ import annotations

from . import errors
from ._aetia import (
    FORMAT_VERSION,
    Bar,
    Candidate,
    Comparison,
    Contribution,
    Difference,
    Flag,
    Interview,
    KnowledgeBase,
    LogOdds,
    Model,
    Problem,
    Result,
    Schema,
    Scorer,
    Scores,
    Waterline,
    Weight,
    __version__,
    available,
    load,
    percent,
)
from ._explanation import Explanation
from ._not_assessable import NOT_ASSESSABLE, NotAssessable
from ._parquet import score_parquet
from .errors import (
    AetiaError,
    AlreadyAnswered,
    AnswerMismatch,
    ContradictoryFindings,
    DocumentError,
    InternalError,
    InvalidKnowledgeBase,
    UnknownName,
    Unreadable,
)

# Pictures need matplotlib, so they are looked for when asked for; checkers know them at once.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import plot as plot
else:

    def __getattr__(name: str) -> object:
        """The module `aetia.plot`, when it is first used."""
        if name == "plot":
            from importlib import import_module  # noqa: PLC0415 (only where a picture is drawn)

            return import_module("aetia.plot")
        message = f"module 'aetia' has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__() -> list[str]:
        """What the package offers, pictures included."""
        return sorted([*__all__, "plot"])

    del TYPE_CHECKING

__all__ = [
    "FORMAT_VERSION",
    "NOT_ASSESSABLE",
    "AetiaError",
    "AlreadyAnswered",
    "AnswerMismatch",
    "Bar",
    "Candidate",
    "Comparison",
    "ContradictoryFindings",
    "Contribution",
    "Difference",
    "DocumentError",
    "Explanation",
    "Flag",
    "InternalError",
    "Interview",
    "InvalidKnowledgeBase",
    "KnowledgeBase",
    "LogOdds",
    "Model",
    "NotAssessable",
    "Problem",
    "Result",
    "Schema",
    "Scorer",
    "Scores",
    "UnknownName",
    "Unreadable",
    "Waterline",
    "Weight",
    "__version__",
    "available",
    "errors",
    "load",
    "percent",
    "score_parquet",
]
