"""Scores data frames of Dask, each partition where it lies.

`pip install '.[dask]'` in the repository brings what it needs.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from . import _engines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dask.dataframe import DataFrame

    from ._aetia import Model, Scorer
    from ._types import ScorerArguments

__all__ = ["score"]


def score(
    ddf: DataFrame,
    model: Model,
    *,
    id: str | Iterable[str],  # noqa: A002 (the word of whoever joins the results)
    **arguments: Unpack[ScorerArguments],
) -> DataFrame:
    """The results of every row of a data frame, computed by the workers when something asks for them.

    Every row is what `model.score` makes of it, to the bit, however Dask cuts the data and however often it starts a
    piece anew. The model travels as its canonical text and is compiled once a worker.

    Args:
        ddf (DataFrame): the cases; its columns are read as `model.score` reads them. Its index stays.
        model (Model): the model.
        id (str | Iterable[str]): the columns that say which row is which, passed through as they are: partitions have
            no numbers of rows that hold for the whole.
        **arguments: what `Model.scorer` takes. `threads` is 1 where nothing is said: Dask runs a task for each thread
            of its own. `portable` is always on.

    Returns:
        DataFrame: the columns of `id`, those of `keep`, and the results, in types of Arrow, which are whole and null
            where those of numpy are not.

    Raises:
        ImportError: dask is not installed.
        TypeError: this is no data frame of Dask, or a column holds what is no answer.
        UnknownName: a column is missing, or is no indicator and nothing says what it is.
        ValueError: `id` names nothing.
    """
    try:
        from dask.dataframe import DataFrame as Frame  # noqa: PLC0415 (the package needs Python and nothing else)
        from dask.dataframe.dispatch import make_meta  # noqa: PLC0415 (as above)
    except ImportError as error:
        raise ImportError(_engines.missing("dask", "dask")) from error
    if not isinstance(ddf, Frame):
        message = f"expected a data frame of Dask, not {type(ddf).__name__}"
        raise TypeError(message)
    keep = _engines.passed(id, arguments.get("keep", ()))
    scorer = _engines.scorer(model, {**arguments, "keep": keep})
    part = partial(_part, scorer=scorer, keep=keep)
    # No rows have the types of all rows, and a wrong column is an error here and not in a worker.
    return ddf.map_partitions(part, meta=part(make_meta(ddf)))


def _part(frame: Any, *, scorer: Scorer, keep: list[str]) -> Any:  # noqa: ANN401 (of pandas, which need not be there)
    """The results of a partition."""
    from pandas import ArrowDtype  # noqa: PLC0415 (as above)

    # An index that is not a range would come as a column.
    scored = scorer(frame.reset_index(drop=True)).to_arrow().to_pandas(types_mapper=ArrowDtype)
    scored.index = frame.index
    # As they are: a column that is empty in one partition has the type that it has in the others.
    return scored.assign(**{name: frame[name] for name in keep})
