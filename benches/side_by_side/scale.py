"""Rows a second, from a call on a table in memory to a cluster of processes: the same cases, the same results.

Cases of the knowledge base of morning back pain, 20 of its indicators known in most rows, lie in Parquet files; first
cause and posteriors go to Parquet files. Each way runs in a process of its own, so that its peak of memory is its own,
and is checked: as many rows as there are cases, and the same causes come first in as many of them. What an engine takes
to start is a column of its own. Seconds of the processor are those of all its processes and threads; they are the
steadier figure where other work shares the machine. A way whose package is not installed is left out and named.

python benches/side_by_side/scale.py [--rows 10000000] [--folder PLACE] [--only WAY ...]
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import aetia

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    # Starts an engine if there is one to be started, and gives what is timed.
    Way = Callable[[Path, Path], Callable[[], object]]

FILES, INDICATORS = 16, 20
NAME, ID = "morning_back_pain", "case_id"
WORKERS = 2


def cases(rows: int, number: int) -> pa.Table:
    """The cases of a file: booleans, three in ten of them unknown, an age, and the minutes of morning stiffness."""
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(number)
    model = aetia.load(NAME)
    booleans = [one.id for one in model.indicators if one.kind == "boolean"][: INDICATORS - 2]
    columns = {ID: pa.array(number * rows + np.arange(rows))}
    for name in booleans:
        columns[name] = pa.array(chance.random(rows) < 0.3, mask=chance.random(rows) < 0.3)
    columns["age_at_onset"] = pa.array(chance.integers(15, 80, rows).astype(float))
    columns["morning_stiffness"] = pa.array(chance.integers(0, 90, rows).astype(np.int16))
    return pa.table(columns)


def one_call(source: Path, _: Path) -> Callable[[], object]:
    """A table in memory, results in memory."""
    import pyarrow.parquet as pq

    given = pq.read_table(source)
    model = aetia.load(NAME)
    return lambda: model.score(given, keep=[ID])


def one_thread(source: Path, _: Path) -> Callable[[], object]:
    """The same with one thread."""
    import pyarrow.parquet as pq

    given = pq.read_table(source)
    model = aetia.load(NAME)
    return lambda: model.score(given, keep=[ID], threads=1)


def parquet(source: Path, target: Path) -> Callable[[], object]:
    """File after file, batch after batch."""
    model = aetia.load(NAME)
    return lambda: aetia.score_parquet(model, source, target, keep=[ID])


def polars(source: Path, target: Path) -> Callable[[], object]:
    """A lazy frame, streamed."""
    import polars as pl

    scorer = aetia.load(NAME).scorer(keep=[ID], portable=True)
    given = pl.scan_parquet(source)
    schema = scorer(given.head(0).collect()).to_polars().schema
    scored = given.map_batches(
        lambda batch: scorer(batch).to_polars(),
        schema=schema,
        streamable=True,
        predicate_pushdown=False,
        projection_pushdown=False,
    )
    return lambda: scored.sink_parquet(target)


def dask(source: Path, target: Path) -> Callable[[], object]:
    """Two workers, each a process."""
    import dask.dataframe as dd
    from distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None)
    Client(cluster).wait_for_workers(WORKERS)
    scored = aetia.dask.score(dd.read_parquet(source), aetia.load(NAME), id=ID)
    return lambda: scored.to_parquet(target, write_index=False)


def spark(source: Path, target: Path) -> Callable[[], object]:
    """Two executors, each a process with Python workers of its own."""
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    settings = {"spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}
    settings |= {"spark.sql.files.minPartitionNum": str(FILES)}
    settings |= {"spark.executorEnv.PYTHONPATH": str(Path(aetia.__file__).parents[1])}
    session = SparkSession.builder.master(f"local-cluster[{WORKERS},1,1024]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    # Executors come when they come: the first work waits for them.
    session.range(WORKERS).repartition(WORKERS).count()
    scored = aetia.spark.score(session.read.parquet(str(source)), aetia.load(NAME), id=ID)
    return lambda: scored.write.parquet(str(target))


WAYS: dict[str, tuple[str, str, Way]] = {
    "one-call": ("one call, table in memory", "aetia", one_call),
    "one-thread": ("the same on one thread", "aetia", one_thread),
    "parquet": ("aetia.score_parquet", "aetia", parquet),
    "polars": ("polars, streamed", "polars", polars),
    "dask": (f"Dask, {WORKERS} processes", "dask", dask),
    "spark": (f"Spark, {WORKERS} executors", "pyspark", spark),
}


def firsts(found: pa.Table) -> dict[str, int]:
    """In how many rows each cause is first."""
    import pyarrow.compute as pc

    counts = pc.value_counts(found["first"].cast("string").combine_chunks()).to_pylist()
    return {str(one["values"]): one["counts"] for one in counts}


def spent() -> float:
    """Seconds of the processor that this process and those it has started have had."""
    import psutil

    own = psutil.Process()
    times = [process.cpu_times() for process in (own, *own.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def run(way: str, source: Path, target: Path) -> None:
    """Runs a way, and prints what it took as JSON."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    start = time.perf_counter()
    work = WAYS[way][2](source, target)
    before, begin = spent(), time.perf_counter()
    found = work()
    end, after = time.perf_counter(), spent()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scored = pq.read_table(target, columns=["first"]) if target.exists() else pa.table(found)
    took = {"start": begin - start, "seconds": end - begin, "spent": after - before, "peak": peak}
    print(json.dumps({**took, "firsts": firsts(scored)}))


def load() -> float:
    """How many processes have wanted a processor in the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def main() -> int:
    """Writes the cases, runs each way, and prints the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--only", nargs="*", choices=WAYS, default=list(WAYS))
    options.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.run:
        run(given.run[0], Path(given.run[1]), Path(given.run[2]))
        return 0
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        (folder / "cases").mkdir()
        each = given.rows // FILES
        for number in range(FILES):
            pq.write_table(cases(each, number), folder / "cases" / f"{number:02}.parquet")
        size = sum(path.stat().st_size for path in (folder / "cases").iterdir())
        print(f"{platform.machine()}, {os.cpu_count()} cores, load {load():.1f}, Python {platform.python_version()}")
        print(f"{each * FILES:,} rows, {INDICATORS} indicators, {FILES} files of {size / 2**20:,.0f} MiB together")
        heads = f"{'start s':>8} {'s':>7} {'CPU s':>7} {'rows a s':>11} {'a CPU s':>11} {'peak MiB':>9} {'load':>5}"
        print(f"{'way':<26} {'version':>9} {heads}")
        expected: dict[str, int] | None = None
        for way in given.only:
            title, package, _ = WAYS[way]
            target = folder / "scored"
            command = [sys.executable, __file__, "--run", way, str(folder / "cases"), str(target)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (this very file)
            if done.returncode:
                print(f"left out: {title} ({done.stderr.strip().splitlines()[-1]})")
                continue
            took = json.loads(done.stdout.splitlines()[-1])
            expected = expected or took["firsts"]
            if took["firsts"] != expected or sum(expected.values()) != each * FILES:
                print(f"WRONG: {title} does not give what {WAYS[given.only[0]][0]} gives")
                return 1
            speeds = " ".join(f"{each * FILES / took[which]:11,.0f}" for which in ("seconds", "spent"))
            figures = f"{took['start']:8.1f} {took['seconds']:7.2f} {took['spent']:7.2f} {speeds}"
            release = importlib.metadata.version(package) if package != "aetia" else aetia.__version__
            print(f"{title:<26} {release:>9} {figures} {took['peak'] / 1024:9,.0f} {load():5.1f}", flush=True)
            if target.is_dir():
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
