"""Whatever is given: refused with an `AetiaError` or a `TypeError`, or ranked by the laws."""

from __future__ import annotations

import copy
import itertools
import json
import math
import pickle
import tomllib
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import aetia
from golden import LINKS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from aetia._types import Contradictions

MODEL = aetia.load("morning_back_pain")
FLAGSHIP = MODEL.knowledge_base.to_dict()
TINY = tomllib.loads((ROOT / "crates/aetia/docs/tiny.toml").read_text("utf-8"))
RESULT = MODEL.assess({"night_pain": True, "age_now": 30, "saddle_numbness": True}).to_dict()
REFUSED = (aetia.AetiaError, TypeError)
CONTRADICTIONS: tuple[Contradictions, ...] = ("refuse", "drop")
FEW = settings(max_examples=max(settings().max_examples // 2, 1))

# Texts as UTF-8 has them; `test_lone_surrogates_are_refused_as_texts` is about the others.
texts = st.text(st.characters(exclude_categories=["Cs"]))
words = st.one_of(texts, st.sampled_from([*MODEL.indicators.names, *TINY["indicators"], "present", "null", "true"]))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    words,
    st.sampled_from([10**400, -(10**400), 2**63, -(2**63) - 1]),
)
plain = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))
strange = st.one_of(
    st.text(),
    st.binary(max_size=3),
    st.complex_numbers(),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.uuids(),
    st.tuples(scalars),
    st.sampled_from(
        [
            aetia.NOT_ASSESSABLE,
            pd.NA,
            pd.NaT,
            np.ma.masked,
            np.float32(1),
            np.int8(-1),
            np.bool_(1),
            np.str_("x"),
            np.array([1, 2]),
            np.datetime64("2020"),
            Decimal("sNaN"),
            Fraction(10**400),
            Ellipsis,
            object,
            object(),
            print,
            MODEL,
            pd.Series([1.0]),
        ]
    ),
)
anything = st.one_of(plain, strange)
keys = st.one_of(
    words, st.text(), st.integers(), st.none(), st.binary(max_size=3), st.tuples(st.integers()), st.floats()
)


def answers(indicator: Any) -> st.SearchStrategy[Any]:
    """Any answer of an indicator, or none."""
    named: list[Any] = [None, aetia.NOT_ASSESSABLE, *(answer.id for answer in indicator.answers)]
    if indicator.kind == "boolean":
        return st.sampled_from([*named, True, False, True, False])
    if indicator.kind == "numeric":
        cuts = [number for cut in indicator.cut_points for number in (cut, math.nextafter(cut, -math.inf))]
        return st.sampled_from(named) | st.sampled_from(cuts) | st.floats(-1e6, 1e6)
    return st.sampled_from(named)


def findings_of(model: aetia.Model) -> st.SearchStrategy[dict[str, Any]]:
    """Any answers to some of the indicators; contradictions are left in."""
    return st.lists(st.sampled_from(model.indicators), unique_by=lambda one: one.id, max_size=20).flatmap(
        lambda chosen: st.fixed_dictionaries({one.id: answers(one) for one in chosen})
    )


findings = findings_of(MODEL)
choices = st.fixed_dictionaries(
    {"setting": st.sampled_from([None, *MODEL.settings.names]), "link": st.sampled_from(LINKS)}
)


def assessed(case: dict[str, Any], how: dict[str, Any]) -> aetia.Result:
    """The result of a case that contradicts itself nowhere."""
    try:
        return MODEL.assess(case, **how)
    except aetia.ContradictoryFindings:
        assume(condition=False)
        raise


def nodes(document: Any) -> list[tuple[Any, Any]]:
    """Every place of a document, as what holds it and its key."""
    found: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        one = waiting.pop()
        inside = list(one.items()) if isinstance(one, dict) else list(enumerate(one))
        found += [(one, key) for key, _ in inside]
        waiting += [value for _, value in inside if isinstance(value, (dict, list))]
    return found


