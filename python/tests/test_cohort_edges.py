"""What tables can be besides large: sliced, huge in their offsets, interrupted, and read where little is installed."""

from __future__ import annotations

import mmap
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import aetia

PACKAGE = Path(aetia.__file__).parent


def start(code: str) -> subprocess.Popen[str]:
    """A new interpreter with this package."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.Popen(  # noqa: S603 (this interpreter, a test's text)
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_libraries_are_imported_when_their_tables_are_asked_for() -> None:
    """Not before, although all of them are there."""
    code = """
        import sys, aetia
        scores = aetia.load("morning_back_pain").score({"night_pain": bytearray([1, 0, 1])})
        def loaded():
            return [name for name in ("pyarrow", "pandas", "polars", "numpy", "duckdb") if name in sys.modules]
        assert (len(scores), loaded()) == (3, []), loaded()
        assert type(scores.to_polars()).__name__ == "DataFrame" and "pyarrow" not in loaded()
        assert len(scores.to_arrow()) == 3 and "pandas" not in loaded()
        assert list(scores.to_pandas()["error"].isna()) == [True] * 3
    """
    with start(code) as process:
        error = process.communicate(timeout=120)[1]
    assert process.returncode == 0, error


def test_the_same_libraries_take_the_results(model: aetia.Model) -> None:
    scores = model.score({"night_pain": np.array([True, False, True])}, precision="float64")
    table = scores.to_arrow()
    assert pa.table(scores).equals(table)
    assert pl.DataFrame(scores).equals(scores.to_polars())
    assert scores.to_polars()["posterior.sleep_posture"].to_list() == table["posterior.sleep_posture"].to_pylist()
    assert scores.to_pandas()["first"].tolist() == table["first"].to_pylist()
    # By the name of the variable.
    query = 'select count(*), max("posterior.sleep_posture") from scores where "error" is null'
    assert duckdb.connect().sql(query).fetchall() == [(3, max(table["posterior.sleep_posture"].to_pylist()))]
    # As often as anybody likes, and whole each time.
    assert pa.table(scores).equals(pa.table(scores))


def test_results_share_their_memory(model: aetia.Model) -> None:
    """Two readers see one copy."""
    scores = model.score({"night_pain": np.arange(9) % 2 == 0})
    one, other = (pa.table(scores)["posterior.sleep_posture"].chunk(0).buffers()[1] for _ in range(2))
    assert one.address == other.address


def test_offsets_beyond_31_bits(model: aetia.Model) -> None:
    """Of texts in one memory of 2 GiB, of which only the last page is ever touched."""
    begin = 2**31 + 7
    memory = mmap.mmap(-1, begin + 8)
    memory[begin : begin + 5] = b"yesno"
    offsets = pa.array([0, begin, begin + 3, begin + 5, begin + 5], pa.int64())
    buffers = [None, offsets.buffers()[1], pa.py_buffer(memory)]
    whole = pa.Array.from_buffers(pa.large_string(), 4, buffers)
    texts = whole.slice(1)
    assert texts.to_pylist() == ["yes", "no", ""]
    values = {"yes": True, "no": False, "": None}
    scores = model.score(pa.table({"hla_b27": texts}), values=values).to_arrow()
    assert scores.equals(model.score(pa.table({"hla_b27": [True, False, None]})).to_arrow())


def test_slices_begin_where_they_begin(model: aetia.Model) -> None:
    """In values, in validity, in the keys of a dictionary and in its words; at bits that are no whole bytes."""
    words = pa.array(["no", None, "yes", "n/a", "zebra"]).slice(1, 3)
    keys = pa.array([0, 1, 2, None, 0, 1, 2, None] * 3, pa.int8())
    columns = {
        "night_pain": pa.array([True, False, None] * 8),
        "hla_b27": pa.DictionaryArray.from_arrays(keys, words),
        "age_at_onset": pa.array([30.0, None, 45.0, 60.0] * 6),
        "psoriasis": pa.array(["yes", "no", None] * 8, pa.string_view()),
    }
    values = {"yes": True, "no": False, "n/a": aetia.NOT_ASSESSABLE}
    whole = model.score(pa.table(columns), values=values).to_arrow().combine_chunks()
    assert whole["error"].null_count == 24
    for begin in range(1, 11):
        part = pa.table({name: column.slice(begin, 11) for name, column in columns.items()})
        assert (
            model.score(part, values=values).to_arrow().combine_chunks().equals(whole.slice(begin, 11).combine_chunks())
        )


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()])
def test_numbers_that_are_none_have_their_reason(model: aetia.Model, bad: float, kind: pa.DataType) -> None:
    table = pa.table({"age_at_onset": pa.array([30.0, bad, None], kind)})
    scores = model.score(table)
    assert [row for row, _ in scores.first_errors] == [1]
    with pytest.raises(aetia.AnswerMismatch) as caught:
        model.assess({"age_at_onset": bad})
    said = str(caught.value).partition(";")[0]
    assert scores.first_errors[0][1].startswith(said)
    fine = model.score(table, nullable=["age_at_onset"])
    assert fine.errors == (0 if np.isnan(bad) else 1)


def test_other_threads_run_meanwhile(model: aetia.Model) -> None:
    """One piece of a table, which takes its time, does not keep Python to itself."""
    rows = 262_144
    table = pa.table({one.id: np.arange(rows) % 3 == 0 for one in model.indicators if one.kind == "boolean"})
    scorer = model.scorer(outputs=["score", "flags", "contributions"], threads=1)
    counts, is_done, began = [0], threading.Event(), threading.Event()

    def count() -> None:
        while not is_done.is_set():
            began.set()
            counts[0] += 1
            time.sleep(0)

    other = threading.Thread(target=count)
    other.start()
    began.wait()

    def counted() -> int:
        before = counts[0]
        scorer(table)
        return counts[0] - before

    # Whoever kept the lock would let it go once or twice, before and after. A busy machine has no time for the other.
    found = any(counted() > 20 for _ in range(20))
    is_done.set()
    other.join()
    assert found, "nobody else had a turn"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_an_interrupt_ends_a_long_table() -> None:
    """Of more rows than anybody would wait for: one column of nothing, again and again."""
    code = """
        import pyarrow, aetia
        model = aetia.load("morning_back_pain")
        table = pyarrow.table({"night_pain": pyarrow.chunked_array([pyarrow.nulls(262_144)] * 100_000)})
        print("ready", flush=True)
        model.score(table, outputs=["first"])
    """
    with start(code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=60)[1]
        took = time.monotonic() - sent
    assert "KeyboardInterrupt" in error
    assert took < 30
    assert process.returncode == -signal.SIGINT


def test_what_progress_raises_comes_through(model: aetia.Model) -> None:
    def stop(done: int) -> None:
        raise RuntimeError(str(done))

    with pytest.raises(RuntimeError, match="3"):
        model.score({"night_pain": bytearray(3)}, progress=stop)


def test_memories_that_end_early_are_refused(model: aetia.Model) -> None:
    """A stream that was read, or is none, says so."""

    class Spent:
        def __init__(self, table: pa.Table) -> None:
            self.capsule = table.__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.capsule

    spent = Spent(pa.table({"night_pain": [True]}))
    assert len(model.score(spent)) == 1
    with pytest.raises(ValueError, match="cannot be read"):
        model.score(spent)

    class Wrong:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pa.schema([]).__arrow_c_schema__()

    with pytest.raises((ValueError, TypeError)):
        model.score(Wrong())


def test_one_array_of_rows_is_a_table(model: aetia.Model) -> None:
    """What only has `__arrow_c_array__` is read once, alone or among others; what is no table there is refused."""

    class Rows:
        def __init__(self, array: pa.RecordBatch | pa.Array) -> None:
            self.capsules: tuple[object, object] = array.__arrow_c_array__()

        def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
            return self.capsules

    batch = pa.record_batch({"night_pain": [True, None, False]})
    expected = model.score(pa.table(batch)).to_arrow()
    rows = Rows(batch)
    assert model.score(rows).to_arrow().equals(expected)
    with pytest.raises(ValueError, match="taken already"):
        model.score(rows)
    assert model.score([Rows(batch), batch]).to_arrow().equals(pa.concat_tables([expected, expected]))
    assert pa.Table.from_batches(model.scorer().batches(Rows(batch))).equals(expected)
    with pytest.raises(TypeError, match="expected a record batch"):
        model.score(Rows(pa.array([True])))
