"""Questions, what settles a result, what would change it, and interviews, from Python."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any

import pytest

import aetia

IBP = "inflammatory_back_pain"
STRONG = {"hla_b27": True, "age_at_onset": 32, "nsaid_response": True, "alternating_buttock_pain": True}


def merged(findings: dict[str, Any], changes: tuple[Any, ...]) -> dict[str, Any]:
    """Findings with changes in their place."""
    return findings | {change.indicator: change.value for change in changes}


def test_questions_come_with_their_reasons_and_figures(model: aetia.Model) -> None:
    questions = model.next_questions({}, most=100)
    assert len({question.indicator for question in questions}) == len(questions)
    stages = ["flag", "gate", "information", "other_gate", "no_base_rate", "other_flag"]
    places = [stages.index(question.reason) for question in questions]
    assert places == sorted(places)
    assert {"flag", "information"} <= {question.reason for question in questions}
    for question in questions:
        assert question.text
        assert question.sentence
        assert question.cost > 0
        if question.information is not None:
            assert question.information >= 0
            assert question.gain == pytest.approx(question.information / question.cost)
            assert sum(outlook.probability for outlook in question.outlooks) == pytest.approx(1)
            assert pickle.loads(pickle.dumps(question)) == question


def test_nothing_is_asked_that_is_known(model: aetia.Model) -> None:
    case = STRONG | {"crp": aetia.NOT_ASSESSABLE}
    asked = {question.indicator for question in model.next_questions(case, most=1000)}
    assert not asked & set(case)


def test_who_is_asked_leaves_out_the_laboratory(model: aetia.Model) -> None:
    asked = model.next_questions({}, most=1000, who="oneself")
    assert {model.indicators[question.indicator].asked_by for question in asked} == {"self"}


def test_the_gate_of_the_held_cause_is_asked_about(model: aetia.Model) -> None:
    questions = model.next_questions(STRONG, most=1000)
    gates = [question.indicator for question in questions if question.reason == "gate"]
    assert "night_pain" in gates


def test_a_result_is_taken_for_its_case_setting_and_link(model: aetia.Model) -> None:
    result = model.assess(STRONG, setting="rheumatology", link="independent")
    stored = aetia.Result.from_json(result.to_json())
    spoken = model.next_questions(STRONG, most=9, setting="rheumatology", link="independent")
    assert model.next_questions(result, most=9) == model.next_questions(stored, most=9) == spoken
    assert model.flip(stored) == model.flip(STRONG, setting="rheumatology", link="independent")


@pytest.mark.parametrize("night_pain", [True, None])
def test_a_flip_does_what_it_says(model: aetia.Model, *, night_pain: bool | None) -> None:
    case = STRONG | {"night_pain": night_pain}
    first = model.assess(case).first.cause
    flip = model.flip(case)
    assert flip.state == "fewest"
    changed = model.assess(merged(case, flip.changes)).first.cause
    assert changed == flip.first != first
    assert str(flip) == flip.sentence


def test_an_open_result_shows_how_it_changes(model: aetia.Model) -> None:
    case = STRONG | {"night_pain": True}
    settled = model.settled(case, reach="first")
    assert settled.state == "open"
    assert model.assess(merged(case, settled.changes)).first.cause == settled.first
    assert str(settled).startswith("open: ")


def test_what_it_takes_for_a_cause_to_be_first(model: aetia.Model) -> None:
    why = model.why_not(STRONG, IBP)
    assert (why.cause, why.gates) == (IBP, ("night_pain",))
    # Its evidence would do; the gate does not let it.
    assert why.deficit < aetia.Weight(0)
    assert why.flip is not None
    assert model.assess(merged(STRONG, why.flip.changes)).first.cause == IBP
    assert all(sentence in str(why) for sentence in why.sentences)


def test_a_small_result_rests_on_what_it_says(tiny: aetia.Model) -> None:
    case: dict[str, Any] = {indicator.id: True for indicator in tiny.indicators if indicator.kind == "boolean"}
    case |= {indicator.id: 30 for indicator in tiny.indicators if indicator.kind == "numeric"}
    assert tiny.settled(case).state == "proved"
    sufficient = tiny.sufficient(case)
    assert sufficient.state == "smallest"
    kept = {name: case[name] for name in sufficient.indicators}
    assert tiny.assess(kept).first.cause == tiny.assess(case).first.cause
    assert tiny.settled(kept, reach="first").state == "proved"
    assert "rests on" in sufficient.sentence


def test_an_interview_asks_until_a_rule_says_stop(model: aetia.Model) -> None:
    interview = model.interview(who="oneself", questions=6)
    while interview.stop_reason is None:
        question = interview.next()
        assert question is not None
        interview.answer(question.indicator, None)
    assert [value for _, value in interview.answers] == [None] * 6
    assert len({indicator for indicator, _ in interview.answers}) == 6
    assert interview.progress.asked == 6
    assert interview.progress.answered == 0
    assert interview.result == model.assess({})


def test_an_interview_goes_back_and_never_asks_twice(model: aetia.Model) -> None:
    interview = model.interview()
    interview.answer("night_pain", value=True)
    with pytest.raises(aetia.AlreadyAnswered) as caught:
        interview.answer("night_pain", value=False)
    assert caught.value.indicator == "night_pain"
    assert interview.back() == ("night_pain", True)
    assert interview.back() is None
    interview.answer("night_pain", value=False)
    assert interview.answers == (("night_pain", False),)
    with pytest.raises(aetia.AlreadyAnswered, match="follows from other answers"):
        interview.answer("wakes_second_half_of_night", value=True)
    assert interview.result == model.assess({"night_pain": False})


def test_an_interview_is_stored_and_taken_up(model: aetia.Model) -> None:
    interview = model.interview(setting="community", questions=9)
    interview.answer("hla_b27", aetia.NOT_ASSESSABLE)
    interview.answer("age_at_onset", 32)
    again = model.resume(interview.to_json())
    assert again == interview == pickle.loads(pickle.dumps(interview)) == copy.deepcopy(interview)
    assert again.answers == (("hla_b27", aetia.NOT_ASSESSABLE), ("age_at_onset", 32.0))
    assert again.result.setting == "community"
    assert again.next() == interview.next()


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", '{"answers": 5}', "\ud800"])
def test_a_text_that_is_no_interview_is_refused(model: aetia.Model, text: str) -> None:
    with pytest.raises(aetia.Unreadable):
        model.resume(text)


def test_an_interview_of_another_model_is_refused(model: aetia.Model, tiny: aetia.Model) -> None:
    with pytest.raises(aetia.Unreadable, match="begun with"):
        model.resume(tiny.interview().to_json())


def test_threads_may_share_an_interview(model: aetia.Model) -> None:
    interview = model.interview()
    names = [indicator.id for indicator in model.indicators if indicator.kind == "boolean"][:16]

    def say(name: str) -> None:
        interview.answer(name, None)

    threads = [threading.Thread(target=say, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(name for name, _ in interview.answers) == sorted(names)
