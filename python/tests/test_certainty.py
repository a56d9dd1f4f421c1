"""How sure a ranking is, from Python."""

from __future__ import annotations

import pytest

import aetia

CASE = {"night_pain": True, "hla_b27": True, "age_at_onset": 32, "nsaid_response": True}


def test_intervals_hold_their_estimates_and_chances_sum_to_one(model: aetia.Model) -> None:
    for link in ("exclusive", "independent"):
        result = model.assess(CASE, link=link)
        sure = model.certainty(result)
        assert [one.cause for one in sure.causes] == [one.cause for one in result.ranking]
        assert sum(one.first for one in sure.causes) == pytest.approx(1)
        for one in sure.causes:
            candidate = result[one.cause]
            assert (one.posterior, one.score, one.rank) == (candidate.posterior, candidate.score, candidate.rank)
            assert one.interval is not None
            assert one.posterior is not None
            assert one.interval[0] <= one.posterior <= one.interval[1]
            assert 0 <= one.first <= one.first_two <= 1
        assert sure[result.first.cause] == sure.causes[0]


def test_the_same_seed_gives_the_same_figures(model: aetia.Model) -> None:
    assert model.certainty(CASE, seed=7) == model.certainty(CASE, seed=7)
    assert model.certainty(CASE, seed=7) != model.certainty(CASE, seed=8)


def test_a_closed_cause_is_first_in_no_draw(model: aetia.Model) -> None:
    held = model.certainty(CASE | {"night_pain": None})["inflammatory_back_pain"]
    assert held.first == 0
    assert held.gates == ("Night pain",)


def test_the_text_says_how_sure_it_is(model: aetia.Model) -> None:
    sure = model.certainty(CASE)
    assert str(sure) == sure.text
    assert sure.notice.split(".", maxsplit=1)[0] in " ".join(sure.text.split())
    assert sure.causes[0].title[:20] in sure.text
    assert ("rests on" in sure.text) == any(figure.decides for figure in sure.figures)
    assert all(len(line) <= 100 for line in sure.text.splitlines())


def test_wrong_requests_are_refused(model: aetia.Model) -> None:
    for draws in (0, 100_001):
        with pytest.raises(ValueError, match="draws"):
            model.certainty(CASE, draws=draws)
    with pytest.raises(aetia.UnknownName):
        model.certainty(CASE)["zebra"]
    with pytest.raises(aetia.UnknownName):
        model.certainty({"zebra": True})
