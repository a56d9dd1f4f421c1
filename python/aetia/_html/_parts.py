"""Explanations and comparisons: the parts of a score, of a difference, and their sums."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from aetia._sentences import TRUST, differences, in_order, standing
from aetia._words import counted, probability, ratio

from ._elements import Html, element, joined, number, row, table
from ._page import page
from ._sure import of_candidate

if TYPE_CHECKING:
    from aetia import Candidate, Comparison, Contribution, Explanation, Weight


def explanation(explanation: Explanation) -> str:
    """An explanation as a page."""
    candidate = explanation.candidate
    silent = {part for part in explanation if part.is_silent}
    parts = [part for part in in_order(explanation) if part not in silent]
    sums = accumulate(part.weight for part in parts)
    rows = [_part(part, running) for part, running in zip(parts, sums, strict=True)]
    said = sum(part in silent for part in explanation)
    if said:
        findings = counted(said, "further finding says", "further findings say")
        rows.append(row(number("0.0 dB"), "", "", f"{findings} nothing about this cause", "", ""))
    heads = ["#weight", "#likelihood ratio", "#running sum", "about", "trust", "source"]
    caption = f"Why {candidate.title} stands at {candidate.score} against the comparator"
    return page(table(caption, heads, rows, foot=_total(explanation)), of_candidate(candidate))


def _part(part: Contribution, running: Weight) -> Html:
    factor = {
        "prior": f"odds {ratio(part.weight.likelihood_ratio)}",
        "evidence": ratio(part.weight.likelihood_ratio),
        "gate": "gate",
    }
    return row(
        number(str(part.weight)),
        number(factor[part.kind]),
        number(str(running)),
        element("th", part.subject + (f" ({part.reason})" if part.reason else ""), scope="row"),
        TRUST[part.tag] if part.tag else "",
        part.citation,
    )


def _total(explanation: Explanation) -> Html:
    total = explanation.total
    odds = f"odds {ratio(total.likelihood_ratio)}"
    words = f"in sum, the score: {_outcome(explanation.candidate)}"
    about = element("th", words, scope="row", colspan="3")
    return row(number(str(total)), number(odds), number(str(total)), about)


def _outcome(candidate: Candidate) -> str:
    gates = " and ".join(f'"{bar.title}"' for bar in candidate.excluded_by)
    posterior = f"excluded by {gates}" if candidate.posterior is None else probability(candidate.posterior)
    is_gated = any(part.kind == "gate" for part in candidate.explanation)
    return posterior + (f", {probability(candidate.posterior_ungated)} without gates" if is_gated else "")


def comparison(comparison: Comparison) -> str:
    """A comparison as a page."""
    one, other = comparison.one, comparison.other
    rows = [
        row(number(str(it.weight)), number(str(it.one)), number(str(it.other)), element("th", it.subject, scope="row"))
        for it in differences(comparison.parts)
    ]
    sums = (str(comparison.total), str(one.score), str(other.score))
    foot = row(*map(number, sums), element("th", "in sum", scope="row"))
    heads = ["#difference", f"#{one.label}", f"#{other.label}", "about"]
    titles = joined(*(element("p", _name(it)) for it in (one, other)))
    return page(table(f"{standing(one, other)}:", heads, rows, foot=foot), titles)


def _name(candidate: Candidate) -> str:
    posterior = "excluded" if candidate.posterior is None else probability(candidate.posterior)
    return f"{candidate.label}: {candidate.title}, {posterior}"
