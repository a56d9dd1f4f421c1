"""The examples and the recipes of the page do what one call does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import aetia
from scale.cases import same, table

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "crates/aetia-py/docs/scale.md").read_text("utf-8")
# Rows enough for several batches.
ROWS = 50_000


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of cases, `cases.parquet`: an id, and indicators that need no words of their own."""
    folder = tmp_path_factory.mktemp("recipes")
    given = table(0, ROWS).drop_columns(["site", "hla_b27"])
    pq.write_table(given, folder / "cases.parquet", row_group_size=ROWS // 5)
    return folder


@pytest.fixture(scope="module")
def expected(cases: Path) -> pa.Table:
    """One call."""
    given = pq.read_table(cases / "cases.parquet")
    return aetia.load("morning_back_pain").score(given, keep=["case_id"], portable=True).to_arrow()


def recipe(name: str) -> str:
    """The code of a recipe: the first block of Python under its heading."""
    (section,) = re.findall(rf"^### {name}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return str(re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)[0])


@pytest.mark.parametrize("name", ["Parquet, one file after the other", "polars", "DataFusion"])
def test_recipes(name: str, cases: Path, expected: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with the file that they read, and writing the one that they write."""
    monkeypatch.chdir(cases)
    (cases / "scored.parquet").unlink(missing_ok=True)
    exec(compile(recipe(name), f"scale.md: {name}", "exec"), {})  # noqa: S102 (that is the test)
    found = pq.read_table(cases / "scored.parquet")
    same(found.cast(expected.schema), expected)


@pytest.mark.parametrize("engine", ["spark", "dask"])
def test_examples(engine: str, cases: Path, expected: pa.Table, tmp_path: Path) -> None:
    """As a user starts them."""
    command = [sys.executable, str(ROOT / f"examples/engines/on_{engine}.py"), str(cases / "cases.parquet")]
    environment = os.environ | {
        "PYTHONPATH": str(Path(aetia.__file__).parents[1]),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    target = tmp_path / "scored.parquet"
    done = subprocess.run([*command, str(target)], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    assert done.returncode == 0, done.stderr
    found = pq.read_table(target)
    found = found.select([name for name in found.column_names if not name.startswith("__")])
    same(found.cast(expected.schema), expected)
