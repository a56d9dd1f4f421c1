"""Numbers in pages and pictures are those of the text form."""

from __future__ import annotations

import random
import re

import pytest

import aetia
import synthetic
from aetia._words import counted, decibans, lower_first, ordinal, probability, ratio


def printed(candidate: aetia.Candidate) -> str:
    """The probability of a candidate as the core prints it."""
    found = re.search(r"(?:rank \d+|excluded), (.*?)(?: without gates)?, [+\u22120]", repr(candidate))
    assert found, repr(candidate)
    return found[1]


def test_probabilities_print_as_in_the_core() -> None:
    """Over many probabilities, those at the ends and at the halves of the last digit among them."""
    chance = random.Random(1)
    ends = [0.001, 0.000_999_99, 0.001_000_01, 0.000_5, 0.000_01, 0.0345, 0.034_499, 0.1005, 0.9495, 0.95]
    seen = set()
    for prior in [*ends, *(10 ** -chance.uniform(0.03, 4) for _ in range(150))]:
        document = synthetic.document(1)
        document["causes"]["cause_1"]["prior"]["anywhere"]["value"] = prior
        del document["gates"]
        result = aetia.KnowledgeBase.from_dict(document).compile().assess({})
        assert result.first.posterior is not None
        assert probability(result.first.posterior) == printed(result.first)
        seen.add(printed(result.first))
    for result in (synthetic.held(15), synthetic.free(15)):
        for candidate in (*result.ranking, *result.excluded):
            p = candidate.posterior_ungated if candidate.posterior is None else candidate.posterior
            assert probability(p) == printed(candidate)
    assert "< 0.1 %" in seen
    assert "0.1 %" in seen
    assert len(seen) > len(ends)


def test_probabilities_are_never_certain() -> None:
    """However near the ends."""
    for p in (1e-300, 1e-9, 0.000_9, 0.999_01, 1 - 1e-12):
        assert probability(p) in {"< 0.1 %", "> 99.9 %"}
    assert probability(0.999) == "99.9 %"
    assert probability(0.043) == "4.3 %"


def test_weights_and_positions_print_as_in_the_core() -> None:
    """With the minus of typography, and no sign at zero."""
    assert decibans(aetia.Weight(-12_800_000_000)) == "\N{MINUS SIGN}12.8 dB"
    assert decibans(aetia.LogOdds(9_294_000_000)) == "+9.3 dB"
    assert decibans(aetia.Weight(-4)) == "0.0 dB"


def test_gates_speak_as_in_the_text() -> None:
    """Ranks of every ending occur in what the text says of gates."""
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "112th")
    ]
    for causes in range(3, 25):
        result = synthetic.held(causes)
        last = result.excluded[0]
        assert f"rank {ordinal(last.rank_ungated)} at" in str(result)


def test_what_is_no_number_of_its_kind_is_refused() -> None:
    """An all or nothing share is shown as near it; anything beyond is no probability."""
    assert (aetia.percent(0.0), aetia.percent(1.0), aetia.percent(None)) == ("< 0.1 %", "> 99.9 %", "excluded")
    for p in (-0.1, 1.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            aetia.percent(p)
    for value in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="likelihood ratio"):
            ratio(value)


def test_other_words() -> None:
    """Ratios, counts and titles inside sentences."""
    assert [ratio(it) for it in (7.3, 0.0492, 1.0, 250.0, 1234.0, 1e6, 2.5e-5)] == [
        *("7.30", "0.0492", "1.00", "250", "1234", "1.00 · 10⁶", "2.50 · 10⁻⁵")
    ]
    assert counted(1, "flag") == "1 flag"
    assert counted(0, "flag") == "0 flags"
    assert lower_first("Night pain") == "night pain"
    assert lower_first("HLA-B27") == "HLA-B27"
    assert lower_first("") == ""
