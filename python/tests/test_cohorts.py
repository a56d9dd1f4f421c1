"""Tables in, tables out: the results of one case at a time to the bit, from every library."""

from __future__ import annotations

import math
import pickle
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import aetia
import synthetic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aetia._types import Link, Output

NA = aetia.NOT_ASSESSABLE
MEANINGS = {"yes": True, "no": False, "n/a": NA}
EVERYTHING: tuple[Output, ...] = (
    "first",
    "posterior",
    "score",
    "margin",
    "order",
    "gates",
    "flags",
    "contributions",
)


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return pa.table(
        {
            "case_id": [11, 12, 13, 14],
            "night_pain": pa.array([True, None, False, True]),
            "age_at_onset": pa.array([30.0, 50.0, None, 20.0]),
            "hla_b27": pa.array(["yes", "no", None, "n/a"]),
            "morning_stiffness": pa.array([45, 10, None, 0], pa.int16()),
        }
    )


def findings(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table as `assess` takes them."""
    rows = table.drop_columns(["case_id"]).to_pylist()

    def said(value: Any) -> Any:
        return MEANINGS[value] if isinstance(value, str) else value

    return [{name: said(value) for name, value in row.items()} for row in rows]


def same(model: aetia.Model, scored: dict[str, Any], case: dict[str, Any], **options: Any) -> None:
    """A row of results is the result of its case, number by number."""
    result = model.assess(case, **options)
    assert scored["first"] == result.first.cause
    for candidate in result.ranking:
        assert scored[f"posterior.{candidate.cause}"] == candidate.posterior
        assert scored[f"score.{candidate.cause}"] == candidate.score.nanodecibans
    assert scored[f"posterior.{result.comparator.id}"] == result.comparator.posterior
    for flag in result.flags:
        assert scored[f"flag.{flag.id}"] == flag.state
    for rank in (1, 2, 3):
        assert scored[f"rank_{rank}"] == result.ranking[rank - 1].cause
    margin = result.ranking[1].margin
    assert margin is not None
    assert scored["margin"] == margin.nanodecibans


@pytest.mark.parametrize("link", ["exclusive", "independent"])
@pytest.mark.parametrize("setting", ["primary_care", "rheumatology"])
def test_a_table_gives_what_its_cases_give(model: aetia.Model, table: pa.Table, setting: str, link: Link) -> None:
    scores = model.score(
        table,
        outputs=EVERYTHING,
        values=MEANINGS,
        keep=["case_id"],
        precision="float64",
        setting=setting,
        link=link,
    )
    rows = scores.to_arrow().to_pylist()
    assert [row["case_id"] for row in rows] == [11, 12, 13, 14]
    for row, case in zip(rows, findings(table), strict=True):
        same(model, row, case, setting=setting, link=link)
        assert row["error"] is None
    assert (len(scores), scores.errors, scores.notice) == (4, 0, model.notice)


def test_float32_is_rounded_last(model: aetia.Model, table: pa.Table) -> None:
    wide, narrow = (
        model.score(table, values=MEANINGS, keep=["case_id"], precision=precision).to_arrow()
        for precision in ("float64", "float32")
    )
    for name in wide.column_names:
        if name.startswith("posterior."):
            assert wide[name].cast(pa.float32()).equals(narrow[name])


def test_every_library_gives_the_same(model: aetia.Model, table: pa.Table) -> None:
    scorer = model.scorer(outputs=EVERYTHING, values=MEANINGS, keep=["case_id"], precision="float64")
    expected = scorer(table).to_arrow()
    frame = pl.from_arrow(table)
    categories = table.set_column(3, "hla_b27", table["hla_b27"].dictionary_encode())
    views = table.set_column(3, "hla_b27", table["hla_b27"].cast(pa.string_view()))
    large = table.set_column(3, "hla_b27", table["hla_b27"].cast(pa.large_string()))
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1)])
    sliced = pa.concat_tables([table, table]).slice(4)
    rows = table
    connection = duckdb.connect()
    tables = {
        "polars": frame,
        "pandas": table.to_pandas(types_mapper=pd.ArrowDtype),
        "categories": categories,
        "views": views,
        "large": large,
        "chunked": chunked,
        "sliced": sliced,
        "duckdb": connection.sql("select * from rows"),
        "batch": table.combine_chunks().to_batches()[0],
        "batches": table.to_batches(max_chunksize=2),
    }
    assert rows.num_rows == 4
    for name, other in tables.items():
        assert scorer(other).to_arrow().combine_chunks().equals(expected.combine_chunks()), name


def test_arrays_of_numpy(model: aetia.Model) -> None:
    night_pain = np.array([True, False, True, False])
    age = np.array([30.0, 50.0, math.nan, 20.0])
    scores = model.score(
        {"night_pain": night_pain, "age_at_onset": age, "hla_b27": np.array([1, 0, -1, 1], np.int8)},
        outputs=EVERYTHING,
        precision="float64",
        nullable=["age_at_onset"],
    )
    rows = scores.to_arrow().to_pylist()
    cases: list[dict[str, Any]] = [
        {"night_pain": True, "age_at_onset": 30.0, "hla_b27": True},
        {"night_pain": False, "age_at_onset": 50.0, "hla_b27": False},
        {"night_pain": True},
        {"night_pain": False, "age_at_onset": 20.0, "hla_b27": True},
    ]
    for row, case in zip(rows, cases, strict=True):
        same(model, row, case)
    # Every other row of a longer array is no array of its own.
    strided = model.score({"night_pain": np.repeat(night_pain, 2)[::2]}).to_arrow()
    assert strided.equals(model.score({"night_pain": night_pain}).to_arrow())


def test_a_bad_row_stops_no_other(model: aetia.Model) -> None:
    table = pa.table({"age_at_onset": [30.0, math.inf, math.nan, 40.0], "night_pain": [True] * 4})
    scores = model.score(table, outputs=EVERYTHING)
    rows = scores.to_arrow().to_pylist()
    assert scores.errors == 2
    assert [row["error"] is None for row in rows] == [True, False, False, True]
    assert "age_at_onset" in rows[1]["error"]
    assert all(value is None for name, value in rows[1].items() if name != "error")
    assert scores.first_errors == tuple((row, rows[row]["error"]) for row in (1, 2))
    assert repr(scores).endswith(f"2 without a result, the first in row 1: {rows[1]['error']}>")


def test_a_word_nobody_explained_is_named_with_its_column_and_its_rows(model: aetia.Model) -> None:
    words = ["yes", "perhaps", None, "n/a"] * 10
    table = pa.table({"q17": words})
    scores = model.score(table.to_batches(max_chunksize=3), values=MEANINGS, columns={"hla_b27": "q17"})
    assert scores.errors == 10
    rows, reasons = zip(*scores.first_errors, strict=True)
    assert rows == tuple(range(1, 40, 4))
    assert all("`perhaps`" in reason and "(column `q17`)" in reason for reason in reasons)
    more = model.score(table, values={**MEANINGS, "perhaps": None}, columns={"hla_b27": "q17"})
    assert (more.errors, more.first_errors) == (0, ())
    assert len(model.score(pa.table({"hla_b27": ["perhaps"] * 30}), values=MEANINGS).first_errors) == 10


def test_answers_that_contradict_each_other(model: aetia.Model) -> None:
    case = {"wakes_second_half_of_night": True, "night_pain": False}
    with pytest.raises(aetia.ContradictoryFindings) as caught:
        model.assess(case)
    table = pa.table({name: [value] for name, value in case.items()})
    assert model.score(table).to_arrow()["error"][0].as_py() == str(caught.value)


def test_wrong_calls_say_what_to_do(model: aetia.Model, table: pa.Table) -> None:
    with pytest.raises(aetia.UnknownName, match="`keep`"):
        model.score(table)
    with pytest.raises(aetia.UnknownName, match="did you mean `night_pain`"):
        model.score(pa.table({"night_pian": [True]}))
    with pytest.raises(aetia.UnknownName, match="it has case_id"):
        model.score(table, columns={"night_pain": "q17"})
    with pytest.raises(aetia.UnknownName):
        model.score(table, columns={"zebra": "case_id"})
    with pytest.raises(aetia.UnknownName, match="expected `first`"):
        model.score(table, outputs=["frist"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="unexpected"):
        model.score(table, foo=1)  # type: ignore[call-arg]
    # The column, what it is read for, and the first rows that say so, counted over all batches.
    words = (
        r'the column `hla_b27` \(of `night_pain`\) holds texts: "yes" in row 0, "no" in row 1, "n/a" in row 3;'
        r" a boolean indicator as `night_pain` takes .*, or say by `values` what they mean"
    )
    with pytest.raises(TypeError, match=words):
        model.score(table, columns={"night_pain": "hla_b27"})
    categories = pa.table({"night_pain": pa.array([None, "yes"]).dictionary_encode()})
    with pytest.raises(TypeError, match=r'the column `night_pain` holds .*: "yes" in row 1;'):
        model.score(categories)
    with pytest.raises(TypeError, match=r"holds floats: 0.5 in row 0;"):
        model.score(pa.table({"night_pain": [0.5]}))
    with pytest.raises(TypeError, match="`first` is the name of a result"):
        model.score(pa.table({"first": [1]}), keep=["first"])
    with pytest.raises(TypeError, match="Timestamp"):
        model.score(pa.table({"night_pain": pa.array([0], pa.timestamp("s"))}))
    for data in (3, [1], {"night_pain": ["yes"]}, {"night_pain": np.zeros((2, 2))}):
        with pytest.raises(TypeError):
            model.score(data)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="rows"):
        model.score({"night_pain": np.zeros(2, bool), "hla_b27": np.zeros(3, bool)})


def test_columns_of_other_names(model: aetia.Model, table: pa.Table) -> None:
    renamed = table.rename_columns(["id", "q17", "q2", "q3", "notes"])
    scores = model.score(renamed, columns={"night_pain": "q17", "age_at_onset": "q2"}, keep=["id"])
    plain = model.score(table.select(["night_pain", "age_at_onset"]))
    assert scores.to_arrow().drop_columns(["id"]).equals(plain.to_arrow())
    # What keeps its own name is read, too; nothing that is known is left out because something else was renamed.
    renamed = table.rename_columns(["id", "q17", "age_at_onset", "q3", "notes"])
    scores = model.score(renamed, columns={"night_pain": "q17"}, keep=["id"])
    assert scores.to_arrow().drop_columns(["id"]).equals(plain.to_arrow())
    # A column that is another indicator's is not its own.
    swapped = model.score(table.select(["night_pain"]), columns={"radiographic_sacroiliitis": "night_pain"})
    alone = table.select(["night_pain"]).rename_columns(["radiographic_sacroiliitis"])
    assert swapped.to_arrow().equals(model.score(alone).to_arrow())
    # Nor is the column of its name, where another one is given for it.
    both = table.append_column("q17", pc.invert(table["night_pain"]))
    scores = model.score(both.select(["night_pain", "q17"]), columns={"night_pain": "q17"})
    assert scores.to_arrow().equals(model.score(both.select(["q17"]), columns={"night_pain": "q17"}).to_arrow())
    assert not scores.to_arrow().equals(model.score(both.select(["night_pain"])).to_arrow())


def test_few_and_many_rows(model: aetia.Model) -> None:
    empty = model.score(pa.table({"night_pain": pa.array([], pa.bool_())}))
    assert (len(empty), empty.errors) == (0, 0)
    assert empty.columns[0] == "first"
    nothing = model.score(pa.table({"night_pain": pa.nulls(3)})).to_arrow()
    assert nothing["first"].to_pylist() == [model.assess({}).first.cause] * 3
    done: list[int] = []
    many = {"night_pain": np.arange(1_600_000) % 3 == 0}
    scores = [model.score(many, threads=threads, progress=done.append).to_arrow() for threads in (1, 2)]
    assert scores[0].equals(scores[1])
    assert sum(done) == 3_200_000
    assert len(done) == 14


def test_results_stay_while_others_are_made(model: aetia.Model) -> None:
    """One column of them is enough to keep their memory; what nobody has any more is written over."""
    rows = 300_000
    scorer = model.scorer(outputs=["posterior", "first", "margin"])
    cases = [{"night_pain": np.arange(rows) % (3 + turn) == 0} for turn in range(4)]
    expected = [[scorer(case).to_arrow()[name].to_pylist() for name in ("margin", "first")] for case in cases]
    margins = [scorer(case).to_arrow()["margin"] for case in cases]
    firsts = [pl.Series(scorer(case).to_polars()["first"]) for case in cases]
    del scorer
    for turn, case in enumerate(cases):
        model.score(case)
        assert margins[turn].to_pylist() == expected[turn][0]
        assert firsts[turn].to_list() == expected[turn][1]


def test_pieces_of_a_table_are_the_table() -> None:
    """Of so many causes that it is scored in several pieces, of which some have rows without a result."""
    model = aetia.KnowledgeBase.from_dict(synthetic.document(300), limits={"causes": 300}).compile()
    rows = 60_011
    chance = np.random.default_rng(7)
    answers = pa.array(chance.integers(-1, 2, rows), pa.int8())
    bad = [3, 27_961, 27_962, 33_001, 60_010]
    opens = pa.array(["maybe" if row in bad else None for row in range(rows)])
    table = pa.table({"sign_1": answers, "opens": opens, "id": pa.array(range(rows))})
    values = {1: True, 0: False, -1: None, "maybe": 2}
    scorer = model.scorer(outputs=["first", "posterior", "margin", "score"], keep=["id"], values=values)
    done: list[int] = []
    whole = scorer(table, progress=done.append)
    assert len(done) > 2
    assert sum(done) == rows
    assert [row for row, _ in whole.first_errors] == bad
    found = whole.to_arrow().combine_chunks()
    for start in range(0, rows, 9_001):
        part = scorer(table.slice(start, 9_001)).to_arrow()
        assert found.slice(start, 9_001).equals(part)


def test_columns_of_nothing_and_rows_with_numbers(model: aetia.Model) -> None:
    expected = model.score(pa.table({"night_pain": [True, True]})).to_arrow()
    # A column in which nobody wrote anything has a type of its own in polars.
    for nothing in (pl.DataFrame({"night_pain": [True] * 2, "hla_b27": [None] * 2}), pl.DataFrame({"hla_b27": []})):
        assert model.score(nothing).to_arrow().equals(expected.slice(0, len(nothing)))
    # Rows that were picked keep their numbers in pandas.
    frame = pd.DataFrame({"night_pain": [False, True, True]})
    assert model.score(frame[frame["night_pain"]]).to_arrow().equals(expected)
    with pytest.raises(aetia.UnknownName, match="`keep`"):
        model.score(frame.set_index(pd.Index([7, 8, 11], name="case_id")))


def test_a_scorer_travels(model: aetia.Model, table: pa.Table) -> None:
    scorer = model.scorer(values=MEANINGS, keep=["case_id"], portable=True)
    again = pickle.loads(pickle.dumps(scorer))
    assert again(table).to_arrow().equals(scorer(table).to_arrow())
    assert not any(pa.types.is_dictionary(field.type) for field in scorer(table).to_arrow().schema)


def test_a_scorer_says_its_columns_before_any_row(model: aetia.Model, table: pa.Table) -> None:
    scorer = model.scorer(outputs=EVERYTHING, values=MEANINGS, keep=["case_id"], portable=True)
    expected = scorer(table).to_arrow().schema
    assert pa.schema(scorer.schema_for(table.schema)) == expected
    assert pa.schema(scorer.schema) == expected.remove(0)
    assert scorer.schema.names == tuple(expected.names[1:])
    assert len(scorer.schema) == len(expected) - 1
    assert "first: Utf8" in repr(scorer.schema)
    with pytest.raises(aetia.UnknownName, match="case_id"):
        scorer.schema_for(table.drop_columns(["case_id"]).schema)
    with pytest.raises(aetia.UnknownName, match="`keep`"):
        model.scorer().schema_for(table.schema)
    for no_schema in (3, table):
        with pytest.raises(TypeError, match="expected a schema"):
            scorer.schema_for(no_schema)  # type: ignore[arg-type]


def test_batches_come_as_they_are_asked_for(model: aetia.Model, table: pa.Table) -> None:
    scorer = model.scorer(values=MEANINGS, keep=["case_id"], portable=True)
    expected = scorer(table).to_arrow()
    read: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for at, batch in enumerate(table.to_batches(max_chunksize=1)):
            read.append(at)
            yield batch

    done: list[int] = []
    scored = scorer.batches(batches(), progress=done.append)
    assert read == []
    first = next(scored)
    assert isinstance(first, pa.RecordBatch)
    assert (read, done) == ([0], [1])
    rest = list(scored)
    assert pa.Table.from_batches([first, *rest]).equals(expected)
    assert done == [1, 1, 1, 1]
    # A table that is iterable, too, is read as a table; a reader is read to its end.
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    for whole in (frame, table, table.to_reader(max_chunksize=3), table.combine_chunks().to_batches()[0]):
        assert pa.Table.from_batches(scorer.batches(whole)).equals(expected)
    arrays = {"night_pain": np.array([True, False])}
    (batch,) = model.scorer().batches(arrays)
    assert batch.num_rows == 2
    with pytest.raises(TypeError, match="not int"):
        next(scorer.batches([1]))  # type: ignore[list-item]


def test_batches_travel_as_a_function(model: aetia.Model, table: pa.Table) -> None:
    scorer = model.scorer(values=MEANINGS, keep=iter(["case_id"]), portable=True)
    again = pickle.loads(pickle.dumps(scorer.batches))
    found = pa.Table.from_batches(again(iter(table.to_batches())))
    assert found.equals(scorer(table).to_arrow())


def test_tables_of_no_and_of_two_types(model: aetia.Model) -> None:
    scorer = model.scorer(keep=["case_id"])
    one = pa.table({"case_id": [1], "night_pain": [True]})
    other = one.set_column(0, "case_id", pa.array(["1"]))
    with pytest.raises(TypeError, match="differ in the type of the column `case_id`"):
        scorer([one, other])
    with pytest.raises(ValueError, match="no table"):
        scorer([])
    assert (len(model.score([])), model.score([]).columns[0]) == (0, "first")
