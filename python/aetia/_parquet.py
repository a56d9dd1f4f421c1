"""Parquet in, Parquet out: cohorts larger than memory."""

from __future__ import annotations

import os
from pathlib import Path

# `typing` would take most of the time of `import aetia`; checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Unpack

    from ._aetia import Model, Scorer
    from ._types import ScorerArguments

    AnyPath = str | os.PathLike[str]

# How much of a column is read from a file at once, in bytes: without a bound it would be the column of a row group.
_AT_ONCE = 1 << 20


def score_parquet(  # noqa: PLR0913 (all but three by their names)
    model: Model,
    source: AnyPath | Iterable[AnyPath],
    target: AnyPath,
    *,
    rows: int = 262_144,
    compression: str = "zstd",
    progress: Callable[[int], object] | None = None,
    **arguments: Unpack[ScorerArguments],
) -> tuple[int, int]:
    """Scores the cases of Parquet files, larger than memory, into one Parquet file: a row of results for each row.

    The target is there when all of it is, and not before: it is written beside its place, under a name that begins with
    a dot and ends in `.part`, and moved when it is on the disk. After a failure nothing is left; after a kill that file
    may be, and an earlier target stands as it was. The file's metadata name the model, its version, hash and notice.

    Args:
        model (Model): the model.
        source (AnyPath | Iterable[AnyPath]): a file, a pattern such as `"cases/*.parquet"`, a folder, whose files that
            end in `.parquet` are taken in the order of their names, or several of these.
        target (AnyPath): the file to write. One that is there is replaced.
        rows (int): how many rows are in memory at once, which are a row group of the target. Memory grows with it and
            with the number of columns, and not with the number of rows.
        compression (str): of the target: `"zstd"`, `"snappy"`, `"gzip"`, `"lz4"`, `"brotli"` or `"none"`.
        progress (Callable[[int], object] | None): called with the number of rows done since the last call, as the
            `update` of a tqdm bar is.
        **arguments: as for `Model.scorer`.

    Returns:
        tuple[int, int]: how many rows were written, and how many of them could not be assessed: their results are null,
        and the column `error` says why.

    Raises:
        ImportError: pyarrow is not installed.
        FileNotFoundError: there is no such source, or no folder for the target.
        IsADirectoryError: the target is a folder.
        ValueError: the target is one of the sources, or `rows` is no positive number.
        ValueError: the files differ in the types of columns that are passed through.
        UnknownName: a column is no indicator, and nothing says what it is, or one that was named is not there.
        TypeError: a column holds what is no answer.

    Example:
        rows, refused = aetia.score_parquet(model, "cases/*.parquet", "scores.parquet", keep=["case_id"])
    """
    try:
        from pyarrow import RecordBatchReader, schema  # noqa: PLC0415 (only where Parquet is read)
        from pyarrow.parquet import ParquetFile, ParquetWriter  # noqa: PLC0415
    except ImportError as error:
        message = f"score_parquet needs pyarrow, which reads and writes Parquet: pip install pyarrow ({error})"
        raise ImportError(message, name=error.name) from error
    if rows < 1:
        message = f"`rows` is {rows}; give a positive number"
        raise ValueError(message)
    target, files = Path(target), list(_files(source))
    if target.resolve() in {file.resolve() for file in files}:
        message = f"`{target}` is one of the sources; write to another file"
        raise ValueError(message)
    if target.is_dir():
        message = f"`{target}` is a folder; name the file to write"
        raise IsADirectoryError(message)
    if not isinstance(arguments.get("keep", ()), str):
        # It is read twice, which an iterator is not.
        arguments["keep"] = tuple(arguments.get("keep", ()))
    scorer = model.scorer(**arguments)
    # Every footer is looked at before a row is: a mistake shows at once, and not after an hour.
    columns = _columns(scorer, files, lambda file: ParquetFile(file).schema_arrow)
    written, refused = 0, 0
    said = {
        b"aetia." + name.encode(): str(getattr(model, name)).encode() for name in ("id", "version", "hash", "notice")
    }
    with (
        _Beside(target) as part,
        ParquetWriter(part, schema(columns).with_metadata(said), compression=compression) as writer,
    ):
        for file in files:
            with ParquetFile(file, pre_buffer=False, buffer_size=_AT_ONCE) as reader:
                read = scorer._read(reader.schema_arrow.names)  # noqa: SLF001 (of this package)
                for batch in reader.iter_batches(batch_size=rows, columns=read):
                    scores = scorer(batch)
                    for results in RecordBatchReader.from_stream(scores):
                        writer.write_batch(results)
                    written, refused = written + len(scores), refused + scores.errors
                    if progress is not None:
                        progress(len(scores))
    return written, refused


def _files(source: AnyPath | Iterable[AnyPath]) -> Iterator[Path]:
    """The files a source names, each of which is there."""
    if not isinstance(source, (str, os.PathLike)):
        for one in source:
            yield from _files(one)
        return
    path = Path(source)
    if path.is_file():
        yield path
        return
    pattern = path / "*.parquet" if path.is_dir() else path
    found = sorted(Path(pattern.anchor or ".").glob(str(pattern.relative_to(pattern.anchor or "."))))
    if not found:
        message = f"there is no file `{source}`, nor are there files that it is a pattern or a folder of"
        raise FileNotFoundError(message)
    yield from found


def _columns(scorer: Scorer, files: list[Path], columns_of: Callable[[Path], Any]) -> Any:  # noqa: ANN401 (of pyarrow)
    """The columns of the results, which are the same for all files."""
    first = None
    for file in files:
        columns = scorer.schema_for(columns_of(file))
        first = first or (file, columns)
        if first[1] != columns:
            message = f"`{first[0]}` and `{file}` differ in the types of columns that are passed through"
            raise ValueError(message)
    if first is None:
        raise FileNotFoundError("there is no source: the list of files is empty")
    return first[1]


class _Beside:
    """A file beside its place: moved there when all is well, and removed when not."""

    def __init__(self, target: Path) -> None:
        # The name is nobody else's; the mode is that of any new file.
        self.target, self.part = target, target.with_name(f".{target.name}.{os.urandom(6).hex()}.part")
        self.file = self.part.open("xb")

    def __enter__(self) -> Any:  # noqa: ANN401 (of the standard library, known to checkers by a long name)
        """The file to write to."""
        return self.file

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        """Moves it, so that after a crash of the machine either the old target is there or all of the new one."""
        try:
            if kind is None:
                self.file.flush()
                os.fsync(self.file.fileno())
                self.file.close()
                self.part.replace(self.target)
                _settle(self.target.parent)
        finally:
            self.file.close()
            self.part.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Has the disk remember the new name, where a folder can be asked to."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
