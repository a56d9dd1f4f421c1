"""Dask with workers in processes of their own: the results of one call, to the bit, whoever dies meanwhile."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import dask.dataframe as dd
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster, futures_of

import aetia
import aetia.dask
from scale.cases import ARGUMENTS, FEW, FILES, same
from scale.gate import gate, open_gate

if TYPE_CHECKING:
    from collections.abc import Iterator

# Seconds in which something must begin. It takes a few; a busy machine takes longer.
PATIENCE = 300


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers, each a process."""
    environment = {"PYTHONPATH": str(Path(aetia.__file__).parents[1])}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, env=environment) as cluster,
        Client(cluster) as client,
    ):
        yield client


def table(frame: pd.DataFrame, like: pa.Table) -> pa.Table:
    """What Dask gives, with the types of one call."""
    return pa.Table.from_pandas(frame, schema=like.schema, preserve_index=False)


def test_workers_give_what_one_call_gives(
    client: Client, files: Path, everything: pa.Table, model: aetia.Model, tmp_path: Path
) -> None:
    """All results, written by the workers, and none of them computed here."""
    scored = aetia.dask.score(dd.read_parquet(files, split_row_groups=False), model, id="case_id", **ARGUMENTS)
    assert os.getpid() not in client.run(os.getpid).values()
    scored.to_parquet(tmp_path / "scored", write_index=False)
    same(pq.read_table(tmp_path / "scored").cast(everything.schema), everything)


def test_a_worker_that_is_killed_loses_nothing(
    client: Client, files: Path, few: pa.Table, model: aetia.Model, tmp_path: Path
) -> None:
    """Killed with results in its memory and before the last are there: they are computed again."""
    go_through = gate(tmp_path, FILES // 2)

    def waiting(part: pd.DataFrame) -> pd.DataFrame:
        go_through()
        return part

    processes = {worker: psutil.Process(pid) for worker, pid in client.run(os.getpid).items()}
    cases = dd.read_parquet(files, split_row_groups=False)
    scored = aetia.dask.score(cases.map_partitions(waiting, meta=cases), model, id="case_id", **FEW).persist()
    parts = futures_of(scored)
    assert len(parts) == FILES
    try:
        deadline = time.monotonic() + PATIENCE
        while not (holders := [worker for worker, held in client.has_what().items() if len(held) > 1]):
            assert time.monotonic() < deadline, "no task has ended"
            time.sleep(0.02)
        victim = holders[0]
        processes[victim].kill()
        assert sum(part.done() for part in parts) <= FILES // 2, "half-way is before the last tasks"
    finally:
        open_gate(tmp_path)
    same(table(scored.compute(), few), few)
    assert victim not in client.has_what(), "nobody was killed"


def test_the_caller_is_told_what_is_wrong(files: Path, model: aetia.Model) -> None:
    """Before any worker starts."""
    cases = dd.read_parquet(files)
    with pytest.raises(aetia.UnknownName, match="`keep`"):
        aetia.dask.score(cases, model, id="case_id", values=ARGUMENTS["values"])
    with pytest.raises(aetia.UnknownName, match="no column `id`"):
        aetia.dask.score(cases, model, id="id", **FEW)
    with pytest.raises(ValueError, match="`id`"):
        aetia.dask.score(cases, model, id=[])
    with pytest.raises(ValueError, match="`portable`"):
        aetia.dask.score(cases, model, id="case_id", portable=False)
    with pytest.raises(TypeError, match="data frame of Dask, not DataFrame"):
        aetia.dask.score(pd.DataFrame(), model, id="case_id")


def test_an_index_stays_and_ids_are_as_they_were(model: aetia.Model) -> None:
    """Whatever pandas holds in them, and where a partition is empty or a column of it."""
    frame = pd.DataFrame(
        {
            "name": ["a", None, None, "d"],
            "seen": pd.Categorical(["x", "y", "x", None]),
            "night_pain": pd.array([True, None, None, False], dtype="boolean"),
        },
        index=pd.Index([10, 20, 30, 40], name="visit"),
    )
    cases = dd.from_pandas(frame, npartitions=2)
    scored = aetia.dask.score(
        cases.map_partitions(lambda part: part.drop(20, errors="ignore")), model, id="name", keep="seen"
    )
    found = scored.compute(scheduler="synchronous")
    assert scored.divisions == cases.divisions
    assert list(found.index) == [10, 30, 40]
    assert found.dtypes.to_dict() == scored.dtypes.to_dict()
    assert found["seen"].equals(frame["seen"].drop(20))
    rows = [{"night_pain": True}, {}, {"night_pain": False}]
    assert found["first"].to_list() == [model.assess(row).first.cause for row in rows]
