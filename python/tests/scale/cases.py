"""Cases in files, more than two million, and what one call on this machine makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import aetia

if TYPE_CHECKING:
    from pathlib import Path

    from aetia._types import ScorerArguments

FILES, EACH = 16, 131_072
ROWS = FILES * EACH
WORDS = {"yes": True, "no": False, "n/a": aetia.NOT_ASSESSABLE}
NAME = "morning_back_pain"
# How the cases are to be read, and results of every type.
ARGUMENTS: ScorerArguments = {
    "values": WORDS,
    "outputs": ("first", "posterior", "score", "margin", "gates", "flags"),
    "precision": "float64",
    "keep": ["site"],
}
# Results that are small enough to be collected.
FEW: ScorerArguments = {**ARGUMENTS, "outputs": ("first", "posterior", "margin")}


def table(number: int, rows: int = EACH) -> pa.Table:
    """The cases of a file: of every type, with gaps, in no order, and a few that cannot be assessed."""
    chance = np.random.default_rng(number)

    def gaps() -> Any:
        return chance.random(rows) < 0.3

    def some(values: list[str]) -> pa.Array:
        return pa.array(np.array(values)[chance.integers(0, len(values), rows)], mask=gaps())

    age = chance.integers(15, 80, rows).astype(float)
    age[chance.random(rows) < 0.001] = np.inf
    woken = chance.random(rows) < 0.002
    return pa.table(
        {
            "case_id": number * EACH + chance.permutation(rows),
            "site": some(["north", "south"]),
            "night_pain": pa.array(chance.random(rows) < 0.5, mask=gaps()),
            # Who is woken by pain has pain at night: some of these contradict themselves.
            "wakes_second_half_of_night": pa.array(woken, mask=~woken),
            "alternating_buttock_pain": pa.array(chance.random(rows) < 0.2, mask=gaps()),
            "saddle_numbness": pa.array(chance.random(rows) < 0.05, mask=gaps()),
            "morning_stiffness": pa.array(chance.integers(0, 90, rows).astype(np.int16), mask=gaps()),
            "age_at_onset": pa.array(age, mask=gaps()),
            "hla_b27": some(list(WORDS)),
            "pain_pattern": some(["intermittent", "most_days", "constant"]),
        }
    )


def write(folder: Path) -> None:
    """Writes the files."""
    for number in range(FILES):
        pq.write_table(table(number), folder / f"{number:02}.parquet")


def local(folder: Path, arguments: ScorerArguments) -> pa.Table:
    """The results of one call, with the types that engines get."""
    keep = ["case_id", *arguments.get("keep", ())]
    plain: ScorerArguments = {**arguments, "keep": keep, "portable": True}
    return aetia.load(NAME).score(pq.read_table(folder), **plain).to_arrow()


def bits(scored: pa.Table) -> pa.Table:
    """Results by case, with the bits of floats as whole numbers, so that equal ones are equal to the bit."""
    scored = scored.sort_by("case_id").combine_chunks()
    columns = {
        name: column.chunk(0).view(pa.int64()) if pa.types.is_float64(column.type) else column
        for name, column in zip(scored.column_names, scored.columns, strict=True)
    }
    return pa.table(columns)


def same(found: pa.Table, expected: pa.Table) -> None:
    """Both have the same columns, rows, types and bits."""
    assert found.column_names == expected.column_names, found.column_names
    assert found.num_rows == expected.num_rows, f"{found.num_rows} rows, expected {expected.num_rows}"
    one, other = bits(found), bits(expected)
    assert one.schema.types == other.schema.types, one.schema.types
    differ = [name for name in one.column_names if not one[name].equals(other[name])]
    assert not differ, f"these columns differ: {differ}"
