"""What scorers do in Python: travel, and go through streams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ._aetia import Model, Scorer


def scorer(model: Model, arguments: dict[str, Any]) -> Scorer:
    """The scorer of a model with these arguments."""
    return model.scorer(**arguments)


def batches(scorer: Scorer, data: Any, progress: Callable[[int], object] | None) -> Iterator[Any]:  # noqa: ANN401
    """The results of tables, batch by batch; `pyarrow` is there, or this says so before anything is read."""
    from pyarrow import RecordBatchReader  # noqa: PLC0415 (only where its batches are wanted)

    # Tables and mappings may be iterable too, and yield their columns.
    tables: Iterable[Any] = data
    if hasattr(data, "__arrow_c_stream__"):
        tables = RecordBatchReader.from_stream(data)
    elif hasattr(data, "__arrow_c_array__") or isinstance(data, Mapping):
        tables = [data]

    def scored() -> Iterator[Any]:
        for table in tables:
            yield from RecordBatchReader.from_stream(scorer(table, progress=progress))

    return scored()
