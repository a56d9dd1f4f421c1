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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@pytest.mark.parametrize("find", [executors, python_workers])
def test_a_worker_that_is_killed_loses_nothing(
    spark: SparkSession,
    files: Path,
    few: pa.Table,
    model: aetia.Model,
    find: Callable[[], list[psutil.Process]],
) -> None:
    """Killed after some of its tasks and before the last: the others take over, and nothing is missing or double."""
    scored = aetia.spark.score(spark.read.parquet(str(files)), model, id="case_id", **FEW)
    tracker = spark.sparkContext.statusTracker()
    ended, failed = [], 0
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(scored.toArrow)
        deadline, rest = time.monotonic() + PATIENCE, 0.0
        while not found.done() and not failed:
            assert time.monotonic() < deadline, "no task has failed"
            time.sleep(0.02)
            stage = stage_of(tracker)
            if stage is None or stage.numCompletedTasks < 2:
                continue
            failed = stage.numFailedTasks
            # Whom the signal meets between two tasks fails none: then it is another's turn.
            if time.monotonic() > rest and (victims := find()):
                victims[0].kill()
                ended.append(stage.numCompletedTasks)
                rest = time.monotonic() + 5
        same(found.result(PATIENCE), few)
    assert failed, "nobody was killed at work"
    assert ended[0] < FILES - 2, "half-way is before the last tasks"


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
