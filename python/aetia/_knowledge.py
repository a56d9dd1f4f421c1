"""The parts of a knowledge base as plain values, under the names of the format."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ._catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Tag = Literal["verified", "recalled", "seed", "assumption"]
Kind = Literal["boolean", "categorical", "ordinal", "numeric"]
AskedBy = Literal["self", "examination", "laboratory"]
GateKind = Literal["requires", "caps", "excludes"]
GateMode = Literal["strict", "lenient"]
Level = Literal["emergency", "urgent", "routine"]


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of which knowledge base made a result.

    Attributes:
        id (str): the knowledge base's id.
        version (str): its version, as its authors count.
        title (str): its title.
        source_hash (str): the SHA-256 of it in canonical JSON, texts and sources included.
        meaning_hash (str): the SHA-256 of what it means.
    """

    id: str
    version: str
    title: str
    source_hash: str
    meaning_hash: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark, with its sources: keys, each perhaps with a locator."""

    text: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What is cited.

    Attributes:
        id (str): its key.
        text (str): the reference, readable by a person.
        pmid (str | None): its PubMed identifier, or None.
        doi (str | None): its digital object identifier, or None.
        url (str | None): its address, or None.
    """

    id: str
    text: str
    pmid: str | None
    doi: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A named set of priors, and of weights where they differ."""

    id: str
    title: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Comparator:
    """What every weight is against. Its prior is what the named causes leave over."""

    id: str
    title: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Prior:
    """A pretest probability in a setting.

    Attributes:
        setting (str): the setting's id.
        value (float): the probability, between 0 and 1.
        interval (tuple[float, float] | None): its 95 % interval, or None.
        source (tuple[str, ...]): where it comes from: keys of sources, each perhaps with a locator.
        uncited (str | None): why nothing is cited, or None.
        tag (str): how far it is to be trusted.
        note (str | None): a remark, or None.
    """

    setting: str
    value: float
    interval: tuple[float, float] | None
    source: tuple[str, ...]
    uncited: str | None
    tag: Tag
    note: str | None


@dataclass(frozen=True, slots=True)
class Cause:
    """What may explain a case.

    Attributes:
        id (str): its id.
        title (str): its title.
        label (str): a short title.
        prior (Catalogue[Prior]): its pretest probability, by setting.
        notes (tuple[Note, ...]): remarks, each with its sources.
        guidance (tuple[Note, ...]): what a person with this cause may do, each with its sources.
        codes (tuple[tuple[str, tuple[str, ...]], ...]): codes of other vocabularies, by vocabulary.
    """

    id: str
    title: str
    label: str
    prior: Catalogue[Prior]
    notes: tuple[Note, ...]
    guidance: tuple[Note, ...]
    codes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a categorical or ordinal indicator."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """What can be observed.

    Attributes:
        id (str): its id: the key of a finding.
        title (str): its title.
        question (str | None): how a person is asked, or None.
        help (str | None): what helps to answer, or None.
        kind (str): which answers it has: True and False, one of `answers`, or a number.
        answers (tuple[Answer, ...]): the answers of a categorical or ordinal one.
        cut_points (tuple[float, ...]): where the bins of a numeric one begin; a number at a cut-point belongs to the
            bin above.
        unit (str | None): the unit of a numeric one, or None.
        cost (float): what it costs to ask, in the knowledge base's own unit.
        asked_by (str): whether a person can say it, or an examination or a laboratory must.
        notes (tuple[Note, ...]): remarks, each with its sources.
        codes (tuple[tuple[str, tuple[str, ...]], ...]): codes of other vocabularies, by vocabulary.
    """

    id: str
    title: str
    question: str | None
    help: str | None
    kind: Kind
    answers: tuple[Answer, ...]
    cut_points: tuple[float, ...]
    unit: str | None
    cost: float
    asked_by: AskedBy
    notes: tuple[Note, ...]
    codes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that may not be counted as independent."""

    id: str
    title: str
    members: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What bars a rank.

    Attributes:
        id (str): its id.
        title (str): its title.
        kind (str): whether it requires its condition, caps the score under it, or excludes the cause under it.
        cause (str): the cause it is about.
        condition (str): its condition.
        mode (str | None): whether an undetermined condition holds the cause (`"strict"`) or not; None but for
            `"requires"`.
        probability (float | None): the level of a cap, a probability against the comparator alone; None but for
            `"caps"`.
        reason (str): why there is such a gate.
        source (tuple[str, ...]): where that comes from.
        uncited (str | None): why nothing is cited, or None.
    """

    id: str
    title: str
    kind: GateKind
    cause: str
    condition: str
    mode: GateMode | None
    probability: float | None
    reason: str
    source: tuple[str, ...]
    uncited: str | None


@dataclass(frozen=True, slots=True)
class FlagRule:
    """What demands attention, whatever the rank: the rule behind a `Flag`."""

    id: str
    level: Level
    title: str
    condition: str
    action: str
    source: tuple[str, ...]
    uncited: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Invariant:
    """What the authors of a knowledge base declare to hold for every case."""

    id: str
    claim: str
    reason: str


@dataclass(frozen=True, slots=True)
class Description:
    """All parts of a knowledge base that are plain values."""

    comparator: Comparator
    causes: Catalogue[Cause]
    indicators: Catalogue[Indicator]
    settings: Catalogue[Setting]
    groups: Catalogue[Group]
    gates: Catalogue[Gate]
    flags: Catalogue[FlagRule]
    invariants: Catalogue[Invariant]
    sources: Catalogue[Source]


T = TypeVar("T")
Table = dict[str, Any]


def describe(text: str) -> Description:
    """The parts of a knowledge base from its canonical JSON."""
    written: Table = json.loads(text)
    comparator = written["comparator"]
    invariants: list[Table] = written.get("invariants", [])
    return Description(
        comparator=Comparator(comparator["id"], comparator["title"], _notes(comparator)),
        causes=_catalogue("cause", written["causes"], _cause),
        indicators=_catalogue("indicator", written["indicators"], _indicator),
        settings=_catalogue("setting", written["settings"], lambda id_, it: Setting(id_, it["title"], _notes(it))),
        groups=_catalogue("group", written.get("groups", {}), _group),
        gates=_catalogue("gate", written.get("gates", {}), _gate),
        flags=_catalogue("flag", written.get("flags", {}), _flag),
        invariants=Catalogue(
            [Invariant(it["id"], it["claim"], it["reason"]) for it in invariants],
            "invariant",
            [it["id"] for it in invariants],
        ),
        sources=_catalogue("source", written.get("sources", {}), _source),
    )


def _catalogue(what: str, tables: Mapping[str, Table], make: Callable[[str, Table], T]) -> Catalogue[T]:
    return Catalogue([make(name, table) for name, table in tables.items()], what, tables)


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return tuple(table.get(key, ()))


def _notes(table: Table, key: str = "notes") -> tuple[Note, ...]:
    return tuple(Note(note["text"], _texts(note, "source")) for note in table.get(key, ()))


def _codes(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((vocabulary, tuple(codes)) for vocabulary, codes in table.get("codes", {}).items())


def _prior(setting: str, table: Table) -> Prior:
    interval = table.get("interval")
    low_high = None if interval is None else (interval[0], interval[1])
    return Prior(
        setting=setting,
        value=table["value"],
        interval=low_high,
        source=_texts(table, "source"),
        uncited=table.get("uncited"),
        tag=table["tag"],
        note=table.get("note"),
    )


def _cause(name: str, table: Table) -> Cause:
    return Cause(
        id=name,
        title=table["title"],
        label=table.get("label") or table["title"],
        prior=_catalogue("prior", table["prior"], _prior),
        notes=_notes(table),
        guidance=_notes(table, "guidance"),
        codes=_codes(table),
    )


def _indicator(name: str, table: Table) -> Indicator:
    return Indicator(
        id=name,
        title=table["title"],
        question=table.get("question"),
        help=table.get("help"),
        kind=table["kind"],
        answers=tuple(Answer(answer["id"], answer["title"]) for answer in table.get("answers", ())),
        cut_points=tuple(table.get("cut_points", ())),
        unit=table.get("unit"),
        cost=table["cost"],
        asked_by=table["asked_by"],
        notes=_notes(table),
        codes=_codes(table),
    )


def _group(name: str, table: Table) -> Group:
    return Group(name, table["title"], _texts(table, "members"), _notes(table))


def _gate(name: str, table: Table) -> Gate:
    return Gate(
        id=name,
        title=table["title"],
        kind=table["kind"],
        cause=table["cause"],
        condition=table["condition"],
        mode=table.get("mode", "strict" if table["kind"] == "requires" else None),
        probability=table.get("probability"),
        reason=table["reason"],
        source=_texts(table, "source"),
        uncited=table.get("uncited"),
    )


def _flag(name: str, table: Table) -> FlagRule:
    return FlagRule(
        id=name,
        level=table["level"],
        title=table["title"],
        condition=table["condition"],
        action=table["action"],
        source=_texts(table, "source"),
        uncited=table.get("uncited"),
        note=table.get("note"),
    )


def _source(name: str, table: Table) -> Source:
    return Source(name, table["text"], table.get("pmid"), table.get("doi"), table.get("url"))
