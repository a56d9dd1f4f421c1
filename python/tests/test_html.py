"""Pages for notebooks say what the text form says, and are safe and well-formed whoever wrote the knowledge base."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import aetia
import synthetic
from aetia import _html
from aetia._sentences import at_work, bars
from aetia._words import probability

VOID = {"br", "col"}
HOSTILE = """<script>alert("1")</script> & 'quoted' " onmouseover="x" </td></table><img src=http://x.example>"""
CASE = {
    "age_now": 38,
    "age_at_onset": 37,
    "male": True,
    "pain_pattern": "most_days",
    "morning_stiffness": 45,
    "alternating_buttock_pain": True,
    "hla_b27": True,
    "saddle_numbness": True,
}


CONTRADICTORY = {"age_now": 30, "age_at_onset": 45, "wakes_second_half_of_night": True}


TINY = Path(__file__).parents[2] / "crates" / "aetia" / "docs" / "tiny.toml"


class Page(HTMLParser):
    """A page, parsed: its text, its elements and attributes. Refuses elements that do not close in order."""

    def __init__(self, text: str) -> None:
        """Parses a page."""
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.pieces: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open
        self.text = " ".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag not in {"strong", "a"}:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Closes an element, which must be the last that was opened."""
        assert self.open.pop() == tag
        if tag not in {"strong", "a"}:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        """Keeps what is read, and not the style."""
        if self.open and self.open[-1] != "style":
            self.pieces.append(data)


def results() -> list[aetia.Result]:
    """Results of every kind: with gates and without, excluded causes, either link, dropped findings, stored."""
    model = aetia.load("morning_back_pain")
    gated = model.assess(CASE)
    return [
        gated,
        model.assess({}),
        model.assess(CASE, link="independent"),
        model.assess(CASE | {"night_pain": True}, setting="rheumatology"),
        model.assess(CONTRADICTORY, contradictions="drop"),
        aetia.Result.from_json(gated.to_json()),
        synthetic.model(6).assess({"sign_1": True, "limits": True}),
        aetia.KnowledgeBase.from_file(TINY).compile().assess({}),
        *(
            make(causes, long=long)
            for make in (synthetic.held, synthetic.free)
            for causes in (3, 9)
            for long in (False, True)
        ),
    ]


RESULTS = results()


@pytest.mark.parametrize("at", range(len(RESULTS)))
def test_a_result_says_every_line_of_its_text(at: int) -> None:
    """Each line of the text stands in the page, whole; clipped titles up to where they are clipped."""
    result = RESULTS[at]
    page = Page(result._repr_html_())
    for line in str(result).splitlines():
        for piece in re.split("…|█+", line.removeprefix("! ")):
            assert " ".join(piece.split()) in page.text, line
    for candidate in (*result.ranking, *result.excluded):
        assert candidate.title in page.text
        for effect, bar in bars(candidate):
            assert at_work(candidate, effect, bar) in page.text
    assert result.knowledge_base.source_hash[:12] in page.text
    assert result.knowledge_base.version in page.text
    assert f"aetia {result.engine}" in page.text
    for flag in result.flags:
        assert flag.title in page.text
        assert flag.action in page.text


@pytest.mark.parametrize("at", range(len(RESULTS)))
def test_explanations_and_comparisons_say_every_word_of_their_text(at: int) -> None:
    """Each word and number of the text stands in the page, and the sum is the score."""
    result = RESULTS[at]
    for candidate in (*result.ranking, *result.excluded):
        page = Page(candidate.explanation._repr_html_())
        for word in str(candidate.explanation).split():
            assert word.strip("[]();,:") in page.text, word
        for part in candidate.explanation:
            assert not part.weight or str(part.weight) in page.text
        assert candidate.explanation.total.nanodecibans == candidate.score.nanodecibans
        assert str(candidate.explanation.total) in page.text
        # A row a part that says something, one for the others, the heads and the sum.
        silent = sum(part.is_silent for part in candidate.explanation)
        assert page.tags.count("tr") == len(candidate.explanation) - silent + bool(silent) + 2
        for one, other in ((result.first.cause, candidate.cause), (candidate.cause, result.first.cause)):
            compared = result.compare(one, other)
            page = Page(compared._repr_html_())
            for line in str(compared).splitlines():
                for piece in line.split("…"):
                    assert " ".join(piece.split()) in page.text, line


@pytest.mark.parametrize("at", range(len(RESULTS)))
def test_causes_stand_in_the_order_of_the_text(at: int) -> None:
    """The comparator among them, where its score of 0 stands; excluded causes last."""
    result = RESULTS[at]
    rows = [f"{it.rank} {it.title} {probability(it.prior)}" for it in result.ranking]
    rows.insert(sum(it.leads for it in result.ranking), f"~ {result.comparator.title}")
    rows += [f"\N{EN DASH} {it.title}" for it in result.excluded]
    page = Page(result._repr_html_())
    places = [page.text.index(row) for row in rows]
    assert places == sorted(places)


def test_an_independent_comparator_has_no_probability() -> None:
    """It is what each cause is against, alone."""
    result = aetia.load("morning_back_pain").assess(CASE, link="independent")
    assert f"{result.comparator.title} even 0.0 dB" in Page(result._repr_html_()).text


def test_what_was_done_with_findings_is_said() -> None:
    """Inferred, dropped and missing findings are named, in words."""
    result = aetia.load("morning_back_pain").assess(CONTRADICTORY, contradictions="drop")
    page = Page(result._repr_html_())
    assert "follows from the answers: Night pain" in page.text
    assert "(inferred)" not in page.text
    assert "not used: Age: contradicts another finding" in page.text
    assert f"not asked: {len(result.not_asked)} indicators" in page.text
    words = result.to_dict()["words"]
    for name in result.not_asked:
        assert words[name] in page.text


def test_what_could_not_be_assessed_is_said() -> None:
    """In words, of a live and of a stored result."""
    result = aetia.load("morning_back_pain").assess({"crp": aetia.NOT_ASSESSABLE})
    for one in (result, aetia.Result.from_json(result.to_json())):
        assert "could not be assessed: C-reactive protein" in Page(one._repr_html_()).text


def test_the_gate_that_excludes_a_cause_is_named() -> None:
    """Where its score is summed up."""
    page = Page(synthetic.held(3).excluded[0].explanation._repr_html_())
    assert 'the score: excluded by "Ruled out"' in page.text


def test_the_level_of_a_cap_is_against_the_comparator() -> None:
    """Not a share among all causes."""
    assert "caps at 2.0 % against the comparator alone" in Page(synthetic.model(3)._repr_html_()).text


def test_a_knowledge_base_says_what_it_holds() -> None:
    """Every part of it is named, and sources are linked."""
    model = aetia.load("morning_back_pain")
    page = Page(model._repr_html_())
    parts = (model.causes, model.indicators, model.settings, model.gates, model.flags, model.invariants, model.sources)
    for part in parts:
        for it in part:
            name = getattr(it, "title", it.id)
            assert name.casefold() in page.text.casefold()
    for source in model.sources:
        assert not source.pmid or f"PMID {source.pmid}" in page.text
        assert not source.doi or source.doi in page.text
    assert model.hash in page.text
    assert model.meaning_hash in page.text
    assert model.hash not in model.knowledge_base._repr_html_()
    assert model.notice in page.text


def hostile() -> aetia.Model:
    """A model whose every text tries to leave its place."""
    document = synthetic.document(3)
    document["knowledge_base"] |= {"title": HOSTILE, "notice": HOSTILE}
    document["comparator"]["title"] = HOSTILE
    document["settings"]["anywhere"]["title"] = HOSTILE
    parts = ("causes", "indicators", "gates", "flags")
    for table in (table for part in parts for table in document[part].values()):
        table |= {key: HOSTILE for key in ("title", "label", "reason", "action") if key in table}
    document["sources"] = {"s": {"text": HOSTILE, "doi": "10.1/x"}}
    document["evidence"][0] |= {"source": "s"}
    del document["evidence"][0]["uncited"]
    return aetia.KnowledgeBase.from_dict(document).compile()


def pages() -> dict[str, str]:
    """A page of every kind, of a hostile knowledge base and of the flagship."""
    found: dict[str, str] = {}
    flagship = aetia.load("morning_back_pain")
    for name, model, case in (
        ("hostile", hostile(), {"sign_1": True, "rules_out": True}),
        ("flagship", flagship, CASE),
    ):
        result = model.assess(case)
        found |= {
            f"{name} model": model._repr_html_(),
            f"{name} knowledge base": model.knowledge_base._repr_html_(),
            f"{name} result": result._repr_html_(),
            f"{name} explanation": result.first.explanation._repr_html_(),
            f"{name} candidate": result.first._repr_html_(),
            f"{name} comparison": result.compare(result.ranking[0].cause, result.ranking[1].cause)._repr_html_(),
        }
    return found


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_safe_and_alone(name: str) -> None:
    """No script, nothing from outside, and a third party's text stays text."""
    text = PAGES[name]
    page = Page(text)
    assert "<script" not in text.lower()
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    assert "@import" not in text
    assert "url(" not in text
    for tag, key, value in page.attributes:
        assert not key.startswith("on")
        assert key != "src"
        assert "http" not in value or (tag, key) == ("a", "href")
        assert key != "href" or value.startswith("https://")
    if name.startswith("hostile"):
        assert " ".join(HOSTILE.split()) in page.text or "explanation" in name


