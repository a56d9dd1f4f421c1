"""Values are values: unchangeable, equal by what they hold, and documented."""

from __future__ import annotations

import copy
import dataclasses
import doctest
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import aetia
from aetia import LogOdds, Weight, _asking, _certainty, _knowledge

MOST = 2**63 - 1
LEAST = -(2**63)
IBP = "inflammatory_back_pain"
# Without their types, for what a checker would stop.
AnyWeight: Any = Weight
AnyLogOdds: Any = LogOdds

# One value of every class a user can hold, by a way to get it and a way to get another one.
Get = Callable[[aetia.Model, aetia.Result], Any]
VALUES: dict[str, tuple[Get, Get]] = {
    "Model": (lambda model, _: model, lambda *_: Tiny.model()),
    "KnowledgeBase": (lambda model, _: model.knowledge_base, lambda *_: Tiny.model().knowledge_base),
    "Result": (lambda _, result: result, lambda model, _: model.assess({"night_pain": True})),
    "Candidate": (lambda _, result: result[IBP], lambda _, result: result["fibromyalgia"]),
    "Comparison": (
        lambda _, result: result.compare(IBP, "fibromyalgia"),
        lambda _, result: result.compare("fibromyalgia", IBP),
    ),
    "Difference": (
        lambda _, result: result.compare(IBP, "fibromyalgia").parts[0],
        lambda _, result: result.compare(IBP, "fibromyalgia").parts[1],
    ),
    "Explanation": (lambda _, result: result[IBP].explanation, lambda _, result: result["fibromyalgia"].explanation),
    "Contribution": (lambda _, result: result[IBP].explanation[0], lambda _, result: result[IBP].explanation[1]),
    "Flag": (lambda _, result: result.flags[0], lambda _, result: result.flags[1]),
    "Bar": (lambda _, result: result[IBP].held_by[0], lambda model, _: model.assess({})[IBP].held_by[0]),
    "Waterline": (lambda _, result: result.comparator, lambda model, _: model.assess({}).comparator),
    "Problem": (lambda *_: Tiny.problems()[0], lambda *_: Tiny.problems()[1]),
    "Weight": (lambda *_: Weight(3), lambda *_: Weight(-3)),
    "LogOdds": (lambda *_: LogOdds(3), lambda *_: LogOdds(-3)),
    "Catalogue": (lambda model, _: model.causes, lambda model, _: model.indicators),
    "Cause": (lambda model, _: model.causes[0], lambda model, _: model.causes[1]),
    "Prior": (lambda model, _: model.causes[0].prior[0], lambda model, _: model.causes[0].prior[1]),
    "Indicator": (lambda model, _: model.indicators[0], lambda model, _: model.indicators[1]),
    "Answer": (
        lambda model, _: model.indicators["pain_extent"].answers[0],
        lambda model, _: model.indicators["pain_extent"].answers[1],
    ),
    "Setting": (lambda model, _: model.settings[0], lambda model, _: model.settings[1]),
    "Group": (lambda model, _: model.groups[0], lambda model, _: model.groups[1]),
    "Gate": (lambda model, _: model.gates[0], lambda model, _: model.gates[1]),
    "FlagRule": (lambda model, _: model.flags[0], lambda model, _: model.flags[1]),
    "Invariant": (lambda model, _: model.invariants[0], lambda model, _: model.invariants[1]),
    "Source": (lambda model, _: model.sources[0], lambda model, _: model.sources[1]),
    "Comparator": (lambda model, _: model.comparator, lambda *_: Tiny.model().comparator),
    "Note": (lambda model, _: model.causes[0].notes[0], lambda model, _: model.groups[0].notes[0]),
    "Edition": (lambda _, result: result.knowledge_base, lambda *_: Tiny.model().assess({}).knowledge_base),
    "Question": (lambda model, _: model.next_questions({})[0], lambda model, _: model.next_questions({})[1]),
    "Outlook": (lambda model, _: outlook(model, 0), lambda model, _: outlook(model, 1)),
    "Settled": (lambda model, result: model.settled(result), lambda model, _: model.settled({}, reach="first")),
    "Change": (lambda model, result: model.flip(result).changes[0], lambda model, _: model.flip({}).changes[0]),
    "Flip": (lambda model, result: model.flip(result), lambda model, _: model.flip({})),
    "Sufficient": (lambda model, result: model.sufficient(result), lambda model, _: model.sufficient({})),
    "WhyNot": (lambda model, _: model.why_not({}, IBP), lambda model, _: model.why_not({}, "fibromyalgia")),
    "Progress": (
        lambda model, _: model.interview().progress,
        lambda *_: Tiny.model().interview(who="oneself").progress,
    ),
    "Certainty": (lambda model, _: model.certainty({}), lambda model, _: model.certainty({}, seed=1)),
    "CauseCertainty": (lambda model, _: model.certainty({}).causes[0], lambda model, _: model.certainty({}).causes[1]),
    "FigureCertainty": (
        lambda model, result: model.certainty(result).figures[0],
        lambda model, result: model.certainty(result).figures[1],
    ),
    "NotAssessable": (lambda *_: aetia.NOT_ASSESSABLE, lambda *_: None),
}


