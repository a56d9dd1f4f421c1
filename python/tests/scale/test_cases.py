"""What engines are compared with is itself what one case after another gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import aetia
from scale.cases import ROWS, WORDS

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

# Every so many cases are assessed one by one.
STEP = 211


def test_there_are_enough_cases(everything: pa.Table) -> None:
    """Two million and more, some of which cannot be assessed."""
    assert everything.num_rows == ROWS >= 2_000_000
    assert 100 < ROWS - everything["error"].null_count < ROWS / 10
    assert pc.count_distinct(everything["case_id"]).as_py() == ROWS
    assert pc.count_distinct(everything["first"]).as_py() >= 3


def test_one_call_is_one_case_after_another(files: Path, everything: pa.Table, model: aetia.Model) -> None:
    given = pq.read_table(files).take(list(range(0, ROWS, STEP))).to_pylist()
    found = everything.take(list(range(0, ROWS, STEP))).to_pylist()
    for case, row in zip(given, found, strict=True):
        assert case.pop("case_id") == row["case_id"]
        assert case.pop("site") == row["site"]
        case["hla_b27"] = WORDS.get(case["hla_b27"])
        if row["error"] is not None:
            with pytest.raises(aetia.AetiaError):
                model.assess(case)
            continue
        result = model.assess(case)
        assert row["first"] == result.first.cause
        assert [row[f"posterior.{one.cause}"] for one in result.ranking] == [one.posterior for one in result.ranking]
        assert [row[f"flag.{flag.id}"] for flag in result.flags] == [flag.state for flag in result.flags]