@pytest.mark.parametrize("name", PAGES)
def test_tables_have_captions_and_heads(name: str) -> None:
    """Every table says what it is, every head what it stands over, and decorations are hidden from readers."""
    page = Page(PAGES[name])
    assert page.tags.count("caption") == page.tags.count("table") > 0
    scopes = [value for tag, key, value in page.attributes if (tag, key) == ("th", "scope")]
    assert len(scopes) == page.tags.count("th")
    assert set(scopes) == {"col", "row"}
    bars_drawn = sum(key == "class" and value == "bar" for _, key, value in page.attributes)
    assert bars_drawn == sum(key == "aria-hidden" for _, key, _ in page.attributes)
    assert ".aetia" in PAGES[name]
    assert 'class="aetia"' in PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_rows_fill_their_tables(name: str) -> None:
    """Every row of a table has as many columns as its head."""
    for table in re.findall("<table>.*?</table>", PAGES[name], re.DOTALL):
        rows = re.findall("<tr.*?</tr>", table, re.DOTALL)
        spans = {
            sum(int(span or 1) for span in re.findall(r'<t[hd](?=[ >])(?:[^>]*?colspan="(\d+)")?', row)) for row in rows
        }
        assert len(spans) == 1, spans


def test_addresses_that_are_no_pages_stay_text() -> None:
    """A link could run a script."""
    source = aetia._knowledge.Source("s", "text", None, None, "javascript:alert(1)")
    assert "href" not in _html._knowledge._links(source)
    source = aetia._knowledge.Source("s", "text", None, '10.1/"><script>', None)
    assert "<script" not in _html._knowledge._links(source)


def test_a_knowledge_base_says_its_page_as_text(model: aetia.Model) -> None:
    """Every cause, indicator, gate, flag, invariant and source of the page stands in the text, and no style."""
    for kb in (model.knowledge_base, model):
        text = " ".join(str(kb).split())
        assert "<" not in text.replace("< 0.1 %", "").replace("(<", "")
        assert "{" not in text
        for catalogue in (kb.causes, kb.indicators, kb.gates, kb.flags):
            assert all(one.title in text for one in catalogue)
        for cause in kb.causes:
            assert all(probability(prior.value) in text for prior in cause.prior)
        for source in kb.sources:
            assert f"{source.id} · {' '.join(source.text.split())}" in text
        assert all(invariant.claim in text for invariant in kb.invariants)
        modes = {gate.mode for gate in kb.gates} - {None}
        assert modes
        assert all(f"requires, {mode}" in text for mode in modes)
        assert " ".join(kb.notice.split()) in text
        assert max(map(len, str(kb).splitlines())) <= 100
    assert model.meaning_hash in str(model)
