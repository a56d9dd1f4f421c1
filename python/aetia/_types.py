"""The words a value can be, where it is one of a few."""

from __future__ import annotations

from typing import Any, Literal

Closeness = Literal["tie", "near_tie", "clear"]
Contradictions = Literal["refuse", "drop"]
FlagState = Literal["raised", "cleared", "not_assessed"]
Kind = Literal["prior", "evidence", "gate"]
Link = Literal["exclusive", "independent"]
Severity = Literal["error", "warning"]
Reach = Literal["first", "first_and_flags"]
Rows = list[dict[str, Any]]
Who = Literal["anyone", "oneself"]
