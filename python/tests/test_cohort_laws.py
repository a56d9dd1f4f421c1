"""A table is its rows one by one: for random models, columns of any type, chunks and readers, to the last bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aetia
from aetia._types import Output
from golden import LINKS

FLAGSHIP = aetia.load("morning_back_pain")
OUTPUTS: tuple[Output, ...] = get_args(Output)
NA = aetia.NOT_ASSESSABLE
MEANINGS = {"yes": True, "no": False, "n/a": NA}
WRITTEN = {True: "yes", False: "no", NA: "n/a"}
# The indicators of made-up knowledge bases, with the answers their ratios are of.
ANSWERS = {
    **{name: ["present", "absent"] for name in "abcd"},
    "kind": ["x", "y", "z"],
    "grade": ["low", "high"],
    "age": ["<10", "10..20.5", ">=20.5"],
}
# What is said of one indicator in every row: an answer, not assessable, or nothing.
Cells = list[Any]


def made_up(causes: int, seed: int) -> aetia.Model:
    """A knowledge base of every kind of indicator, with a group, gates, a flag and what follows from what."""
    chance = random.Random(seed)
    said = {"uncited": "made up", "tag": "assumption"}
    names = [f"cause_{at}" for at in range(causes)]

    def ratios(answers: list[str]) -> dict[str, float]:
        """One above 1 and one below, in any order, as likelihood ratios are."""
        sizes = [round(1 + chance.random() * 3, 3), *(round(0.3 + chance.random() / 2, 3) for _ in answers[1:])]
        return dict(zip(chance.sample(answers, len(answers)), sizes, strict=True))

    evidence: list[dict[str, Any]] = []
    for cause in names:
        for indicator, answers in ANSWERS.items():
            form = "likelihood_ratio" if "present" in answers else "likelihood_ratios"
            if chance.random() < 0.7:
                evidence.append({"cause": cause, "indicator": indicator, form: ratios(answers), **said})
    titled = [{"id": "x", "title": "X"}, {"id": "y", "title": "Y"}, {"id": "z", "title": "Z"}]
    graded = [{"id": "low", "title": "Low"}, {"id": "high", "title": "High"}]
    gate = {"title": "Gate", "reason": "made up", "uncited": "made up"}
    needs = {**gate, "kind": "requires", "cause": names[0], "condition": "present(c)"}
    document = {
        "format_version": 1,
        "knowledge_base": {
            "id": "made_up",
            "version": "1",
            "title": "Made up",
            "notice": "Made up.",
            "default_setting": "here",
        },
        "comparator": {"id": "other", "title": "Other"},
        "settings": {"here": {"title": "Here"}},
        "causes": {
            name: {"title": name, "prior": {"here": {"value": round(0.9 / (causes + at), 4), **said}}}
            for at, name in enumerate(names, 1)
        },
        "indicators": {
            **{name: {"title": name, "kind": "boolean"} for name in "abcd"},
            "kind": {"title": "Kind", "kind": "categorical", "answers": titled},
            "grade": {"title": "Grade", "kind": "ordinal", "answers": graded},
            "age": {"title": "Age", "kind": "numeric", "unit": "years", "cut_points": [10, 20.5]},
        },
        "evidence": evidence,
        "groups": {"pair": {"title": "Pair", "members": ["a", "b"], "gamma": 0.5}},
        "gates": {
            # One cause is always open.
            **({"needs": needs} if causes > 1 else {}),
            "caps": {**gate, "kind": "caps", "cause": names[-1], "condition": "age >= 20.5", "probability": 0.1},
        },
        "flags": {
            "watch": {
                "level": "emergency",
                "title": "Watch",
                "condition": "all(present(d), answer(kind) in [x, y])",
                "action": "Look.",
                "uncited": "made up",
            }
        },
    }
    return aetia.KnowledgeBase.from_dict(document).compile()


MODELS = [FLAGSHIP, *(made_up(causes, seed) for seed, causes in enumerate([1, 2, 3, 5, 9]))]


def texts(cells: Cells) -> list[str | None]:
    """As questionnaires write it."""
    return [value if value is None or isinstance(value, str) else WRITTEN[value] for value in cells]


def gaps(cells: Cells, kind: pa.DataType) -> pa.Array:
    """A dictionary with a null among its words, which some rows point to, and nulls among its keys."""
    words: list[str | None] = [None, *dict.fromkeys(word for word in texts(cells) if word is not None)]
    keys = [words.index(word) if word is not None or at % 2 else None for at, word in enumerate(texts(cells))]
    return pa.DictionaryArray.from_arrays(pa.array(keys, kind), pa.array(words, pa.string()))


def codes(cells: Cells, answers: list[Any], kind: pa.DataType) -> pa.Array:
    """Whole numbers: -1 for nothing, and a null for nothing in every other row."""
    place = {answer: at for at, answer in enumerate(answers)}
    return pa.array(
        [place[value] if value is not None else (-1 if at % 2 else None) for at, value in enumerate(cells)], kind
    )


Form = Callable[[], pa.Array]


def numbers(cells: Cells) -> list[Form]:
    """Columns of numbers that say the same."""
    made: list[Form] = [partial(pa.array, cells, kind) for kind in (pa.float64(), pa.float32())]
    if all(value is None or value == int(value) for value in cells):
        whole = [None if value is None else int(value) for value in cells]
        kinds = (pa.int8(), pa.uint8(), pa.int16(), pa.uint32(), pa.int64(), pa.uint64())
        made += [partial(pa.array, whole, kind) for kind in kinds]
    return made


def words(cells: Cells) -> list[Form]:
    """Columns of texts that say the same."""
    plain = (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int16(), pa.large_string()))
    made: list[Form] = [partial(pa.array, texts(cells), kind) for kind in plain]
    return made + [partial(gaps, cells, kind) for kind in (pa.int8(), pa.uint8(), pa.int32(), pa.int64())]


def forms(indicator: Any, cells: Cells) -> list[Form]:
    """The columns that say the same, as far as these cells can be said in them."""
    made: list[Form] = [partial(pa.nulls, len(cells))] if set(cells) <= {None} else []
    if indicator.kind == "numeric":
        return made + numbers(cells)
    made += words(cells)
    if NA in cells:
        return made
    is_boolean = indicator.kind == "boolean"
    answers = [False, True] if is_boolean else [answer.id for answer in indicator.answers]
    made += [partial(codes, cells, answers, kind) for kind in (pa.int8(), pa.int16(), pa.int64())]
    return [*made, partial(pa.array, cells, pa.bool_())] if is_boolean else made


def drawn(indicator: Any, rows: int, chance: random.Random) -> Cells:
    """So many cells: most say something, and every cut-point and its neighbours come up."""
    if indicator.kind == "boolean":
        answers: list[Any] = [True, False]
    elif indicator.kind == "numeric":
        answers = [number for cut in indicator.cut_points for number in (cut, cut - 0.5, cut + 1)]
        answers = [round(answer) for answer in answers] if chance.random() < 0.5 else answers
    else:
        answers = [answer.id for answer in indicator.answers]
    usual = [*answers, *answers, None]
    return [NA if chance.random() < 0.05 else chance.choice(usual) for _ in range(rows)]


Case = tuple[aetia.Model, pa.Table, list[dict[str, Any]]]


@st.composite
def cohorts(draw: st.DrawFn) -> Case:
    """A model, a table, and its rows as `assess` takes them."""
    model = draw(st.sampled_from(MODELS))
    # More than a block of the core now and then.
    rows = draw(st.sampled_from([0, 1, 2, 3, 7, 8, 9, 20, 33, 600]))
    chosen = draw(st.lists(st.sampled_from(model.indicators), unique_by=lambda one: one.id, max_size=8))
    chance = random.Random(draw(st.integers(0, 2**32)))
    columns, cells = {"case_id": pa.array(range(rows), pa.int64())}, {}
    for indicator in chosen:
        cells[indicator.id] = drawn(indicator, rows, chance)
        if indicator.kind == "numeric":
            cells[indicator.id] = [None if value is NA else value for value in cells[indicator.id]]
        columns[indicator.id] = chance.choice(forms(indicator, cells[indicator.id]))()
    return model, pa.table(columns), [{name: cells[name][row] for name in cells} for row in range(rows)]


def cut(table: pa.Table, chance: random.Random) -> pa.Table:
    """The same rows in chunks of any sizes, none of which begins where its memory does."""
    doubled = pa.concat_tables([table.slice(0, min(3, len(table))), table])
    begin, pieces = len(doubled) - len(table), []
    while begin < len(doubled):
        size = chance.choice([1, 2, 5, 9, 64, 600])
        pieces.append(doubled.slice(begin, size))
        begin += size
    return pa.concat_tables([*pieces, table.slice(len(table))])


def row_of(model: aetia.Model, case: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """What the one-case path says of a case, under the names of columns."""
    try:
        result = model.assess(case, **options)
    except aetia.ContradictoryFindings as error:
        return {"error": str(error)}
    first, second = result.first, result.ranking[1] if len(result.ranking) > 1 else None
    ungated = min(result, key=lambda one: one.rank_ungated or 99)
    row: dict[str, Any] = {"error": None, "first": first.cause if first else None, "first_ungated": ungated.cause}
    for one in result:
        row[f"posterior.{one.cause}"], row[f"posterior_ungated.{one.cause}"] = one.posterior, one.posterior_ungated
        row[f"score.{one.cause}"], row[f"score_ungated.{one.cause}"] = (
            one.score.nanodecibans,
            one.score_ungated.nanodecibans,
        )
    row |= {f"flag.{flag.id}": flag.state for flag in result.flags}
    row |= {f"rank_{rank}": one.cause for rank, one in enumerate(result.ranking[:3], 1)}
    row["margin"] = second.margin.nanodecibans if second and second.margin else None
    return row


@given(cohorts(), st.integers(0, 2**32), st.sampled_from(LINKS), st.sampled_from([1, 2, 3]))
def test_a_table_is_its_rows_one_by_one(case: Case, seed: int, link: Any, threads: int) -> None:
    model, table, rows = case
    scorer = model.scorer(
        outputs=OUTPUTS, values=MEANINGS, keep=["case_id"], precision="float64", link=link, threads=threads
    )
    scores = scorer(cut(table, random.Random(seed))).to_arrow()
    assert scores["case_id"].to_pylist() == list(range(len(rows)))
    for found, findings in zip(scores.to_pylist(), rows, strict=True):
        expected = row_of(model, findings, {"link": link})
        assert {name: found[name] for name in expected} == expected
        if expected["error"] is not None:
            assert {value for name, value in found.items() if name not in {"case_id", "error"}} == {None}


@given(cohorts())
def test_every_library_and_every_way_gives_the_same(case: Case) -> None:
    model, table, _ = case
    scorer = model.scorer(outputs=OUTPUTS, values=MEANINGS, keep=["case_id"], precision="float64")
    expected = scorer(table).to_arrow().combine_chunks()
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    # Types that every one of them knows.
    is_text = [pa.types.is_dictionary(it.type) or pa.types.is_string_view(it.type) for it in table.schema]
    kinds = [pa.string() if text else it.type for it, text in zip(table.schema, is_text, strict=True)]
    plain = table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))
    connection = duckdb.connect()
    connection.register("cases", plain)
    ways = {
        "polars": pl.from_arrow(plain),
        "pandas": frame,
        "duckdb": connection.sql("select * from cases"),
        "reader": table.to_reader(max_chunksize=5),
        "batches": (table.slice(at, 7) for at in range(0, max(len(table), 1), 7)),
    }
    for name, way in ways.items():
        assert scorer(way).to_arrow().combine_chunks().equals(expected), name
    again = pa.Table.from_batches(scorer.batches(table.to_batches(max_chunksize=3)), expected.schema)
    assert again.combine_chunks().equals(expected)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.id} of {len(model.causes)}")
def test_threads_change_no_bit(model: aetia.Model) -> None:
    """Of so many rows that they are shared among threads."""
    chance = random.Random(4)
    columns = {one.id: drawn(one, 1_000, chance) for one in list(model.indicators)[:12] if one.kind == "boolean"}
    table = pa.concat_tables([pa.table({name: texts(cells) for name, cells in columns.items()})] * 101).combine_chunks()
    one, *others = (
        model.score(table, outputs=OUTPUTS, values=MEANINGS, threads=threads).to_arrow() for threads in (1, 2, 3)
    )
    assert all(other.equals(one) for other in others)
    # The rows repeat, so the results do, wherever blocks and pieces begin.
    for at in range(0, 101_000, 1_000):
        assert one.slice(at, 1_000).equals(one.slice(0, 1_000))