def outlook(model: aetia.Model, at: int) -> Any:
    """How the most telling question may turn out."""
    telling = [question for question in model.next_questions({}, most=100) if question.outlooks]
    return telling[0].outlooks[at]


every_value = pytest.mark.parametrize("name", VALUES)


class Tiny:
    """Another model, and the problems of a text that is none."""

    @staticmethod
    def model() -> aetia.Model:
        """The flagship with another title."""
        document = aetia.load("morning_back_pain").knowledge_base.to_dict()
        document["knowledge_base"] |= {"title": "Another", "id": "another"}
        document["comparator"]["title"] = "Another"
        return aetia.KnowledgeBase.from_dict(document).compile()

    @staticmethod
    def problems() -> tuple[aetia.Problem, ...]:
        """What is wrong with almost nothing."""
        with pytest.raises(aetia.InvalidKnowledgeBase) as caught:
            aetia.KnowledgeBase.from_toml("format_version = 1\nfrmat = 2")
        return caught.value.problems


@pytest.fixture
def value(name: str, model: aetia.Model, result: aetia.Result) -> Any:
    """A value of a class."""
    return VALUES[name][0](model, result)


@pytest.fixture
def other(name: str, model: aetia.Model, result: aetia.Result) -> Any:
    """Another one."""
    return VALUES[name][1](model, result)


def test_every_public_class_is_looked_at(model: aetia.Model, result: aetia.Result) -> None:
    """Those of the package, and those of what it hands out."""
    public = {name for name in aetia.__all__ if inspect.isclass(getattr(aetia, name))}
    errors = {name for name in public if issubclass(getattr(aetia, name), Exception)}
    # An interview changes as it goes on; tables and what makes them are looked at in `test_cohorts.py`.
    assert public - errors - {"Interview", "Schema", "Scorer", "Scores"} <= VALUES.keys()
    for module in ["aetia._knowledge", "aetia._asking", "aetia._certainty"]:
        described = vars(importlib.import_module(module)).items()
        plain = {name for name, one in described if hasattr(one, "__dataclass_fields__")}
        assert plain - {"Description"} <= VALUES.keys()
    assert {name: type(get(model, result)).__name__ for name, (get, _) in VALUES.items()} == {
        name: name for name in VALUES
    }


@every_value
@pytest.mark.usefixtures("name")
def test_a_value_does_not_change(value: Any) -> None:
    """No attribute can be given another value, added or taken away."""
    before = repr(value)
    public = [attribute for attribute in dir(value) if not attribute.startswith("__")]
    changes: list[Callable[[str], None]] = [
        lambda name: setattr(value, name, None),
        lambda name: delattr(value, name),
    ]
    for attribute in [*public, "brand_new"]:
        for change in changes:
            with pytest.raises((AttributeError, TypeError)):
                change(attribute)
    assert repr(value) == before


@every_value
def test_values_are_equal_by_what_they_hold(name: str, value: Any, other: Any) -> None:
    """And hash alike where they are equal."""
    again = copy.deepcopy(value)
    assert value == again
    assert hash(value) == hash(again)
    assert len({value, again, other}) == 2
    assert value != other
    assert value not in (None, 0, "", name, object())
    assert value.__eq__(object()) is NotImplemented


@every_value
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.usefixtures("name")
def test_a_value_goes_and_comes_back(value: Any, protocol: int) -> None:
    """Through every protocol of pickle."""
    again = pickle.loads(pickle.dumps(value, protocol))
    assert again == value
    assert type(again) is type(value)
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)
    assert str(again) == str(value)


@every_value
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
@pytest.mark.usefixtures("name")
def test_a_copy_is_equal(value: Any, copied: Callable[[Any], Any]) -> None:
    """Whether it is another object or not."""
    assert copied(value) == value
    assert repr(copied(value)) == repr(value)


