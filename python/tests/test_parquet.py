"""Parquet in, Parquet out: the results of one call, in bounded memory, and never half of them."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import aetia

PACKAGE = Path(aetia.__file__).parent
ROWS = 10_000


def cases(rows: int = ROWS) -> pa.Table:
    """So many cases; one in a hundred is none."""
    at = np.arange(rows)
    return pa.table(
        {
            "case_id": [f"case {n}" for n in range(rows)],
            "night_pain": pa.array(at % 3 == 0, mask=at % 7 == 0),
            "age_at_onset": np.where(at % 100 == 0, np.inf, at % 60 + 10.0),
            "hla_b27": np.where(at % 2 == 0, "yes", "no").tolist(),
        }
    )


ARGUMENTS: dict[str, Any] = {"keep": ["case_id"], "values": {"yes": True, "no": False}}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "cases.parquet"
    pq.write_table(cases(), path, row_group_size=999)
    return path


def read(path: Path) -> pa.Table:
    """A file without what is said beside its columns."""
    return pq.read_table(path).replace_schema_metadata(None)


def plain(table: pa.Table) -> pa.Table:
    """The same with words written out: a file keeps those words of a dictionary that occur."""
    fields = [(it.name, pa.string() if pa.types.is_dictionary(it.type) else it.type) for it in table.schema]
    return table.cast(pa.schema(fields)).combine_chunks()


@pytest.mark.parametrize("rows", [1_000, 262_144])
@pytest.mark.parametrize("portable", [False, True])
def test_a_file_is_scored_as_its_table(
    model: aetia.Model, source: Path, tmp_path: Path, rows: int, *, portable: bool
) -> None:
    target, done = tmp_path / "scores.parquet", list[int]()
    found = aetia.score_parquet(model, source, target, rows=rows, progress=done.append, portable=portable, **ARGUMENTS)
    expected = model.score(cases(), portable=portable, **ARGUMENTS)
    assert read(target).schema == expected.to_arrow().schema
    assert plain(read(target)).equals(plain(expected.to_arrow()))
    assert found == (ROWS, expected.errors) == (ROWS, ROWS // 100)
    assert sum(done) == ROWS
    assert max(done) <= rows
    said = pq.read_schema(target).metadata
    assert said[b"aetia.hash"] == model.hash.encode()
    assert said[b"aetia.notice"] == model.notice.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.parquet", "scores.parquet"]
    # As any other new file, for all whom the process lets read.
    (tmp_path / "other").touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_sources_are_files_patterns_and_folders(model: aetia.Model, tmp_path: Path) -> None:
    table, folder = cases(30), tmp_path / "cases"
    folder.mkdir()
    for at in range(3):
        pq.write_table(table.slice(10 * at, 10), folder / f"part-{at}.parquet")
    (folder / "readme.txt").write_text("no table")
    names = [folder / f"part-{at}.parquet" for at in range(3)]
    for one in (
        folder,
        str(folder),
        str(folder / "part-*.parquet"),
        names,
        iter([names[0], folder / "*-[12].parquet"]),
    ):
        target = tmp_path / "scores.parquet"
        assert aetia.score_parquet(model, one, target, **ARGUMENTS)[0] == 30
        assert read(target)["case_id"].equals(table["case_id"]), one
    with pytest.raises(FileNotFoundError, match="there is no file"):
        aetia.score_parquet(model, tmp_path / "nothing.parquet", target)
    with pytest.raises(FileNotFoundError, match="list of files is empty"):
        aetia.score_parquet(model, [], target)


def test_only_the_columns_that_are_named_are_read(model: aetia.Model, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    other = cases().append_column("notes", pa.array([[{"text": "long"}]] * ROWS))
    pq.write_table(other.rename_columns(["id", "q1", "q2", "q3", "notes"]), source)
    aetia.score_parquet(model, source, target, columns={"night_pain": "q1"}, keep=iter(["id"]))
    expected = model.score(cases().select(["night_pain"])).to_arrow()
    assert plain(read(target).drop_columns(["id"])).equals(plain(expected))
    assert read(target)["id"].equals(cases()["case_id"])


def test_an_empty_file_has_the_columns(model: aetia.Model, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    pq.write_table(cases(0), source)
    assert aetia.score_parquet(model, source, target, **ARGUMENTS) == (0, 0)
    assert read(target).schema == model.score(cases(0), **ARGUMENTS).to_arrow().schema


def test_mistakes_show_before_any_row(model: aetia.Model, source: Path, tmp_path: Path) -> None:
    target, done = tmp_path / "scores.parquet", list[int]()
    other = tmp_path / "other.parquet"
    pq.write_table(cases(5).set_column(0, "case_id", pa.array(range(5))), other)
    wrong: list[tuple[type[Exception], str, Any, Any, dict[str, Any]]] = [
        (ValueError, "one of the sources", source, source, ARGUMENTS),
        (ValueError, "positive", source, target, {"rows": 0}),
        (ValueError, "differ", [source, other], target, ARGUMENTS),
        (IsADirectoryError, "folder", source, tmp_path, ARGUMENTS),
        (FileNotFoundError, "nowhere", source, tmp_path / "nowhere" / "scores.parquet", ARGUMENTS),
        (aetia.UnknownName, "case_id", source, target, {}),
        (aetia.UnknownName, "zebra", source, target, {"keep": ["zebra"], "columns": {}}),
        (TypeError, "not one text", source, target, {"keep": "case_id"}),
    ]
    for kind, words, origin, place, arguments in wrong:
        with pytest.raises(kind, match=words):
            aetia.score_parquet(model, origin, place, progress=done.append, **arguments)
    assert done == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.parquet", "other.parquet"]


def test_a_failure_leaves_the_earlier_target(model: aetia.Model, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    target.write_text("earlier")

    def stop(done: int) -> None:
        assert done
        assert [path for path in tmp_path.iterdir() if path.suffix == ".part"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        aetia.score_parquet(model, source, target, rows=1_000, progress=stop, **ARGUMENTS)
    assert target.read_text() == "earlier"
    # Half of the file cannot be read.
    blob = bytearray(source.read_bytes())
    blob[len(blob) // 3 : len(blob) // 2] = bytes(len(blob) // 2 - len(blob) // 3)
    source.write_bytes(blob)
    with pytest.raises((OSError, ValueError)):
        aetia.score_parquet(model, source, target, rows=1_000, **ARGUMENTS)
    assert target.read_text() == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.parquet", "scores.parquet"]


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A new interpreter with this package."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 (this interpreter)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed otherwise here")
def test_a_kill_leaves_the_earlier_target_or_none(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "scores.parquet"
    code = """
        import sys, time, aetia
        def slowly(done):
            print(done, flush=True)
            time.sleep(60)
        model = aetia.load("morning_back_pain")
        values = {"yes": True, "no": False}
        arguments = {"rows": 1000, "values": values, "keep": ["case_id"], "progress": slowly}
        aetia.score_parquet(model, sys.argv[1], sys.argv[2], **arguments)
    """
    for earlier in (None, "earlier"):
        if earlier:
            target.write_text(earlier)
        with start(code, source, target) as process:
            assert process.stdout is not None
            assert int(process.stdout.readline()) > 0
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert (target.read_text() if target.exists() else None) == earlier
        # What is left says by its name that it is no result, and is in nobody's way.
        parts = [path.name for path in tmp_path.iterdir() if path.name not in {"cases.parquet", "scores.parquet"}]
        assert parts
        assert all(re.fullmatch(r"\.scores\.parquet\.[0-9a-f]{12}\.part", name) for name in parts)


MEMORY = """
    import sys, aetia
    model = aetia.load("morning_back_pain")
    rows, _ = aetia.score_parquet(model, sys.argv[1], sys.argv[2], rows=65536, keep=["case_id"])
    with open("/proc/self/status") as status:
        (peak,) = (line.split()[1] for line in status if line.startswith("VmHWM:"))
    print(rows, int(peak) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of the peak on Linux")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """The peak of a process, in MiB: twenty times the rows, in one row group, in the same memory."""
    peaks = []
    for rows in (200_000, 4_000_000):
        source, at = tmp_path / f"{rows}.parquet", np.arange(rows)
        columns = dict.fromkeys(("night_pain", "hla_b27", "enthesitis"), at * 7919 % 101 % 3 == 0)
        pq.write_table(pa.table({"case_id": at, **columns}), source, row_group_size=rows)
        with start(MEMORY, source, tmp_path / "scores.parquet") as process:
            assert process.stdout is not None
            found, peak = map(int, process.stdout.read().split())
        assert (found, process.returncode) == (rows, 0)
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 32, peaks


def test_without_pyarrow_it_says_what_is_missing(tmp_path: Path) -> None:
    code = """
        import sys
        sys.modules["pyarrow"] = None
        import aetia
        try:
            aetia.score_parquet(aetia.load("morning_back_pain"), "cases.parquet", "scores.parquet")
        except ImportError as error:
            print(error)
    """
    with start(code) as process:
        assert process.stdout is not None
        assert "pip install pyarrow" in process.stdout.read()
    assert not list(tmp_path.iterdir())