@st.composite
def mutants(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """A document of which some places were taken out, copied from elsewhere or replaced."""
    mutant = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        places = nodes(mutant)
        if not places:
            break
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        match draw(st.sampled_from(["delete", "replace", "copy", "add", "nudge"])):
            case "delete":
                del holder[key]
            case "replace":
                holder[key] = draw(plain)
            case "copy":
                other, place = places[draw(st.integers(0, len(places) - 1))]
                holder[key] = copy.deepcopy(other[place])
            case "add" if isinstance(holder, dict):
                holder[draw(words)] = draw(plain)
            case "add":
                holder.append(copy.deepcopy(holder[key]))
            case _:
                value = holder[key]
                is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
                holder[key] = value * draw(st.floats(-2, 2)) if is_number else draw(scalars)
    return mutant


@given(st.dictionaries(keys, anything, max_size=4), findings)
def test_any_findings_are_ranked_or_refused(wild: dict[Any, Any], valid: dict[str, Any]) -> None:
    """Whatever the names and the values are, among valid ones."""
    for contradictions in CONTRADICTIONS:
        try:
            result = MODEL.assess(valid | wild, contradictions=contradictions)
        except REFUSED as error:
            assert not isinstance(error, aetia.InternalError)
            assert str(error)
        else:
            assert result.ranking


@given(st.dictionaries(st.sampled_from(MODEL.indicators.names), anything, max_size=4))
def test_any_values_are_ranked_or_refused(wild: dict[str, Any]) -> None:
    """Under names that exist."""
    try:
        result = MODEL.assess(wild)
    except REFUSED as error:
        assert not isinstance(error, aetia.InternalError)
    else:
        assert result.case.keys() <= wild.keys()


@given(anything)
def test_anything_is_findings_or_refused(wild: Any) -> None:
    """Also what is no mapping."""
    try:
        MODEL.assess(wild)
    except REFUSED as error:
        assert not isinstance(error, aetia.InternalError)


@given(texts | plain.map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    """As a knowledge base in either form, and as a result."""
    readers: list[Callable[[str], object]] = [
        aetia.KnowledgeBase.from_toml,
        aetia.KnowledgeBase.from_json,
        aetia.Result.from_json,
    ]
    for read in readers:
        with pytest.raises(aetia.AetiaError) as caught:
            read(text)
        assert not isinstance(caught.value, aetia.InternalError)


@pytest.mark.parametrize(
    "read",
    [
        aetia.KnowledgeBase.from_toml,
        aetia.KnowledgeBase.from_json,
        aetia.Result.from_json,
        aetia.load,
        lambda text: MODEL.assess({}, setting=text),
        lambda text: MODEL.assess({}, link=text),
        lambda text: MODEL.assess({}, nullable=[text]),
        lambda text: MODEL.assess({}, contradictions=text),
        lambda text: MODEL.assess({})[text],
    ],
)
def test_lone_surrogates_are_refused_as_texts(read: Any) -> None:
    """With an error of the package, as they are in findings."""
    with pytest.raises(aetia.AetiaError):
        read("\ud800")


@FEW
@given(st.text(st.sampled_from("[]={}\"'\n.,:#\\ abe_10-"), max_size=60), st.integers(0, 1700), st.integers(0, 60))
def test_a_torn_text_is_read_or_refused(patch: str, start: int, length: int) -> None:
    """A good one with a hole and a patch."""
    good = (ROOT / "crates/aetia/docs/tiny.toml").read_text("utf-8")
    try:
        aetia.KnowledgeBase.from_toml(good[:start] + patch + good[start + length :]).compile().assess({})
    except aetia.AetiaError as error:
        assert not isinstance(error, aetia.InternalError)


def try_document(document: dict[str, Any]) -> bool:
    """Whether a document is a knowledge base; where it is none, it is refused in due form."""
    try:
        kb = aetia.KnowledgeBase.from_dict(document)
    except REFUSED as error:
        assert not isinstance(error, aetia.InternalError)
        if isinstance(error, aetia.InvalidKnowledgeBase):
            assert any(problem.severity == "error" for problem in error.problems)
        return False
    result = kb.compile().assess({})
    assert aetia.KnowledgeBase.from_json(kb.to_json()) == kb
    assert aetia.KnowledgeBase.from_toml(kb.to_toml()) == kb
    assert aetia.Result.from_json(result.to_json()) == result
    return True


@given(mutants(TINY))
def test_an_altered_document_is_read_or_refused(document: dict[str, Any]) -> None:
    """A small one."""
    try_document(document)


@settings(max_examples=max(settings().max_examples // 4, 1))
@given(mutants(FLAGSHIP))
def test_an_altered_flagship_is_read_or_refused(document: dict[str, Any]) -> None:
    """The big one, which has every construct of the format."""
    try_document(document)


def test_unaltered_documents_are_read() -> None:
    """So that the above are near what is valid."""
    assert try_document(TINY)
    assert try_document(FLAGSHIP)


@given(mutants(RESULT))
def test_an_altered_result_is_read_or_refused(written: dict[str, Any]) -> None:
    """What is read back is written as it was, and shows itself."""
    try:
        result = aetia.Result.from_json(json.dumps(written))
    except aetia.Unreadable:
        return
    assert aetia.Result.from_json(result.to_json()) == result
    shows: list[Callable[[aetia.Result], object]] = [repr, str, aetia.Result.to_dicts, hash]
    for show in shows:
        assert show(result) is not None
    for candidate in [*result.ranking, *result.excluded]:
        assert repr(candidate)
        assert repr(candidate.explanation)
        assert result.compare(candidate.cause, result.first.cause)


@given(findings, choices)
def test_a_result_goes_and_comes_back(case: dict[str, Any], how: dict[str, Any]) -> None:
    """As JSON and pickled it is equal, hashes alike and reads alike."""
    result = assessed(case, how)
    for again in [aetia.Result.from_json(result.to_json()), pickle.loads(pickle.dumps(result)), copy.deepcopy(result)]:
        assert again == result
        assert hash(again) == hash(result)
        assert again.to_json() == result.to_json()
        assert repr(again) == repr(result)
        assert again.ranking == result.ranking
        assert again.to_dicts() == result.to_dicts()
        for mine, theirs in zip(result.ranking, again.ranking, strict=True):
            assert hash(mine) == hash(theirs)
            assert mine.explanation == theirs.explanation
            assert repr(mine.explanation) == repr(theirs.explanation)
    assert json.loads(result.to_json()) == result.to_dict()


@given(findings, choices)
def test_the_parts_are_the_score(case: dict[str, Any], how: dict[str, Any]) -> None:
    """To the nanodeciban; and those of a comparison are its difference."""
    result = assessed(case, how)
    for candidate in [*result.ranking, *result.excluded]:
        parts = candidate.explanation
        units = [part.weight.nanodecibans for part in parts]
        assert sum(units) == candidate.score.nanodecibans
        assert (
            parts.total == sum((part.weight for part in parts), aetia.Weight(0)) == candidate.score - aetia.LogOdds(0)
        )
        ungated = sum(part.weight.nanodecibans for part in parts if part.kind != "gate")
        assert ungated == candidate.score_ungated.nanodecibans
        assert candidate.gate_effect == candidate.score - candidate.score_ungated <= aetia.Weight(0)
        comparison = result.compare(candidate.cause, result.first.cause)
        assert comparison.total == candidate.score - result.first.score
        assert comparison.total == sum((part.weight for part in comparison.parts), aetia.Weight(0))
        assert all(part.weight == part.one - part.other for part in comparison.parts)


@given(findings, choices)
def test_the_ranking_is_in_order(case: dict[str, Any], how: dict[str, Any]) -> None:
    """By scores, ties by scores without gates, then by ids; ranks from 1; whoever leads stands above the comparator."""
    result = assessed(case, how)
    ranking = result.ranking
    assert [one.rank for one in ranking] == list(range(1, len(ranking) + 1))
    key = {one.cause: (-one.score.nanodecibans, -one.score_ungated.nanodecibans, one.cause) for one in ranking}
    assert list(key) == sorted(key, key=key.__getitem__)
    posteriors = [one.posterior for one in ranking if one.posterior is not None]
    assert len(posteriors) == len(ranking)
    assert posteriors == sorted(posteriors, reverse=True)
    assert all(one.leads == (one.score > aetia.LogOdds(0)) for one in ranking)
    everybody = {one.cause for one in [*ranking, *result.excluded]}
    assert everybody == set(MODEL.causes.names)
    assert all(one.margin == above.score - one.score for above, one in itertools.pairwise(ranking))
    assert all(one.rank is one.posterior is None for one in result.excluded)
    assert sorted(one.rank_ungated for one in [*ranking, *result.excluded]) == list(range(1, len(everybody) + 1))


@given(findings, st.sampled_from(MODEL.settings.names))
def test_exclusive_probabilities_sum_to_one(case: dict[str, Any], setting: str) -> None:
    """With the comparator's; before the findings, after them, and had no gate been there."""
    result = assessed(case, {"setting": setting, "link": "exclusive"})
    everybody = [*result.ranking, *result.excluded]
    line = result.comparator
    sums = [
        line.prior + math.fsum(one.prior for one in everybody),
        line.posterior + math.fsum(one.posterior or 0.0 for one in everybody),
        line.posterior_ungated + math.fsum(one.posterior_ungated for one in everybody),
    ]
    assert all(abs(total - 1) < 1e-12 for total in sums)
    for one in result.ranking:
        assert one.posterior is not None
        odds = one.posterior / line.posterior
        assert 10 * math.log10(odds) == pytest.approx(one.score.decibans, abs=1e-6)


STRONG = {
    "lasts_3_months": True,
    "age_now": 34,
    "age_at_onset": 31,
    "morning_stiffness": 60,
    "improves_with_exercise_not_rest": True,
    "nsaid_response": True,
    "peripheral_arthritis": True,
    "hla_b27": True,
    "mri_sacroiliitis": True,
}


def test_the_strong_picture_would_be_first_but_for_the_gate() -> None:
    """So that the law below is about something."""
    for setting in MODEL.settings.names:
        result = MODEL.assess(STRONG, setting=setting)
        assert result["inflammatory_back_pain"].rank_ungated == 1
        assert MODEL.assess(STRONG | {"night_pain": True}, setting=setting).first.cause == "inflammatory_back_pain"


@given(findings, choices, st.sampled_from([{}, STRONG]))
def test_inflammatory_back_pain_is_never_first_without_night_pain(
    case: dict[str, Any], how: dict[str, Any], picture: dict[str, Any]
) -> None:
    """The rule the flagship is about; in half of the cases on top of a picture that is strong but for the gate."""
    result = assessed(picture | case, how)
    has_night_pain = case.get("night_pain") is True or result.inferred.get("night_pain") == "present"
    assert has_night_pain or result.first.cause != "inflammatory_back_pain"
    assert has_night_pain or not result["inflammatory_back_pain"].leads


@given(findings, choices, st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(case: dict[str, Any], how: dict[str, Any], chance: Any) -> None:
    """Neither to the ranking nor to any byte of the result."""
    pairs = list(case.items())
    chance.shuffle(pairs)
    assert assessed(dict(pairs), how).to_json() == assessed(case, how).to_json()


@given(findings, choices, st.sets(st.sampled_from(MODEL.indicators.names)))
def test_none_is_as_left_out(case: dict[str, Any], how: dict[str, Any], asked: set[str]) -> None:
    """Unknown is what nobody said."""
    known = {name: value for name, value in case.items() if value is not None}
    assert assessed(dict.fromkeys(asked) | case, how) == assessed(known, how)


@given(findings)
def test_a_result_knows_its_case(case: dict[str, Any]) -> None:
    """What was given, and who has not been asked; assessed again, it comes to the same."""
    result = assessed(case, {})
    known = {name: value for name, value in case.items() if value is not None}
    assert result.case == known
    assert not known.keys() & set(result.not_asked)
    assert not result.inferred.keys() & {name for name, value in known.items() if value is not aetia.NOT_ASSESSABLE}
    assert MODEL.assess(result.case) == result


@given(findings)
def test_dropping_contradictions_always_ranks(case: dict[str, Any]) -> None:
    """Those dropped are as unknown, and said; nothing is dropped of a case that holds."""
    result = MODEL.assess(case, contradictions="drop")
    try:
        strict = MODEL.assess(case)
    except aetia.ContradictoryFindings as error:
        assert {name for name, _ in error.findings} <= result.dropped.keys() | result.inferred.keys()
        assert result.dropped.keys() <= case.keys()
    else:
        assert strict == result
        assert result.dropped == {}