@every_value
@pytest.mark.usefixtures("name")
def test_a_value_shows_itself(value: Any) -> None:
    """In words of its own."""
    assert " object at 0x" not in repr(value)
    assert repr(value).strip()
    assert str(value).strip()


@every_value
def test_a_value_is_made_by_the_package_alone(name: str, value: Any) -> None:
    """What a user may make, a user makes of numbers and texts; nothing comes half made."""
    makeable = {"NotAssessable"}
    if name not in makeable:
        with pytest.raises(TypeError):
            type(value)()


def test_there_is_one_not_assessable() -> None:
    """However it is made, copied or sent."""
    assert type(aetia.NOT_ASSESSABLE)() is aetia.NOT_ASSESSABLE
    assert pickle.loads(pickle.dumps(aetia.NOT_ASSESSABLE)) is aetia.NOT_ASSESSABLE
    assert copy.deepcopy(aetia.NOT_ASSESSABLE) is aetia.NOT_ASSESSABLE
    assert repr(aetia.NOT_ASSESSABLE) == "aetia.NOT_ASSESSABLE"


def test_handed_out_collections_are_copies(result: aetia.Result) -> None:
    """Whoever changes one changes no result."""
    before = result.to_json()
    for collection in [result.case, result.inferred, result.dropped, result.to_dict(), *result.to_dicts()]:
        collection["night_pain"] = "changed"
    assert (result.to_json(), result.case["night_pain"]) == (before, False)
    assert "night_pain" not in result.inferred


def reduced(value: Any) -> tuple[Callable[..., object], tuple[Any, ...]]:
    """What pickle stores of a value of the core: how to make it again, and of which parts."""
    how, parts = value.__reduce__()
    return how, parts


def test_tampered_pickles_are_refused(result: aetia.Result, model: aetia.Model) -> None:
    """A result must add up, a model must be the one of its hash."""
    restore, (form, engine, digest, text) = reduced(model)
    assert (form, engine, digest) == (aetia.FORMAT_VERSION, aetia.__version__, model.hash)
    with pytest.raises(aetia.Unreadable, match=r"sent by aetia 9\.9\.9.* versions differ"):
        restore(form, "9.9.9", "0" * 64, text)
    with pytest.raises(aetia.Unreadable, match=r"sent by aetia 9\.9\.9 in format 2; aetia .* reads format 1"):
        restore(form + 1, "9.9.9", digest, text)
    with pytest.raises(aetia.Unreadable, match="cannot be read"):
        restore(form, engine, "0" * 64, text.replace("format_version", "form", 1))
    read, (text,) = reduced(result)
    with pytest.raises(aetia.Unreadable):
        read(text.replace(f'"score":{result.first.score.nanodecibans}', '"score":1', 1))
    for value in [result.flags[0], result[IBP].held_by[0], result.comparator, result[IBP].explanation[0]]:
        with pytest.raises(aetia.Unreadable):
            reduced(value)[0]("{}")


@pytest.mark.parametrize(
    ("sum_", "expected"),
    [
        (lambda: Weight(1) + Weight(2), Weight(3)),
        (lambda: Weight(1) - Weight(2), Weight(-1)),
        (lambda: -Weight(1), Weight(-1)),
        (lambda: abs(Weight(-1)), Weight(1)),
        (lambda: sum([AnyWeight(1), AnyWeight(2)]), Weight(3)),
        (lambda: sum([Weight(1)], LogOdds(0)), LogOdds(1)),
        (lambda: LogOdds(1) + Weight(1), LogOdds(2)),
        (lambda: LogOdds(1) - Weight(3), LogOdds(-2)),
        (lambda: LogOdds(1) - LogOdds(3), Weight(-2)),
        (lambda: Weight(MOST) - Weight(MOST), Weight(0)),
        (lambda: Weight(MOST - 1) + Weight(1), Weight(MOST)),
    ],
)
def test_weights_move_positions(sum_: Callable[[], object], expected: object) -> None:
    """Weights add up; the difference of positions is a weight."""
    assert (type(sum_()), sum_()) == (type(expected), expected)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: AnyLogOdds(1) + AnyLogOdds(1),
        lambda: AnyWeight(1) + AnyLogOdds(1),
        lambda: AnyWeight(1) - AnyLogOdds(1),
        lambda: sum([AnyLogOdds(1)]),
        lambda: -AnyLogOdds(1),
        lambda: AnyWeight(1) + 1,
        lambda: 1 + AnyWeight(1),
        lambda: False + AnyWeight(1),
        lambda: 0.0 + AnyWeight(1),
        lambda: AnyWeight(1) - 0,
        lambda: AnyWeight(1) + 0,
        lambda: AnyWeight(1) * 2,
        lambda: AnyWeight(1) < AnyLogOdds(1),
        lambda: AnyWeight(1) < 1,
        lambda: AnyLogOdds(1) < 1,
        lambda: float(AnyWeight(1)),
        lambda: int(AnyLogOdds(1)),
        lambda: AnyWeight(1.5),
        lambda: AnyWeight("1"),
        lambda: AnyLogOdds(None),
        lambda: AnyWeight.from_likelihood_ratio("2"),
        lambda: np.float64(1) + AnyWeight(1),
    ],
)
def test_wrong_sums_are_type_errors(wrong: Callable[[], object]) -> None:
    """Two positions cannot be added, nor a bare number to anything."""
    with pytest.raises(TypeError):
        wrong()


