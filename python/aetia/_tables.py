"""Results as rows of plain values, ready for a data frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ._not_assessable import NOT_ASSESSABLE

if TYPE_CHECKING:
    from ._aetia import Candidate, Result
    from ._explanation import Explanation


def findings(text: str) -> dict[str, Any]:
    """The findings of a case as given, in the form `Model.assess` takes."""
    given: dict[str, Any] = json.loads(text)["findings"]
    return {name: NOT_ASSESSABLE if value == "not_assessable" else value for name, value in given.items()}


def ranking(result: Result) -> list[dict[str, Any]]:
    """One row a cause, first first; the comparator where its score of 0 stands; excluded causes last."""
    rows = [_candidate(candidate) for candidate in result.ranking]
    below = [at for at, candidate in enumerate(result.ranking) if not candidate.leads]
    comparator = result.comparator
    waterline = dict.fromkeys(rows[0], None) | {
        "cause": comparator.id,
        "title": comparator.title,
        "prior": comparator.prior,
        "posterior": comparator.posterior,
        "posterior_ungated": comparator.posterior_ungated,
        "score_decibans": 0.0,
        "score_nanodecibans": 0,
        "score_ungated_decibans": 0.0,
        "leads": False,
        "held_by": "",
        "capped_by": "",
        "excluded_by": "",
    }
    rows.insert(min(below, default=len(rows)), waterline)
    return rows + [_candidate(candidate) for candidate in result.excluded]


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "cause": candidate.cause,
        "title": candidate.title,
        "rank": candidate.rank,
        "rank_ungated": candidate.rank_ungated,
        "prior": candidate.prior,
        "posterior": candidate.posterior,
        "posterior_ungated": candidate.posterior_ungated,
        "score_decibans": candidate.score.decibans,
        "score_nanodecibans": candidate.score.nanodecibans,
        "score_ungated_decibans": candidate.score_ungated.decibans,
        "leads": candidate.leads,
        "held_by": ", ".join(bar.gate for bar in candidate.held_by),
        "capped_by": ", ".join(bar.gate for bar in candidate.capped_by),
        "excluded_by": ", ".join(bar.gate for bar in candidate.excluded_by),
    }


def explanation(parts: Explanation) -> list[dict[str, Any]]:
    """One row a part of a score, in the order of the explanation."""
    return [
        {
            "kind": part.kind,
            "subject": part.subject,
            "indicators": ", ".join(part.indicators),
            "decibans": part.weight.decibans,
            "nanodecibans": part.weight.nanodecibans,
            "likelihood_ratio": part.weight.likelihood_ratio,
            "citation": part.citation,
            "tag": part.tag,
            "reason": part.reason,
        }
        for part in parts
    ]
