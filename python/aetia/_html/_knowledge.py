"""A knowledge base: what it holds, and where that comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from aetia._words import counted, lower_first, probability

from ._elements import Html, element, folded, joined, row, table
from ._page import page
from ._text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aetia import KnowledgeBase, Model
    from aetia._knowledge import Indicator, Prior, Source

_LINKS = {
    "exclusive": "one cause is the principal explanation",
    "independent": "each cause against the comparator alone",
}
_ASKED = {"self": "the person", "examination": "an examination", "laboratory": "a laboratory"}


def knowledge_base(kb: KnowledgeBase | Model) -> str:
    """A knowledge base, or the one of a model, as a page."""
    return page(
        element("p", kb.title, class_="title"),
        element("p", f"{kb.id} {kb.version}", class_="setting"),
        element("p", _counts(kb)),
        _causes(kb),
        _indicators(kb),
        _rules(kb),
        _sources(kb.sources),
        element("p", kb.notice, class_="notice"),
        _hashes(kb),
    )


def knowledge_base_text(kb: KnowledgeBase | Model) -> str:
    """What the page says, as text: it is read off the page, so that neither can say less."""
    return text_of(knowledge_base(kb))


def _counts(kb: KnowledgeBase | Model) -> str:
    counts = [
        counted(len(kb.causes), "cause"),
        counted(len(kb.indicators), "indicator"),
        counted(len(kb.settings), "setting"),
        counted(len(kb.gates), "gate"),
        counted(len(kb.flags), "red flag"),
        counted(len(kb.sources), "source"),
    ]
    return f"{', '.join(counts)}. Link: {kb.link}, {_LINKS[kb.link]}. Default setting: {kb.default_setting}."


def _causes(kb: KnowledgeBase | Model) -> Html:
    settings = list(kb.settings)
    rows = [
        row(cause.id, element("th", cause.title, scope="row"), *(_prior(cause.prior[it.id]) for it in settings))
        for cause in kb.causes
    ]
    comparator = element("th", kb.comparator.title, scope="row")
    left = element("td", "comparator: what the causes leave over", colspan=str(len(settings)))
    rows.append(row(kb.comparator.id, comparator, left, class_="waterline"))
    heads = ["id", "cause", *(f"prior, {lower_first(it.title)}" for it in settings)]
    return table(
        "Causes, with their probability before any finding, by setting (in brackets the 95 % interval)", heads, rows
    )


def _prior(prior: Prior) -> Html:
    said = [probability(prior.value)]
    if prior.interval is not None:
        said.append(f"({' to '.join(map(probability, prior.interval))})")
    said.append(f"{'assumed' if prior.tag == 'assumption' else prior.tag}")
    if prior.source:
        said.append(f"[{', '.join(prior.source)}]")
    if prior.uncited:
        said.append(f"(no source: {prior.uncited})")
    return element("td", " ".join(said))


def _indicators(kb: KnowledgeBase | Model) -> Html:
    rows = (
        row(it.id, element("th", it.title, scope="row"), it.kind, _answers(it), _ASKED[it.asked_by])
        for it in kb.indicators
    )
    heads = ["id", "indicator", "kind", "answers", "who can say"]
    return folded(counted(len(kb.indicators), "indicator"), table("Indicators: what can be observed", heads, rows))


def _answers(indicator: Indicator) -> str:
    if indicator.kind == "boolean":
        return "present, absent"
    if indicator.kind == "numeric":
        points = ", ".join(f"{point:g}" for point in indicator.cut_points)
        unit = indicator.unit or "a number without a unit"
        return f"{unit}; bins begin at {points}" if points else unit
    return ", ".join(f"{answer.id} ({answer.title})" for answer in indicator.answers)


def _rules(kb: KnowledgeBase | Model) -> Html:
    gates = (
        row(it.id, element("th", it.title, scope="row"), _gate_kind(it.kind, it.mode, it.probability), it.cause)
        + row(
            "", element("td", f"{it.condition}: {it.reason}{_cited(it.source, it.uncited)}", colspan="3"), class_="gate"
        )
        for it in kb.gates
    )
    flags = (
        row(
            it.level,
            element("th", it.title, scope="row"),
            it.condition,
            it.action,
            _cited(it.source, it.uncited).strip(),
        )
        for it in kb.flags
    )
    invariants = (row(element("th", it.id, scope="row"), it.claim, it.reason) for it in kb.invariants)
    gate_heads, flag_heads = ["id", "gate", "kind", "cause"], ["level", "red flag", "condition", "action", "source"]
    return joined(
        _folded(len(kb.gates), "gate", "Gates: what bars a rank", gate_heads, map(Html, gates)),
        _folded(len(kb.flags), "red flag", "Red flags: what demands attention, whatever the rank", flag_heads, flags),
        _folded(
            len(kb.invariants),
            "invariant",
            "Invariants: what holds for every case",
            ["id", "claim", "reason"],
            invariants,
        ),
    )


def _folded(n: int, what: str, caption: str, heads: list[str], rows: Iterable[Html]) -> Html:
    return folded(counted(n, what), table(caption, heads, rows)) if n else joined()


def _gate_kind(kind: str, mode: str | None, level: float | None) -> str:
    """A gate's kind, with its mode or the level of its cap."""
    if level is not None:
        return f"{kind} at {probability(level)} against the comparator alone"
    return f"{kind}, {mode}" if mode else kind


def _cited(citations: tuple[str, ...], uncited: str | None) -> str:
    cited = f" [{', '.join(citations)}]" if citations else ""
    return f"{cited} (no source: {uncited})" if uncited else cited


def _sources(sources: Iterable[Source]) -> Html:
    rows = [row(element("th", it.id, scope="row"), it.text, _links(it)) for it in sources]
    return _folded(len(rows), "source", "Sources: what it cites", ["key", "reference", "links"], rows)


def _links(source: Source) -> Html:
    found = []
    if source.pmid:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{quote(source.pmid, safe='')}/"
        found.append(_link(address, f"PMID {source.pmid}"))
    if source.doi:
        found.append(_link(f"https://doi.org/{quote(source.doi, safe='/')}", f"doi {source.doi}"))
    if source.url:
        found.append(_link(source.url, source.url))
    return joined(*(joined(" " if at else "", link) for at, link in enumerate(found)))


def _link(address: str, text: str) -> Html:
    """A link to a page. An address of any other kind could run a script, so it stays text."""
    if not address.lower().startswith(("https://", "http://")):
        return joined(text)
    return element("a", text, href=address, rel="noopener noreferrer")


def _hashes(kb: KnowledgeBase | Model) -> Html:
    known = [(name, getattr(kb, name, None)) for name in ("hash", "meaning_hash")]
    said = " · ".join(f"{name.replace('_', ' ')} {value}" for name, value in known if value)
    return element("p", said, class_="small") if said else joined()