@pytest.mark.parametrize(
    "wide",
    [
        lambda: Weight(MOST) + Weight(1),
        lambda: Weight(LEAST) - Weight(1),
        lambda: -Weight(LEAST),
        lambda: abs(Weight(LEAST)),
        lambda: LogOdds(MOST) + Weight(1),
        lambda: LogOdds(LEAST) - Weight(1),
        lambda: LogOdds(LEAST) - LogOdds(1),
        lambda: Weight(2**63),
        lambda: LogOdds(LEAST - 1),
    ],
)
def test_sums_that_leave_64_bits_are_overflows(wide: Callable[[], object]) -> None:
    """They never wrap around."""
    with pytest.raises(OverflowError):
        wide()


def test_weights_and_positions_are_read_in_every_unit() -> None:
    """Ten decibans are a factor of ten in odds."""
    weight = Weight.from_likelihood_ratio(100)
    assert (weight.nanodecibans, weight.decibans) == (20_000_000_000, 20.0)
    assert weight.likelihood_ratio == pytest.approx(100)
    assert (str(weight), repr(weight)) == ("+20.0 dB", "Weight(20000000000)")
    assert LogOdds(-20_000_000_000).probability == pytest.approx(1 / 101)
    assert LogOdds(0).probability == 0.5
    assert 0 < LogOdds(LEAST).probability < LogOdds(MOST).probability < 1
    assert 0 < Weight(LEAST).likelihood_ratio < 1 < Weight(MOST).likelihood_ratio < float("inf")


def test_weights_and_positions_are_in_order() -> None:
    """By their whole numbers; a weight of nothing is false, as numbers are."""
    for kind in [AnyWeight, AnyLogOdds]:
        assert sorted([kind(2), kind(-1), kind(0)]) == [kind(-1), kind(0), kind(2)]
        assert kind(1) >= kind(1) > kind(0)
        assert kind(np.int64(5)) == kind(5)
    assert not Weight(0)
    assert Weight(-1)
    assert Weight(0) != LogOdds(0)
    assert Weight(0) != 0


@pytest.mark.parametrize("ratio", [0, -1, float("nan"), float("inf")])
def test_what_is_no_ratio_has_no_weight(ratio: float) -> None:
    """It is said what would be one."""
    with pytest.raises(ValueError, match="likelihood ratio"):
        Weight.from_likelihood_ratio(ratio)


@pytest.mark.parametrize("ratio", [1e-6, 0.1, 1, 7.3, 1e6])
def test_opposite_ratios_have_opposite_weights(ratio: float) -> None:
    """Up to a rounding of one nanodeciban."""
    sum_ = Weight.from_likelihood_ratio(ratio) + Weight.from_likelihood_ratio(1 / ratio)
    assert abs(sum_) <= Weight(1)


@pytest.mark.parametrize("ratio", [0, -1.5, float("nan"), float("inf")])
def test_ratios_are_finite_and_above_zero(ratio: float) -> None:
    """The docstring says so."""
    with pytest.raises(ValueError, match="likelihood ratio"):
        Weight.from_likelihood_ratio(ratio)


