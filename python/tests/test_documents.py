"""Documents are refused in Python in the words in which they are refused in Rust."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import aetia
import synthetic
from golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

INVALID = ROOT / "tests/documents/invalid"
# Python reads no case files, and writes out no repeated lines.
ELSEWHERE = ("# case of: ", "# repeat ")
FEWEST = 100


def is_plain(path: Path) -> bool:
    """Whether a file is a document as it stands."""
    text = path.read_text("utf-8")
    return not any(word in text for word in ELSEWHERE) and not any(kind in path.stem for kind in ("-case", "-test"))


BAD = [path for path in sorted(INVALID.glob("*.[tj][os][mo][ln]")) if is_plain(path)]


def limits(text: str) -> dict[str, int]:
    """The limits that the first line of a document names."""
    line = text.splitlines()[0] if text.startswith("# limits: ") else ""
    pairs = (part.split(" = ") for part in line.removeprefix("# limits: ").split(", ") if part)
    return {name: int(number) for name, number in pairs}


def read(path: Path) -> aetia.KnowledgeBase:
    """A document from its text."""
    form = aetia.KnowledgeBase.from_json if path.suffix == ".json" else aetia.KnowledgeBase.from_toml
    text = path.read_bytes().decode("utf-8")
    return form(text, limits=limits(text))


def said(path: Path) -> tuple[tuple[aetia.Problem, ...], str]:
    """What is said about a document: its problems, and the text a user reads."""
    try:
        kb = read(path)
    except aetia.DocumentError as error:
        return (error.problem,), str(error)
    except aetia.InvalidKnowledgeBase as error:
        return error.problems, str(error)
    return kb.warnings, "\n".join(str(problem) for problem in kb.warnings)


def test_there_are_bad_documents() -> None:
    """In both forms; so that nothing below passes over an empty list."""
    assert len(BAD) >= FEWEST
    assert {path.suffix for path in BAD} == {".toml", ".json"}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_a_bad_document_is_refused_in_the_same_words(path: Path) -> None:
    """With a problem of the code it is named after, and as the file beside it says."""
    problems, text = said(path)
    assert any(path.stem.startswith(problem.code) for problem in problems)
    assert text + "\n" == path.with_suffix(".txt").read_text("utf-8")
    for problem in problems:
        assert problem.severity in {"error", "warning"}
        assert str(problem) in text
        assert problem.message in text
        assert (problem.line is None) == (problem.column is None)


@pytest.mark.parametrize("path", sorted((ROOT / "tests/documents/valid").glob("*.toml")), ids=lambda path: path.stem)
def test_a_good_document_is_the_same_in_every_form(path: Path) -> None:
    """As a file, a text, JSON and dictionaries; with one hash."""
    kb = aetia.KnowledgeBase.from_file(path)
    again = [
        read(path),
        aetia.KnowledgeBase.from_toml(kb.to_toml()),
        aetia.KnowledgeBase.from_json(kb.to_json()),
        aetia.KnowledgeBase.from_dict(kb.to_dict()),
    ]
    assert all(one == kb for one in again)
    assert {one.compile().hash for one in again} == {kb.compile().hash}


def document(**changes: Any) -> dict[str, Any]:
    """The small document of the examples as dictionaries, and something else."""
    return aetia.KnowledgeBase.from_file(ROOT / "crates/aetia/docs/tiny.toml").to_dict() | changes


def test_dictionaries_of_a_program_are_a_document() -> None:
    """With tuples for lists, and numbers of classes that are floats."""
    given = document()
    given["evidence"] = tuple(given["evidence"])
    prior = given["causes"]["posture"]["prior"]["clinic"]
    prior["value"] = np.float64(prior["value"])
    assert aetia.KnowledgeBase.from_dict(given) == aetia.KnowledgeBase.from_dict(document())


@pytest.mark.parametrize(
    "number",
    [float("nan"), float("inf"), -float("inf"), np.float64("nan"), 10**400, -(10**5000)],
    ids=["nan", "inf", "-inf", "numpy", "huge", "unwritable"],
)
def test_numbers_that_are_not_finite_are_refused_where_they_stand(number: float) -> None:
    """All of them at once."""
    given = document()
    given["indicators"]["age_at_onset"]["cut_points"] = [40, number]
    given["causes"]["posture"]["prior"]["clinic"]["value"] = number
    with pytest.raises(aetia.InvalidKnowledgeBase) as caught:
        aetia.KnowledgeBase.from_dict(given)
    problems = caught.value.problems
    assert {problem.place for problem in problems} == {
        "causes.posture.prior.clinic.value",
        "indicators.age_at_onset.cut_points[1]",
    }
    assert {problem.code for problem in problems} == {"number-not-finite"}
    assert str(caught.value).startswith("2 problems\nerror[number-not-finite] ")
    assert all(problem.place in str(problem) and str(problem) in str(caught.value) for problem in problems)


@pytest.mark.parametrize("key", [1, None, True, 1.5, b"id", ("id",)], ids=repr)
def test_keys_that_are_no_texts_are_type_errors(key: object) -> None:
    """None is quietly made a text, which would be another key."""
    given = document()
    given["causes"]["posture"]["prior"][key] = {}
    with pytest.raises(TypeError, match=r"causes\.posture\.prior"):
        aetia.KnowledgeBase.from_dict(given)


@pytest.mark.parametrize("value", [object(), b"text", {1, 2}, 1j, np.complex128(1), np.array([1]), ROOT], ids=repr)
def test_values_that_json_has_not_are_type_errors(value: object) -> None:
    """Wherever they stand."""
    with pytest.raises(TypeError):
        aetia.KnowledgeBase.from_dict(document(notes=value))


def test_a_document_that_is_too_deep_is_refused() -> None:
    """Whether it ends or holds itself."""
    circle: list[Any] = []
    circle.append(circle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for value in [circle, deep, deep[0][0], eval("[" * 50 + "]" * 50)]:  # noqa: S307 (a constant)
        with pytest.raises(aetia.DocumentError) as caught:
            aetia.KnowledgeBase.from_dict(document(notes=value))
        assert caught.value.problem.code == "too-deep"


@pytest.mark.parametrize("given", [None, [], "text", 5, True], ids=repr)
def test_what_is_no_table_is_refused(given: Any) -> None:
    """In the words of the format."""
    with pytest.raises(aetia.InvalidKnowledgeBase) as caught:
        aetia.KnowledgeBase.from_dict(given)
    assert [problem.code for problem in caught.value.problems] == ["wrong-type"]


def test_every_problem_is_said_at_once() -> None:
    """In the order of the text, warnings included."""
    given = document()
    given["causes"]["posture"]["prior"]["clinic"]["value"] = 93
    given["evidence"][0]["indicator"] = "zebra"
    with pytest.raises(aetia.InvalidKnowledgeBase) as caught:
        aetia.KnowledgeBase.from_dict(given)
    codes = [problem.code for problem in caught.value.problems]
    assert {"probability-out-of-range", "unknown-indicator"} <= set(codes)
    places = [(problem.line, problem.column) for problem in caught.value.problems]
    assert places == sorted(places)


def test_any_mapping_and_numbers_of_numpy_are_a_document() -> None:
    """Wherever they stand; they are told by what they can do."""
    given = document()
    given["causes"] = MappingProxyType(given["causes"])
    given["format_version"] = np.int64(given["format_version"])
    prior = given["causes"]["posture"]["prior"]["clinic"]
    prior["value"] = np.array(prior["value"])
    assert aetia.KnowledgeBase.from_dict(MappingProxyType(given)) == aetia.KnowledgeBase.from_dict(document())


def test_what_is_no_json_is_refused_with_its_place() -> None:
    """Of every kind: objects, sets, arrays, bytes."""
    for value in (object(), {1}, np.array([1.0]), b"x"):
        given = document()
        given["evidence"][0]["n"] = value
        message = rf"^evidence\[0\]\.n: an object of type {type(value).__name__} is no JSON$"
        with pytest.raises(TypeError, match=message):
            aetia.KnowledgeBase.from_dict(given)


def test_what_a_person_would_not_write_is_read_within_limits_of_ones_own(tmp_path: Path) -> None:
    """Refused by default, in every form; taken with more, and then whole wherever it goes."""
    given = synthetic.document(300)
    text = json.dumps(given)
    path = tmp_path / "wide.json"
    path.write_text(text, "utf-8")
    forms = [
        partial(aetia.KnowledgeBase.from_dict, given),
        partial(aetia.KnowledgeBase.from_json, text),
        partial(aetia.KnowledgeBase.from_file, path),
    ]
    for form in forms:
        with pytest.raises(aetia.InvalidKnowledgeBase, match="found 300 causes, expected at most 256"):
            form()
        kb = form(limits={"causes": 300})
        assert len(kb.causes) == len(given["causes"])
        assert pickle.loads(pickle.dumps(kb)) == kb
        assert copy.deepcopy(kb) == kb
        model = kb.compile()
        case = {"sign_1": True, "opens": True}
        assert pickle.loads(pickle.dumps(model)).assess(case) == model.assess(case)
        scorer = pickle.loads(pickle.dumps(model.scorer(outputs=["first"])))
        first = model.assess({"sign_1": True}).first
        assert scorer({"sign_1": np.array([True])}).to_arrow()["first"].to_pylist() == [first.cause]
    # In a process that has not read it before.
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).hash)"
    command = [sys.executable, "-c", code]
    asked = subprocess.run(command, input=pickle.dumps(model), capture_output=True, check=True)  # noqa: S603 (ours)
    assert asked.stdout.decode().strip() == model.hash
    # Other limits hold as they did.
    with pytest.raises(aetia.InvalidKnowledgeBase, match="300 causes, expected at most 299"):
        aetia.KnowledgeBase.from_dict(given, limits={"causes": 299, "gates": 5})


@pytest.mark.parametrize(
    ("limits", "error", "message"),
    [
        ({"cause": 3}, aetia.UnknownName, "`cause` is no limit; expected .*`causes`"),
        ({"causes": "3"}, TypeError, "a limit is a whole number; `causes` is str"),
        ({"causes": True}, TypeError, "a limit is a whole number; `causes` is bool"),
        ({"causes": 2.5}, TypeError, "a limit is a whole number; `causes` is float"),
        ({"causes": -1}, ValueError, "from 0 on that fits 64 bits; `causes` is -1"),
        ({"causes": 2**70}, ValueError, "from 0 on that fits 64 bits"),
        ({3: 3}, TypeError, "a name is a text"),
        (7, TypeError, "Mapping"),
    ],
)
def test_a_limit_that_is_none_is_refused(limits: Any, error: type[Exception], message: str) -> None:
    """Before the document is looked at."""
    with pytest.raises(error, match=message):
        aetia.KnowledgeBase.from_dict(document(), limits=limits)
    with pytest.raises(error, match=message):
        aetia.KnowledgeBase.from_toml("", limits=limits)


def test_limits_may_be_numbers_of_numpy() -> None:
    """They are whole numbers, too."""
    assert aetia.KnowledgeBase.from_dict(document(), limits={"causes": np.int64(9)}).id
