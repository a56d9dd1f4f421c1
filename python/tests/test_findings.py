"""Every way to give a finding, and what is refused."""

from __future__ import annotations

import enum
import re
from collections import ChainMap, OrderedDict, UserDict, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import aetia
from golden import LINKS

HUGE = 10**400
NAN = float("nan")


class Word(str):
    """A text of a class of its own."""

    __slots__ = ()


class Extent(enum.StrEnum):
    """An answer of `pain_extent`."""

    MANY = "multi_site"


class Place(str, enum.Enum):  # noqa: UP042 (the old way is what it is about)
    """The same as it was written before Python 3.11."""

    MANY = "multi_site"


class Age(enum.IntEnum):
    """A number of a class of its own."""

    MINE = 32


class Years(float):
    """A measured number of a class of its own."""

    __slots__ = ()


class Findings(Mapping[str, Any]):
    """A mapping that is no dictionary."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Takes the findings."""
        self.given = given

    def __getitem__(self, name: str) -> object:
        """A finding."""
        return self.given[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self.given)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.given)


class Pairs:
    """Something that has items and is nothing else."""

    def __init__(self, *pairs: Any) -> None:
        """Takes the items."""
        self.pairs = pairs

    def items(self) -> tuple[Any, ...]:
        """The items."""
        return self.pairs


def said(model: aetia.Model, name: str, value: object, **how: Any) -> object:
    """What a finding is understood as; None where it is unknown."""
    return model.assess({name: value}, **how).case.get(name)


def refusal(model: aetia.Model, findings: Any, **how: Any) -> Exception:
    """With what findings are refused."""
    with pytest.raises((aetia.AetiaError, TypeError)) as caught:
        model.assess(findings, **how)
    return caught.value


PRESENT = [True, 1, 1.0, np.True_, np.int64(1), np.uint8(1), np.float32(1), np.float64(1), Decimal(1), Fraction(1)]
ABSENT = [False, 0, 0.0, -0.0, np.False_, np.int64(0), np.float16(0), np.float64(0), Decimal(0), Fraction(0)]
UNKNOWN = [None, "unknown", NAN, np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT, np.ma.masked, np.str_("unknown")]
NOT_ASSESSABLE = [aetia.NOT_ASSESSABLE, "not_assessable", Word("not_assessable"), np.str_("not_assessable")]


@pytest.mark.parametrize("value", PRESENT, ids=repr)
def test_presence_may_be_given_so(model: aetia.Model, value: object) -> None:
    """As a truth, or as a one of any kind of number."""
    assert said(model, "night_pain", value) is True


@pytest.mark.parametrize("value", ABSENT, ids=repr)
def test_absence_may_be_given_so(model: aetia.Model, value: object) -> None:
    """As an untruth, or as a zero of any kind of number."""
    assert said(model, "night_pain", value) is False


@pytest.mark.parametrize("value", UNKNOWN, ids=repr)
@pytest.mark.parametrize("name", ["night_pain", "pain_extent", "pain_pattern"])
def test_unknown_may_be_given_so(model: aetia.Model, name: str, value: object) -> None:
    """As None, or as tables write that something is missing; and it is as if nothing was given."""
    assert model.assess({name: value}) == model.assess({})


@pytest.mark.parametrize("value", NOT_ASSESSABLE, ids=repr)
@pytest.mark.parametrize("name", ["night_pain", "pain_extent", "age_now"])
def test_not_assessable_may_be_given_so(model: aetia.Model, name: str, value: object) -> None:
    """As the constant or as its word; and it weighs nothing, but is not as if nobody had asked."""
    result = model.assess({name: value})
    assert result.case == {name: aetia.NOT_ASSESSABLE}
    assert name not in result.not_asked
    assert [one.score for one in result] == [one.score for one in model.assess({})]


@pytest.mark.parametrize(
    "value", ["multi_site", Word("multi_site"), np.str_("multi_site"), Extent.MANY, Place.MANY], ids=repr
)
def test_an_answer_may_be_given_so(model: aetia.Model, value: object) -> None:
    """As a text, or as a text of a class of its own."""
    answer = said(model, "pain_extent", value)
    assert (type(answer), answer) == (str, "multi_site")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (32, 32.0),
        (32.5, 32.5),
        (0, 0.0),
        (-1, -1.0),
        (Age.MINE, 32.0),
        (Years(32.5), 32.5),
        (Decimal("32.5"), 32.5),
        (Fraction(65, 2), 32.5),
        (np.int8(32), 32.0),
        (np.uint64(32), 32.0),
        (np.float32(32.5), 32.5),
        (np.float64(32.5), 32.5),
        (2**53 + 1, float(2**53)),
        (1e308, 1e308),
    ],
    ids=repr,
)
def test_a_number_may_be_given_so(model: aetia.Model, value: object, expected: float) -> None:
    """As any kind of number that a float can be made of."""
    assert said(model, "age_now", value) == expected


