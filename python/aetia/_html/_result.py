"""A result: flags, then the ranking, then what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aetia._not_assessable import NotAssessable
from aetia._sentences import CLOSENESS, MEANING, at_work, bars, is_changed, is_gated, listed, waterline
from aetia._words import counted, probability

from ._elements import Html, element, folded, items, joined, number, row, table
from ._page import page, share
from ._sure import basis, between, times

if TYPE_CHECKING:
    from aetia import Candidate, Flag, Result
    from aetia._certainty import Certainty

# Enough of a hash to tell two editions apart.
_SHORT = 12
_LEVELS = {"emergency": "EMERGENCY", "urgent": "URGENT", "routine": "routine"}
_STATES = {"raised": "RAISED", "cleared": "cleared", "not_assessed": "not assessed"}


def result(result: Result) -> str:
    """A result as a page."""
    sure = result.certainty
    return page(
        element("p", result.knowledge_base.title, class_="title"),
        element("p", f"{result.setting_title} · {MEANING[result.link]}", class_="setting"),
        _flags(result),
        _ranking(result, sure),
        _findings(result, result.words),
        basis(sure) if sure else joined(),
        element("p", result.notice, class_="notice"),
        _small_print(result),
    )


def _flags(result: Result) -> Html:
    """The flags: raised ones in full, the others counted, so that none is silently missing."""
    if not result.flags:
        return joined()
    states: list[str] = [flag.state for flag in result.flags]
    counts = ", ".join(f"{states.count(state)} {word.lower()}" for state, word in _STATES.items())
    unseen = [flag for flag in result.flags if flag.state == "not_assessed"]
    pressing = [flag.title for flag in unseen if flag.level == "emergency"]
    emergencies = element("p", f"of these, emergencies: {'; '.join(pressing)}") if pressing else joined()
    rows = (
        row(
            _LEVELS[flag.level],
            _STATES[flag.state],
            element("th", flag.title, scope="row"),
            ", ".join(flag.words),
            flag.action,
            ", ".join(flag.citations),
        )
        for flag in result.flags
    )
    heads = ["level", "state", "red flag", "decided by", "when raised", "source"]
    return joined(
        *(_raised(flag) for flag in result.flags if flag.state == "raised"),
        element("p", f"Red flags: {counts}"),
        emergencies,
        folded(f"All {counted(len(states), 'red flag')}", table("Red flags, whatever the ranking says", heads, rows)),
    )


def _raised(flag: Flag) -> Html:
    level = element("strong", f"RAISED, {_LEVELS[flag.level]}:")
    return element("p", level, f" {flag.title} ({listed(flag.words)}). {flag.action}", class_="raised")


def _ranking(result: Result, sure: Certainty | None) -> Html:
    gated = is_gated(result)
    heads = ["rank", "cause", "#before", "#after", *(["#95 % interval"] if sure else [])]
    heads += [*(["#ungated"] if gated else []), "#score", *(["#first"] if sure else []), "how near"]
    causes = [_cause(candidate, sure, gated=gated) for candidate in result.ranking]
    at = waterline(result)
    rows = [*causes[:at], _waterline(result, sure, gated=gated), *causes[at:]]
    rows += [_cause(candidate, sure, gated=gated) for candidate in result.excluded]
    marks = "Bars: filled after; line before" + ("; dashed without gates." if gated else ".")
    caption = f"Ranking: probability before and after the findings, score against the comparator (the row ~). {marks}"
    return table(caption, heads, rows)


def _cause(candidate: Candidate, sure: Certainty | None, *, gated: bool) -> Html:
    """The row of a cause, and a row for each gate at work on it."""
    own = sure[candidate.cause] if sure else None
    after, ungated = candidate.posterior, candidate.posterior_ungated
    gates = bars(candidate)
    is_out = after is None
    bar = share(after, candidate.prior, ungated if is_changed(candidate) else None)
    cells = [
        "\N{EN DASH}" if is_out else str(candidate.rank),
        element("th", candidate.title, scope="row"),
        number(probability(candidate.prior)),
        number("excluded" if after is None else probability(after), bar),
        *([number(between(own.interval))] if own else []),
        *([number(probability(ungated))] if gated else []),
        number("" if is_out else str(candidate.score)),
        *([number(times(own.first))] if own else []),
        "excluded" if is_out else CLOSENESS[candidate.closeness],
    ]
    said = [element("p", at_work(candidate, effect, bar)) for effect, bar in gates]
    if said and own and is_changed(candidate):
        said.append(element("p", f"without gates 95 % {between(own.interval_ungated)}"))
    below = row("", element("td", *said, colspan=str(len(cells) - 1)), class_="gate") if said else joined()
    return joined(row(*cells, class_="held-row" if said else ""), below)


def _waterline(result: Result, sure: Certainty | None, *, gated: bool) -> Html:
    """The row of the comparator. Under `independent` it has no probability: each cause is against it alone."""
    comparator = result.comparator
    if result.link == "independent":
        shares = ["", number("even"), *([""] if sure else []), *([""] if gated else [])]
    else:
        changed = comparator.posterior != comparator.posterior_ungated
        bar = share(comparator.posterior, comparator.prior, comparator.posterior_ungated if changed else None)
        ungated = [number(probability(comparator.posterior_ungated))] if gated else []
        interval = [number(between(sure.comparator))] if sure else []
        after = number(probability(comparator.posterior), bar)
        shares = [number(probability(comparator.prior)), after, *interval, *ungated]
    title = element("th", comparator.title, scope="row")
    return row("~", title, *shares, number("0.0 dB"), *([""] if sure else []), "", class_="waterline")


def _findings(result: Result, words: dict[str, str]) -> Html:
    """What was done with the findings, and what is missing among them."""
    lines = [f"not used: {words.get(name, name)}: {reason}" for name, reason in result.dropped.items()]
    # The words of a finding that was inferred say so themselves.
    follows = [words.get(name, name).removesuffix(" (inferred)") for name in result.inferred]
    unseen = [words.get(name, name) for name, finding in result.case.items() if isinstance(finding, NotAssessable)]
    spoken = {"follows from the answers": follows, "could not be assessed": unseen}
    lines += [f"{what}: {'; '.join(names)}" for what, names in spoken.items() if names]
    said = items(lines) if lines else joined()
    if not result.not_asked:
        return joined(said, element("p", "Every indicator was asked about."))
    missing = counted(len(result.not_asked), "indicator")
    names = items(words.get(name, name) for name in result.not_asked)
    return joined(said, folded(f"not asked: {missing}", names))


def _small_print(result: Result) -> Html:
    edition = result.knowledge_base
    parts = [
        f"{edition.id} {edition.version}",
        f"hash {edition.source_hash[:_SHORT]}",
        f"case {result.case_hash[:_SHORT]}",
        f"aetia {result.engine}",
    ]
    return element("p", " · ".join(parts), class_="small")
