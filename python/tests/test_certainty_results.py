"""Results that say how sure they are: printed, shown, explained and stored."""

from __future__ import annotations

import pickle

import pytest

import aetia

CASE = {"night_pain": True, "hla_b27": True, "age_at_onset": 32, "nsaid_response": True}


@pytest.fixture(scope="module")
def sure(model: aetia.Model) -> aetia.Result:
    return model.certainty(CASE, draws=500, seed=3).result


def test_a_result_says_how_sure_it_is_when_asked(model: aetia.Model, sure: aetia.Result) -> None:
    plain = model.assess(CASE)
    assert plain.certainty is None
    assert "95 % interval" not in str(plain)
    assert "certainty" not in plain.to_json()
    assert "95 % interval" in str(sure)
    assert [one.cause for one in sure.ranking] == [one.cause for one in plain.ranking]
    assert [one.score for one in sure.ranking] == [one.score for one in plain.ranking]


def test_it_survives_json_and_other_processes(model: aetia.Model, sure: aetia.Result) -> None:
    for again in (aetia.Result.from_json(sure.to_json()), pickle.loads(pickle.dumps(sure))):
        assert again == sure
        assert str(again) == str(sure)
        assert again.certainty == model.certainty(CASE, draws=500, seed=3)
    stored = sure.to_dict()
    assert stored["certainty"]["draws"] == 500
    first = stored["ranking"][0]["certainty"]
    low, high = first["interval"]
    assert low <= stored["ranking"][0]["posterior"] <= high
    with pytest.raises(aetia.Unreadable, match="certainty"):
        aetia.Result.from_json(sure.to_json().replace('"draws":500', '"draws":0'))


def test_an_explanation_says_what_the_result_rests_on(model: aetia.Model, sure: aetia.Result) -> None:
    certainty = sure.certainty
    assert certainty is not None
    first = sure.first
    own = [figure for figure in certainty.figures if figure.decides and figure.cause == first.cause]
    text = str(first.explanation)
    assert "of the draws" in text
    assert ("this result rests on" in text) == bool(own)
    assert all(figure.subject.split()[0] in text for figure in own)
    assert "of the draws" not in str(model.assess(CASE).first.explanation)


def test_a_page_shows_what_the_text_says(sure: aetia.Result) -> None:
    certainty = sure.certainty
    assert certainty is not None
    page = sure._repr_html_()
    assert certainty._repr_html_() == page
    assert "95 % interval" in page
    for one in certainty.causes:
        assert f"{100 * one.first:.1f} %" in page
    assert ("This result rests on" in page) == any(figure.decides for figure in certainty.figures)


def test_an_explanation_on_a_page_says_it_too(model: aetia.Model) -> None:
    certainty = model.certainty({"night_pain": True, "age_at_onset": 32}, draws=500, seed=3)
    for candidate in certainty.result.ranking:
        page = candidate.explanation._repr_html_()
        own = [figure for figure in certainty.figures if figure.decides and figure.cause == candidate.cause]
        assert f"first in {100 * certainty[candidate.cause].first:.1f} % of the draws" in page
        assert ("this result rests on" in page) == bool(own and candidate.rank == 1)
        assert ("could change the first cause" in page) == bool(own and candidate.rank != 1)
        for figure in own:
            assert str(figure.flip) in page
            assert certainty[figure.first_then or ""].title in page
    assert any(figure.decides for figure in certainty.figures)
    assert "of the draws" not in model.assess(CASE).first.explanation._repr_html_()