@pytest.mark.parametrize("value", [None, "unknown", pd.NA, pd.NaT, np.ma.masked], ids=repr)
def test_an_unknown_number_may_be_given_so(model: aetia.Model, value: object) -> None:
    """As None, or as what says nothing but that it is missing."""
    assert model.assess({"age_now": value}) == model.assess({})


@pytest.mark.parametrize("value", [NAN, -NAN, np.float64("nan"), np.float32("nan"), Decimal("NaN")], ids=repr)
def test_a_measured_nan_is_unknown_only_where_that_is_said(model: aetia.Model, value: object) -> None:
    """`nullable` names the numbers whose NaN says nothing; elsewhere it is the result of a wrong division."""
    error = refusal(model, {"age_now": value})
    assert isinstance(error, aetia.AnswerMismatch)
    assert (error.indicator, error.given) == ("age_now", "nan")
    assert "nullable" in str(error)
    assert isinstance(refusal(model, {"age_now": value}, nullable=["crp"]), aetia.AnswerMismatch)
    assert model.assess({"age_now": value}, nullable=["crp", "age_now"]) == model.assess({})
    assert model.assess({"age_now": value}, nullable=("age_now",)) == model.assess({})


def test_nullable_changes_no_number_and_no_infinity(model: aetia.Model) -> None:
    """It speaks of NaN alone."""
    assert said(model, "age_now", 32, nullable=["age_now"]) == 32
    assert isinstance(refusal(model, {"age_now": float("inf")}, nullable=["age_now"]), aetia.AnswerMismatch)
    assert said(model, "night_pain", NAN, nullable=["night_pain"]) is None


def test_nullable_names_indicators(model: aetia.Model) -> None:
    """A misspelt name is not passed over, nor a text taken for a list of letters."""
    error = refusal(model, {}, nullable=["age_nwo"])
    assert isinstance(error, aetia.UnknownName)
    assert (error.what, error.name, error.suggestions) == ("indicator", "age_nwo", ("age_now",))
    assert isinstance(refusal(model, {}, nullable="crp"), TypeError)
    assert isinstance(refusal(model, {}, nullable=[1]), TypeError)


@pytest.mark.parametrize(
    ("name", "value", "given"),
    [
        ("night_pain", 2, "2"),
        ("night_pain", -1, "-1"),
        ("night_pain", 0.5, "0.5"),
        ("night_pain", np.int64(2), "2"),
        ("night_pain", "true", "true"),
        ("night_pain", "present", "present"),
        ("night_pain", "", ""),
        ("night_pain", HUGE, "inf"),
        ("pain_extent", True, "true"),
        ("pain_extent", 1, "1"),
        ("pain_extent", "Multi_Site", "Multi_Site"),
        ("pain_extent", " multi_site", " multi_site"),
        ("age_now", True, "true"),
        ("age_now", np.False_, "false"),
        ("age_now", "32", "32"),
        ("age_now", "<40", "<40"),
        ("age_now", float("inf"), "inf"),
        ("age_now", -float("inf"), "-inf"),
        ("age_now", HUGE, "inf"),
    ],
)
def test_an_answer_of_another_kind_is_refused(model: aetia.Model, name: str, value: object, given: str) -> None:
    """With the indicator, what was given, and what would have been accepted."""
    error = refusal(model, {name: value})
    assert isinstance(error, aetia.AnswerMismatch)
    assert isinstance(error, ValueError)
    assert (error.indicator, error.given) == (name, given)
    assert error.expected
    assert error.expected in str(error)
    assert f"`{name}`" in str(error)