def test_a_catalogue_is_a_tuple_that_knows_names(model: aetia.Model) -> None:
    """Counted by numbers, asked by names."""
    causes = model.causes
    # A checker takes a tuple of causes to hold no text.
    anything: Any = causes
    assert isinstance(causes, tuple)
    assert (len(causes), causes.what) == (5, "cause")
    assert [cause.id for cause in causes] == list(causes.names)
    for at, name in enumerate(causes.names):
        assert causes[name] is causes[at] is causes[at - len(causes)]
        assert name in anything
        assert causes[at] in causes
        assert causes.index(causes[name]) == at
    assert type(causes[1:]) is tuple
    assert causes[1:] == tuple(causes)[1:]
    assert causes == tuple(causes)
    assert "zebra" not in anything
    assert 3 not in anything
    assert repr(causes).startswith("5 causes: ")
    assert repr(model.indicators).endswith(", and 72 more")


def test_a_catalogue_names_what_it_does_not_have(model: aetia.Model) -> None:
    """With what may be meant."""
    with pytest.raises(aetia.UnknownName) as caught:
        model.causes["fibromyalgi"]
    assert (caught.value.what, caught.value.name) == ("cause", "fibromyalgi")
    assert caught.value.suggestions == ("fibromyalgia",)
    assert "did you mean `fibromyalgia`?" in str(caught.value)
    with pytest.raises(aetia.UnknownName, match="no setting"):
        model.settings[""]
    with pytest.raises(IndexError):
        model.causes[99]
    anything: Any = model.causes
    for key in [1.5, None, ("fibromyalgia",)]:
        with pytest.raises(TypeError):
            anything[key]


def test_a_result_is_asked_by_cause(result: aetia.Result) -> None:
    """And iterated by rank."""
    assert list(result) == list(result.ranking)
    assert len(result) == len(result.ranking)
    assert result[result.first.cause] == result.first
    assert IBP in result
    assert "zebra" not in result
    asks: list[Callable[[], object]] = [
        lambda: result["zebra"],
        lambda: result.compare("zebra", IBP),
        lambda: result.compare(IBP, "zebra"),
    ]
    for ask in asks:
        with pytest.raises(aetia.UnknownName) as caught:
            ask()
        assert (caught.value.what, caught.value.name) == ("cause", "zebra")


def test_what_a_result_yields_is_in_it(result: aetia.Result) -> None:
    """As in every collection of Python."""
    assert all(candidate in result for candidate in result)


def asked_twice(model: aetia.Model) -> None:
    """An interview that is told the same thing again."""
    interview = model.interview()
    interview.answer("fever", None)
    interview.answer("fever", None)


REFUSALS: dict[str, Callable[[aetia.Model], object]] = {
    "AlreadyAnswered": asked_twice,
    "UnknownName": lambda model: model.assess({"nightpain": True, "agenow": 1}),
    "AnswerMismatch": lambda model: model.assess({"age_now": "x"}),
    "ContradictoryFindings": lambda model: model.assess({"age_now": 30, "age_at_onset": 50}),
    "DocumentError": lambda _: aetia.KnowledgeBase.from_toml("a ="),
    "InvalidKnowledgeBase": lambda _: aetia.KnowledgeBase.from_toml("a = 1"),
    "Unreadable": lambda _: aetia.Result.from_json("{}"),
    "InternalError": lambda _: (_ for _ in ()).throw(aetia.InternalError("this is a bug")),
}
BASES = {
    "AlreadyAnswered": ValueError,
    "UnknownName": LookupError,
    "AnswerMismatch": ValueError,
    "ContradictoryFindings": ValueError,
    "DocumentError": ValueError,
    "InvalidKnowledgeBase": ValueError,
    "Unreadable": ValueError,
    "InternalError": RuntimeError,
}


@pytest.mark.parametrize("name", REFUSALS)
def test_exceptions_go_and_come_back_whole(name: str, model: aetia.Model) -> None:
    """With all attributes and notes, so that a worker's refusal is the caller's."""
    with pytest.raises(aetia.AetiaError) as caught:
        REFUSALS[name](model)
    error = caught.value
    assert type(error) is getattr(aetia, name)
    assert isinstance(error, BASES[name])
    for again in [pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)]:
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert (again.args, str(again), again.message) == (error.args, str(error), error.message)
    documented = inspect.getdoc(type(error)) or ""
    attributes = set(vars(error)) - {"message", "__notes__"}
    assert all(f"{attribute} (" in documented for attribute in attributes)


def test_every_exception_is_looked_at() -> None:
    """Those of `aetia.errors`, which are those of the package."""
    named = {name for name in aetia.errors.__all__ if name != "AetiaError"}
    assert named == REFUSALS.keys()
    assert all(getattr(aetia, name) is getattr(aetia.errors, name) for name in aetia.errors.__all__)


