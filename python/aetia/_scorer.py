"""Scorers that travel: made anew from the model and the arguments of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._aetia import Model, Scorer


def scorer(model: Model, arguments: dict[str, Any]) -> Scorer:
    """The scorer of a model with these arguments."""
    return model.scorer(**arguments)
