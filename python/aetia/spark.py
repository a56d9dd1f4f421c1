"""Scores data frames of Spark, each partition where it lies.

`pip install '.[spark]'` in the repository brings what it needs, but for Java.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from . import _engines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyspark.sql import DataFrame

    from ._aetia import Model
    from ._types import ScorerArguments

__all__ = ["score"]


def score(
    df: DataFrame,
    model: Model,
    *,
    id: str | Iterable[str],  # noqa: A002 (the word of whoever joins the results)
    **arguments: Unpack[ScorerArguments],
) -> DataFrame:
    """The results of every row of a data frame, computed by the workers when something asks for them.

    Every row is what `model.score` makes of it, to the bit, however Spark cuts the data and however often it starts a
    piece anew. The model travels as its canonical text and is compiled once a worker.

    Names of results have a dot: write them in backticks, as in ``scored.select("`posterior.fibromyalgia`")``.

    Args:
        df (DataFrame): the cases; its columns are read as `model.score` reads them.
        model (Model): the model.
        id (str | Iterable[str]): the columns that say which row is which, passed through: Spark keeps no order of rows.
        **arguments: what `Model.scorer` takes. `threads` is 1 where nothing is said: Spark runs a task for each core.
            `portable` is always on.

    Returns:
        DataFrame: the columns of `id`, those of `keep`, and the results, of plain types.

    Raises:
        ImportError: pyspark is not installed.
        TypeError: this is no data frame of Spark, or a column holds what is no answer.
        UnknownName: a column is missing, or is no indicator and nothing says what it is.
        ValueError: `id` names nothing.
    """
    try:
        from pyspark.sql import DataFrame as Frame  # noqa: PLC0415 (the package needs Python and nothing else)
    except ImportError as error:
        raise ImportError(_engines.missing("pyspark", "spark")) from error
    if not isinstance(df, Frame):
        message = f"expected a data frame of Spark, not {type(df).__name__}"
        raise TypeError(message)
    keep = _engines.passed(id, arguments.get("keep", ()))
    scorer = _engines.scorer(model, {**arguments, "keep": keep})
    read = scorer._read(df.columns)  # noqa: SLF001 (of this package)
    if len(read) < len(df.columns):
        # What is not read need not leave Spark, and Parquet need not be read for it.
        df = df.select(*(f"`{name.replace('`', '``')}`" for name in read))
    # No rows have the types of all rows, and a wrong column is an error here and not in a worker.
    schema = df.sparkSession.createDataFrame(scorer(df.limit(0).toArrow()).to_arrow()).schema
    names = df.columns
    # `mapInArrow` finds no column whose name has a dot, as those of results have.
    numbered = df.toDF(*(f"_{at}" for at in range(len(names))))
    return numbered.mapInArrow(lambda some: scorer.batches(one.rename_columns(names) for one in some), schema)