def test_a_problem_says_where_it_is() -> None:
    """With line and column, in its attributes and in its text."""
    with pytest.raises(aetia.DocumentError) as caught:
        aetia.KnowledgeBase.from_toml("format_version = 1\na = @")
    error = caught.value
    assert (error.problem.code, error.problem.severity) == ("syntax", "error")
    assert (error.line, error.column) == (error.problem.line, error.problem.column) == (2, 5)
    assert "line 2, column 5" in str(error)
    problem = next(one for one in Tiny.problems() if one.code == "unknown-field")
    assert (problem.place, problem.line) == ("frmat", 2)
    assert problem.help
    assert problem.help in str(problem)
    assert problem.message in str(problem)


def test_the_package_names_what_it_has() -> None:
    """`__all__` is sorted, of what is there, and leaves out nothing public."""
    assert sorted(aetia.__all__) == sorted(set(aetia.__all__))
    public = {name for name, value in vars(aetia).items() if not name.startswith("_") and name != "annotations"}
    modules = {name for name in public if isinstance(getattr(aetia, name), ModuleType)}
    assert public - modules | {"__version__", "errors"} == set(aetia.__all__)


@pytest.mark.parametrize("name", [name for name in aetia.__all__ if callable(getattr(aetia, name))])
def test_what_is_public_is_documented(name: str) -> None:
    """Every class, function and method has a docstring; every attribute is in that of its class, or has its own."""
    public = getattr(aetia, name)
    documented = inspect.getdoc(public) or ""
    assert documented.strip()
    if not inspect.isclass(public):
        return
    if name == "Model":
        documented += inspect.getdoc(aetia.KnowledgeBase) or ""
    for attribute, member in vars(public).items():
        if attribute.startswith("_") or (name, attribute) == ("Problem", "text"):
            continue
        own = getattr(member, "__doc__", None) or ""
        assert own.strip() or f"    {attribute} (" in documented, f"{name}.{attribute} is not documented"


def pure_modules() -> list[str]:
    """The modules of the package that are written in Python."""
    found = [module.name for module in pkgutil.iter_modules(aetia.__path__)]
    return ["aetia", *(f"aetia.{name}" for name in found if name != "_aetia")]


def examples() -> list[doctest.DocTest]:
    """Every example in a docstring of the package."""
    finder = doctest.DocTestFinder()
    found = [test for name in pure_modules() for test in finder.find(importlib.import_module(name), name)]
    for name in aetia.__all__:
        found += finder.find(getattr(aetia, name), f"aetia.{name}", module=False, globs={"aetia": aetia})
    by_name = {test.name: test for test in found if test.examples}
    return [by_name[name] for name in sorted(by_name)]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_the_examples_print_what_they_say(example: doctest.DocTest) -> None:
    """Those in docstrings, as a reader would type them."""
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert runner.run(example, out=report.append).failed == 0, "".join(report)


def test_there_are_examples() -> None:
    """Of the package and of what is at its centre."""
    names = {example.name for example in examples()}
    assert names >= {"aetia", "aetia.Weight", "aetia.LogOdds", "aetia.Model", "aetia.Model.assess", "aetia.Result"}


def test_values_become_dictionaries_and_tuples(model: aetia.Model, result: aetia.Result) -> None:
    """Every dataclass, by the standard library's own functions; so they go into a data frame."""
    values = [get(model, result) for get, _ in VALUES.values()]
    values = [value for value in values if dataclasses.is_dataclass(value)]
    values.append(_knowledge.describe(model.knowledge_base.to_json()))
    made = {
        one
        for module in (_knowledge, _asking, _certainty)
        for one in vars(module).values()
        if dataclasses.is_dataclass(one)
    }
    assert {type(value) for value in values} == made
    for value in values:
        names = [field.name for field in dataclasses.fields(value)]
        assert list(dataclasses.asdict(value)) == names
        assert len(dataclasses.astuple(value)) == len(names)
    cause = model.causes[0]
    assert dataclasses.asdict(cause)["prior"][0] == dataclasses.asdict(cause.prior[0])
    assert list(pd.DataFrame(model.causes)["id"]) == list(model.causes.names)


def test_values_alone_make_a_catalogue(model: aetia.Model) -> None:
    """Which then says itself, for want of names."""
    make: Any = type(model.causes)
    assert repr(make([1, 2])) == "(1, 2)"
    assert repr(make([1], "cause", ["a"])) == "1 cause: a"
