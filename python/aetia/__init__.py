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

# Pictures and engines need packages of their own, so they are looked for when asked for; checkers know them at once.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import dask as dask
    from . import plot as plot
    from . import spark as spark
else:
    _LATER = ("dask", "plot", "spark")

    def __getattr__(name: str) -> object:
        """The module of this name, when it is first used."""
        if name in _LATER:
            from importlib import import_module  # noqa: PLC0415 (only where one is used)

            return import_module(f"aetia.{name}")
        message = f"module 'aetia' has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__() -> list[str]:
        """What the package offers, those modules included."""
        return sorted([*__all__, *_LATER])

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
