"""The words a value can be, where it is one of a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

Closeness = Literal["tie", "near_tie", "clear"]
Contradictions = Literal["refuse", "drop"]
FlagState = Literal["raised", "cleared", "not_assessed"]
Kind = Literal["prior", "evidence", "gate"]
Link = Literal["exclusive", "independent"]
Severity = Literal["error", "warning"]
Reach = Literal["first", "first_and_flags"]
Rows = list[dict[str, Any]]
Who = Literal["anyone", "oneself"]
Precision = Literal["float32", "float64"]
Output = Literal[
    "first",
    "posterior",
    "score",
    "margin",
    "order",
    "gates",
    "flags",
    "contributions",
    "first_ungated",
    "posterior_ungated",
    "score_ungated",
]


class ScorerArguments(TypedDict, total=False):
    """What `Model.scorer` takes."""

    outputs: Iterable[Output]
    setting: str | None
    link: Link | None
    columns: dict[str, str] | None
    values: dict[Any, Any] | None
    nullable: Iterable[str]
    keep: Iterable[str]
    top: int
    precision: Precision
    portable: bool
    threads: int | None