@pytest.mark.parametrize(
    "value",
    [
        [True],
        (True,),
        {True},
        {"night_pain": True},
        b"true",
        1j,
        object(),
        bool,
        np.array([True]),
        np.array([[1.0]]),
        np.array([]),
        np.complex64(1),
        np.bytes_(b"true"),
        np.datetime64("2020-01-01"),
        pd.Series([True]),
        pd.Timestamp("2020-01-01"),
        lambda: True,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_finding_is_a_type_error(model: aetia.Model, value: object) -> None:
    """Which names the indicator, and what can be given."""
    for name in ["night_pain", "pain_extent", "age_now"]:
        error = refusal(model, {name: value})
        assert isinstance(error, TypeError)
        assert f"`{name}`" in str(error)
        assert "NOT_ASSESSABLE" in str(error)


@pytest.mark.parametrize(
    "findings",
    [
        MappingProxyType({"night_pain": True, "age_now": 32}),
        Findings({"night_pain": True, "age_now": 32}),
        OrderedDict({"age_now": 32, "night_pain": True}),
        UserDict({"night_pain": True, "age_now": 32}),
        ChainMap[str, Any]({"night_pain": True}, {"age_now": 32, "night_pain": False}),
        defaultdict(bool, {"night_pain": True, "age_now": 32}),
        Pairs(("night_pain", True), ("age_now", 32)),
        {Word("night_pain"): True, np.str_("age_now"): 32},
        pd.Series({"night_pain": True, "age_now": 32}, dtype=object),
    ],
    ids=lambda findings: type(findings).__name__,
)
def test_findings_may_be_any_mapping(model: aetia.Model, findings: Mapping[str, Any]) -> None:
    """Whatever has names and values."""
    assert model.assess(findings).to_json() == model.assess({"night_pain": True, "age_now": 32}).to_json()


@pytest.mark.parametrize("findings", [[], (), None, "night_pain", 5, {"night_pain"}, [("night_pain", True)]], ids=repr)
def test_what_is_no_mapping_is_a_type_error(model: aetia.Model, findings: object) -> None:
    """It is said that a mapping is wanted, and what was given."""
    error = refusal(model, findings)
    assert isinstance(error, TypeError)
    assert "mapping" in str(error)


def test_a_finding_is_given_once(model: aetia.Model) -> None:
    """A row of a table can have a name twice; which of the two is meant nobody can say."""
    for twice in [Pairs(("age_now", 30), ("age_now", 41)), pd.Series([True, False], index=["night_pain"] * 2)]:
        error = refusal(model, twice)
        assert isinstance(error, aetia.ContradictoryFindings)
        assert "is given twice" in str(error)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_what_breaks_in_a_value_is_not_hidden(model: aetia.Model, kind: type[BaseException]) -> None:
    """Only that it is no number is ours to say."""

    class Broken:
        def __float__(self) -> float:
            raise kind

    with pytest.raises(kind):
        model.assess({"age_now": Broken()})


def test_a_row_of_a_data_frame_is_a_case(model: aetia.Model) -> None:
    """With truths, numbers and texts that are missing; of columns of old kinds and of nullable ones."""
    columns = {"night_pain": [True, None], "age_now": [32.0, np.nan], "pain_extent": ["multi_site", None]}
    old = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    expected = [model.assess({"night_pain": True, "age_now": 32, "pain_extent": "multi_site"}), model.assess({})]
    for frame in [pd.DataFrame(columns), old, old.convert_dtypes()]:
        rows = [row for _, row in frame.iterrows()]
        assert [model.assess(row, nullable=["age_now"]) for row in rows] == expected
        records = frame.to_dict("records")
        assert [model.assess(record, nullable=["age_now"]) for record in records] == expected


def test_a_row_of_numbers_is_a_case(model: aetia.Model) -> None:
    """A frame of one kind of number makes floats of its truths."""
    row = pd.DataFrame({"night_pain": [1, 0], "hla_b27": [np.nan, 1], "age_now": [32, 33]}).iloc[1]
    assert row.dtype == np.float64
    assert model.assess(row) == model.assess({"night_pain": False, "hla_b27": True, "age_now": 33})


def test_a_whole_data_frame_is_no_case(model: aetia.Model) -> None:
    """Its columns are no findings."""
    assert isinstance(refusal(model, pd.DataFrame({"night_pain": [True, False]})), TypeError)


@pytest.mark.parametrize("name", [1, None, b"night_pain", ("night_pain",), 1.5, True], ids=repr)
def test_a_name_that_is_no_text_is_a_type_error(model: aetia.Model, name: object) -> None:
    """Also where it looks like one."""
    error = refusal(model, {name: True})
    assert isinstance(error, TypeError)
    assert repr(name) in str(error)


@pytest.mark.parametrize(
    ("name", "suggestions"),
    [
        ("nightpain", ("night_pain",)),
        ("night_pian", ("night_pain",)),
        ("agenow", ("age_now",)),
        ("zebra", ()),
        ("", ()),
    ],
)
def test_an_unknown_indicator_is_named(model: aetia.Model, name: str, suggestions: tuple[str, ...]) -> None:
    """With the one that may be meant."""
    for value in [True, None, "x", NAN]:
        error = refusal(model, {name: value})
        assert isinstance(error, aetia.UnknownName)
        assert isinstance(error, LookupError)
        assert (error.what, error.name, error.suggestions) == ("indicator", name, suggestions)
        assert all(f"did you mean `{one}`" in str(error) for one in suggestions)


def test_lone_surrogates_are_unknown_names_and_wrong_answers(model: aetia.Model) -> None:
    """No text of UTF-8 has them; they are refused like any other word, and the refusal can be printed."""
    name = refusal(model, {"night\ud800pain": True})
    assert isinstance(name, aetia.UnknownName)
    answer = refusal(model, {"pain_extent": "\udfff"})
    assert isinstance(answer, aetia.AnswerMismatch)
    assert all(str(error).encode("utf-8") for error in [name, answer])


def test_all_that_is_wrong_is_said_at_once(model: aetia.Model) -> None:
    """The first is raised, the others are noted on it."""
    findings = {"zebra": True, "night_pain": "x", "hla_b27": True, "age_now": NAN, "crp": [1], 5: True}
    error = refusal(model, findings)
    assert isinstance(error, aetia.UnknownName)
    assert error.name == "zebra"
    notes = error.__notes__
    assert len(notes) == 4
    for word in ["`night_pain`", "`age_now`", "`crp`", "5 is int"]:
        assert sum(word in note for note in notes) == 1
    assert not any("hla_b27" in note for note in notes)


def test_one_thing_that_is_wrong_has_no_notes(model: aetia.Model) -> None:
    """There is nothing else to say."""
    assert not hasattr(refusal(model, {"night_pain": "x"}), "__notes__")


CONTRADICTION = {"age_now": 30, "age_at_onset": 50}
WOKEN_WITHOUT_PAIN = {"wakes_second_half_of_night": True, "night_pain": False}


@pytest.mark.parametrize("findings", [CONTRADICTION, WOKEN_WITHOUT_PAIN], ids=["impossible", "implied"])
def test_contradictory_findings_are_refused(model: aetia.Model, findings: dict[str, Any]) -> None:
    """With both findings in words, and with the reason; and so they are by the word for it."""
    for error in [refusal(model, findings), refusal(model, findings, contradictions="refuse")]:
        assert isinstance(error, aetia.ContradictoryFindings)
        assert isinstance(error, ValueError)
        assert {indicator for indicator, _ in error.findings} == findings.keys()
        assert all(answer in str(error) for _, answer in error.findings)
        assert error.reason
        assert error.reason in str(error)


@pytest.mark.parametrize("findings", [CONTRADICTION, WOKEN_WITHOUT_PAIN], ids=["impossible", "implied"])
def test_contradictory_findings_are_dropped_on_demand(model: aetia.Model, findings: dict[str, Any]) -> None:
    """Both, each with the reason; the rest of the case stays."""
    result = model.assess(findings | {"hla_b27": True}, contradictions="drop")
    assert result.dropped.keys() == findings.keys()
    assert all("contradicts" in reason for reason in result.dropped.values())
    assert said(model, "hla_b27", value=True) is True
    alone = model.assess({"hla_b27": True})
    assert alone.dropped == {}
    assert [(one.cause, one.score) for one in result] == [(one.cause, one.score) for one in alone]


def test_what_does_not_contradict_is_not_dropped(model: aetia.Model) -> None:
    """`"drop"` changes nothing else, and forgives no wrong answer."""
    findings = {"age_now": 50, "age_at_onset": 30, "night_pain": True}
    assert model.assess(findings, contradictions="drop") == model.assess(findings)
    assert isinstance(refusal(model, {"night_pain": "x"}, contradictions="drop"), aetia.AnswerMismatch)


@pytest.mark.parametrize(
    ("given", "inferred"),
    [
        ({"wakes_second_half_of_night": True}, {"night_pain": "present"}),
        ({"night_pain": False}, {"wakes_second_half_of_night": "absent"}),
        ({"night_pain": True}, {}),
        ({"wakes_second_half_of_night": False}, {}),
        ({"wakes_second_half_of_night": True, "night_pain": True}, {}),
        ({"wakes_second_half_of_night": True, "night_pain": aetia.NOT_ASSESSABLE}, {"night_pain": "present"}),
    ],
)
def test_what_follows_is_marked(model: aetia.Model, given: dict[str, Any], inferred: dict[str, str]) -> None:
    """As inferred, and not as given; it opens gates like what was given."""
    result = model.assess(given)
    assert (result.case, result.inferred) == (given, inferred)
    is_held = {"night_pain"} <= {bar.gate for bar in result["inflammatory_back_pain"].held_by}
    assert is_held == ("present" not in inferred.values() and given.get("night_pain") is not True)


def test_settings_are_chosen_by_name(model: aetia.Model) -> None:
    """The default one where none is named; each with its own priors."""
    assert model.assess({}) == model.assess({}, setting=None) == model.assess({}, setting=model.default_setting)
    for setting in model.settings.names:
        result = model.assess({}, setting=setting)
        assert result.setting == setting
        priors = {one.cause: one.prior for one in result}
        assert priors == {cause.id: pytest.approx(cause.prior[setting].value) for cause in model.causes}


@pytest.mark.parametrize("setting", ["primary_car", "zebra", "", "Primary care"])
def test_an_unknown_setting_is_named(model: aetia.Model, setting: str) -> None:
    """With those there are."""
    error = refusal(model, {}, setting=setting)
    assert isinstance(error, aetia.UnknownName)
    assert (error.what, error.name, error.suggestions) == ("setting", setting, model.settings.names)
    assert all(f"`{known}`" in str(error) for known in model.settings.names)


def test_links_are_chosen_by_name(model: aetia.Model) -> None:
    """They change probabilities, and neither scores nor ranks."""
    findings = {"night_pain": True, "hla_b27": True}
    exclusive, independent = (model.assess(findings, link=link) for link in LINKS)
    assert (exclusive.link, independent.link) == ("exclusive", "independent")
    assert model.assess(findings) == model.assess(findings, link=None) == model.assess(findings, link=model.link)
    assert [(one.cause, one.score) for one in exclusive] == [(one.cause, one.score) for one in independent]
    assert [one.posterior for one in independent] == [one.score.probability for one in independent]
    assert independent.comparator.posterior == 0.5
    assert exclusive.first.posterior != independent.first.posterior


@pytest.mark.parametrize(
    ("how", "what"),
    [({"link": "exclusiv"}, "link"), ({"link": ""}, "link"), ({"contradictions": "keep"}, "contradictions")],
)
def test_an_unknown_choice_is_named(model: aetia.Model, how: dict[str, str], what: str) -> None:
    """With all that may be chosen."""
    error = refusal(model, {}, **how)
    assert isinstance(error, aetia.UnknownName)
    assert (error.what, error.name) == (what, how[what])
    assert len(error.suggestions) == 2
    assert all(f"`{word}`" in str(error) for word in error.suggestions)


@pytest.mark.parametrize("how", [{"setting": 3}, {"link": True}, {"contradictions": None}, {"zebra": 1}], ids=repr)
def test_a_choice_of_another_type_is_a_type_error(model: aetia.Model, how: dict[str, Any]) -> None:
    """As is one that does not exist."""
    assert isinstance(refusal(model, {}, **how), TypeError)


def test_choices_are_given_by_name_only(model: aetia.Model) -> None:
    """Nobody remembers their order."""
    anything: Any = model
    with pytest.raises(TypeError):
        anything.assess({}, "primary_care")


@pytest.mark.parametrize(
    "value", [np.datetime64("2020-01-01T00:00:00", "ns"), np.timedelta64(5, "ns"), np.timedelta64(1)], ids=repr
)
def test_a_date_is_no_number(model: aetia.Model, value: object) -> None:
    """Whatever its unit."""
    assert isinstance(refusal(model, {"age_now": value}), TypeError)


def test_a_long_double_is_a_number(model: aetia.Model) -> None:
    """A scalar of numpy is taken for what it holds."""
    assert said(model, "age_now", np.longdouble(32)) == 32.0


def test_a_huge_negative_number_keeps_its_sign(model: aetia.Model) -> None:
    """What is reported as given is what was given."""
    error = refusal(model, {"age_now": -HUGE})
    assert isinstance(error, aetia.AnswerMismatch)
    assert error.given.startswith("-")


def test_items_that_are_no_pairs_are_a_type_error(model: aetia.Model) -> None:
    """They are of the wrong type, however many parts they have."""
    assert isinstance(refusal(model, Pairs(("night_pain", True, 3))), TypeError)


def test_the_first_that_is_refused_is_raised(model: aetia.Model) -> None:
    """In the order of the findings, whatever their types."""
    error = refusal(model, {"crp": [1], "night_pain": "x"})
    assert re.search("`crp`", str(error))
