"""Spark with executors in processes of their own: the results of one call, to the bit, whoever dies meanwhile."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import aetia
import aetia.spark
from scale.cases import ARGUMENTS, FEW, FILES, same
from scale.gate import gate, open_gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame
    from pyspark.status import SparkStageInfo, StatusTracker

# It says so of every version from 3 on; nothing here goes through pandas.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
# Seconds in which something must begin. It takes a few; a busy machine takes longer.
PATIENCE = 300


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Two executors, each a Java process with Python workers of its own."""
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        # A task a file.
        "spark.sql.files.minPartitionNum": str(FILES),
        # The workers find the package that is tested.
        "spark.executorEnv.PYTHONPATH": str(Path(aetia.__file__).parents[1]),
    }
    session = SparkSession.builder.master("local-cluster[2,1,1024]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def test_executors_give_what_one_call_gives(
    spark: SparkSession, files: Path, everything: pa.Table, model: aetia.Model, tmp_path: Path
) -> None:
    """All results, written by the executors."""
    target = tmp_path / "scored"
    aetia.spark.score(spark.read.parquet(str(files)), model, id="case_id", **ARGUMENTS).write.parquet(str(target))
    assert len(list(target.glob("*.parquet"))) == FILES
    same(pq.read_table(target), everything)


def executors() -> list[psutil.Process]:
    """The executors, which are not this process."""
    return [child for child in psutil.Process().children(recursive=True) if is_executor(child)]


def is_executor(process: psutil.Process) -> bool:
    """Whether a process is an executor, and still there."""
    try:
        return any("CoarseGrainedExecutorBackend" in word for word in process.cmdline())
    except psutil.Error:
        return False


def python_workers() -> list[psutil.Process]:
    """The Python workers of the executors: what their daemons have forked."""
    daemons = [child for executor in executors() for child in executor.children()]
    return [worker for daemon in daemons for worker in daemon.children()]


def stage_of(tracker: StatusTracker) -> SparkStageInfo | None:
    """The stage that has a task for each file, while it is at work."""
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    return next((stage for stage in stages if stage and stage.numTasks == FILES), None)


@pytest.fixture
def halved(spark: SparkSession, files: Path, model: aetia.Model, tmp_path: Path) -> DataFrame:
    """Results of which one half of the tasks waits for a gate to be opened."""
    go_through = gate(tmp_path, FILES // 2)

    def waiting(some: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        go_through()
        yield from some

    cases = spark.read.parquet(str(files))
    return aetia.spark.score(cases.mapInArrow(waiting, cases.schema), model, id="case_id", **FEW)


@pytest.mark.parametrize("find", [executors, python_workers])
def test_a_worker_that_is_killed_loses_nothing(
    halved: DataFrame, few: pa.Table, find: Callable[[], list[psutil.Process]], tmp_path: Path
) -> None:
    """Killed at work, after some tasks and before the last: others take over, and nothing is missing or double."""
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(halved.toArrow)
        try:
            kill_at_work(find, halved.sparkSession.sparkContext.statusTracker())
            assert not found.done(), "half-way is before the last tasks"
        finally:
            open_gate(tmp_path)
        same(found.result(PATIENCE), few)


def kill_at_work(find: Callable[[], list[psutil.Process]], tracker: StatusTracker) -> None:
    """Kills one of these once two tasks have ended. It may have had none: another, while no task has failed."""
    deadline, rest, failed = time.monotonic() + PATIENCE, 0.0, 0
    while not failed:
        assert time.monotonic() < deadline, "no task has failed"
        time.sleep(0.02)
        stage = stage_of(tracker)
        if stage is None or stage.numCompletedTasks < 2:
            continue
        failed = stage.numFailedTasks
        if not failed and time.monotonic() > rest and (victims := find()):
            victims[0].kill()
            # The driver hears of it a little later.
            rest = time.monotonic() + 5


def test_the_driver_says_what_is_wrong(spark: SparkSession, files: Path, model: aetia.Model) -> None:
    """Before any worker starts."""
    cases = spark.read.parquet(str(files))
    with pytest.raises(aetia.UnknownName, match="`keep`"):
        aetia.spark.score(cases, model, id="case_id", values=ARGUMENTS["values"])
    with pytest.raises(aetia.UnknownName, match="no column `id`"):
        aetia.spark.score(cases, model, id="id", **FEW)
    with pytest.raises(TypeError, match="holds texts"):
        aetia.spark.score(cases, model, id="case_id", columns={"night_pain": "hla_b27"})
    with pytest.raises(ValueError, match="`id`"):
        aetia.spark.score(cases, model, id=[])
    with pytest.raises(ValueError, match="`portable`"):
        aetia.spark.score(cases, model, id="case_id", portable=False)
    with pytest.raises(TypeError, match="data frame of Spark, not Table"):
        aetia.spark.score(pa.table({}), model, id="case_id")


def test_columns_are_read_by_the_names_they_are_given(spark: SparkSession, files: Path, model: aetia.Model) -> None:
    """Two ids, one of them with a gap, and an indicator that is read from a column of another name."""
    cases = spark.read.parquet(str(files / "00.parquet")).withColumnRenamed("night_pain", "q.17").limit(1000)
    said: Any = {"columns": {"night_pain": "q.17"}, "values": ARGUMENTS["values"]}
    scored = aetia.spark.score(cases, model, id=["case_id", "site"], **said)
    assert scored.columns[:3] == ["case_id", "site", "first"]
    found = scored.toArrow()
    given = cases.toArrow()
    alone = model.score(given, keep=["case_id", "site"], portable=True, **said).to_arrow()
    assert found.sort_by("case_id").equals(alone.sort_by("case_id"))
    assert "posterior.fibromyalgia" in scored.select("`posterior.fibromyalgia`").columns
