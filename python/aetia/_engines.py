"""What scorers for the workers of any engine have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._aetia import Model, Scorer
    from ._types import ScorerArguments


def passed(names: str | Iterable[str], keep: str | Iterable[str]) -> list[str]:
    """The columns that are passed through: those that say which row is which, then the others, each once.

    Args:
        names (str | Iterable[str]): the columns that say which row is which.
        keep (str | Iterable[str]): the others.

    Raises:
        ValueError: no column says which row is which.
    """
    ids, others = ([one] if isinstance(one, str) else list(one) for one in (names, keep))
    if not ids:
        raise ValueError("an engine keeps no order of rows: name by `id` the columns that say which row is which")
    return list(dict.fromkeys([*ids, *others]))


def scorer(model: Model, arguments: ScorerArguments) -> Scorer:
    """A scorer for workers: its results are of plain types, which every engine knows, and it takes one thread.

    An engine starts a worker for each processor.

    Args:
        model (Model): the model.
        arguments (ScorerArguments): what `Model.scorer` takes.

    Raises:
        ValueError: dictionaries are asked for.
    """
    if not arguments.get("portable", True):
        raise ValueError("engines take plain types only: leave `portable` out")
    plain: ScorerArguments = {"threads": 1, **arguments, "portable": True}
    return model.scorer(**plain)


def missing(package: str, extra: str) -> str:
    """What to do where the package of an engine is missing.

    Args:
        package (str): the package.
        extra (str): the extra that brings it.
    """
    return f"{package} is not installed: pip install 'aetia[{extra}]', or '.[{extra}]' in the repository"
