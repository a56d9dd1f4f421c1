"""Pictures: drawn where asked, readable at every size, and without certainty."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import aetia
import synthetic
from aetia import _drawing, plot
from aetia._words import probability

mpl.use("Agg")

Draw = Callable[[aetia.Result, Axes | None], Axes]
PICTURES: dict[str, Draw] = {
    "ranking": lambda result, ax: plot.ranking(result, ax=ax),
    "waterfall": lambda result, ax: plot.waterfall(result["cause_2"].explanation, ax=ax),
    "nomogram": lambda result, ax: plot.nomogram(result["cause_2"], ax=ax),
    "comparison": lambda result, ax: plot.comparison(result.compare("cause_1", "cause_2"), ax=ax),
    "gate_effect": lambda result, ax: plot.gate_effect(result, ax=ax),
}


@pytest.fixture(autouse=True)
def _closed() -> object:
    yield
    plt.close("all")


def drawn(ax: Axes, monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """Every text that a picture draws, in the end."""
    texts: dict[int, Text] = {}
    original = Text.draw

    def noted(text: Text, renderer: object) -> None:
        if text.get_visible() and text.get_text().strip():
            texts[id(text)] = text
        original(text, renderer)  # type: ignore[arg-type]

    figure = ax.get_figure(root=True)
    assert figure is not None
    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", noted)
        figure.canvas.draw()
    return list(texts.values())


def check(ax: Axes, monkeypatch: pytest.MonkeyPatch) -> str:
    """No text lies on another or leaves the figure, none is certain. Returns all of them."""
    texts = drawn(ax, monkeypatch)
    figure = ax.get_figure(root=True)
    assert figure is not None
    # A pixel of slack: boxes count the whole line.
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in texts]
    for (one, box), (other, beside) in combinations(boxes, 2):
        assert not box.overlaps(beside), (one, other)
    for text, box in boxes:
        inside = figure.bbox.padded(2)
        assert inside.containsx(box.x0) and inside.containsx(box.x1), text  # noqa: PT018 (one condition)
        assert inside.containsy(box.y0) and inside.containsy(box.y1), text  # noqa: PT018 (one condition)
    said = "\n".join(text for text, _ in boxes).replace("\N{NO-BREAK SPACE}", " ")
    for certain in ("100 %", "100.0 %", " 0.0 %", "\n0.0 %"):
        assert certain not in said
    return said


@pytest.mark.parametrize("causes", [3, 6, 15])
@pytest.mark.parametrize("name", PICTURES)
def test_texts_do_not_overlap(name: str, causes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every number of causes, with titles of more than 60 letters, a held cause and an excluded one."""
    result = synthetic.held(causes, long=True)
    assert len(result.first.title) > 60
    check(PICTURES[name](result, None), monkeypatch)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_drawn_on_dark_backgrounds_and_where_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The axes given are those returned, and no other figure is made."""
    with plt.style.context("dark_background"):
        _, ax = plt.subplots(figsize=(9, 6), layout="constrained")
        assert PICTURES[name](synthetic.held(6), ax) is ax
        assert len(plt.get_fignums()) == 1
        check(ax, monkeypatch)


@pytest.mark.parametrize("name", PICTURES)
def test_a_small_picture_stays_readable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At matplotlib's own size, which has less room than a picture made here."""
    _, ax = plt.subplots(layout="constrained")
    check(PICTURES[name](synthetic.held(9, long=True), ax), monkeypatch)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_go_into_panels(name: str) -> None:
    """However small, and in a figure within a figure."""
    figure = plt.figure(figsize=(2, 2))
    part = figure.add_subfigure(figure.add_gridspec(1, 2)[1])
    ax = part.subplots()
    assert PICTURES[name](synthetic.held(3, long=True), ax) is ax


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a window nor in a file, and defaults stay."""
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("shown"))
    before = dict(mpl.rcParams)
    PICTURES[name](synthetic.free(3), None)
    assert dict(mpl.rcParams) == before


def test_a_ranking_names_the_comparator_and_who_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, with the printed numbers of the text."""
    result = synthetic.held(6)
    said = check(plot.ranking(result), monkeypatch)
    assert '2  Cause 2\nheld by "Opened"' in said
    assert '\N{EN DASH}  Cause 6\nexcluded by "Ruled out"' in said
    assert f"held from {probability(result['cause_2'].posterior_ungated)}" in said
    assert "~  Something else" in said
    assert "comparator (~)" in said
    assert "without gates" in said
    hatches = {patch.get_hatch() for patch in plt.gca().patches}
    assert len(hatches) > 1
    bars = [patch for patch in plt.gca().patches if isinstance(patch, Rectangle)]
    dashed = {bar.get_width() for bar in bars if bar.get_linestyle() == "--"}
    bitten = [it for it in (*result.ranking, *result.excluded) if it.score != it.score_ungated or it.rank is None]
    assert bitten
    # The bar of the key has no width.
    assert {width for width in dashed if width > 0} == {it.posterior_ungated for it in bitten}
    assert "without gates" not in check(plot.ranking(synthetic.free(6)), monkeypatch)


def test_the_comparator_stands_where_its_score_of_0_stands() -> None:
    """Below the causes that lead."""
    document = synthetic.document(3)
    del document["gates"]
    signs = dict.fromkeys((f"sign_{n}" for n in range(1, synthetic.SIGNS + 1)), True)
    result = aetia.KnowledgeBase.from_dict(document).compile().assess(signs)
    leading = sum(candidate.leads for candidate in result.ranking)
    assert leading > 0
    labels = [label.get_text() for label in plot.ranking(result).get_yticklabels()]
    assert labels[leading] == "~  Something else"
    assert labels[:leading] == [f"{it.rank}  {it.title}" for it in result.ranking[:leading]]


def test_an_independent_ranking_has_no_bar_for_the_comparator(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is even, by definition."""
    result = synthetic.model(3).assess({"sign_1": True}, link="independent")
    assert "even" in check(plot.ranking(result), monkeypatch)


def test_a_waterfall_ends_at_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is given a candidate or its explanation, and however many findings share a row."""
    result = synthetic.held(6)
    candidate = result["cause_2"]
    for most in (0, 12, 99):
        ax = plot.waterfall(candidate, most=most)
        last = ax.patches[-1]
        assert last.get_width() == candidate.score.decibans  # type: ignore[attr-defined]
        said = check(ax, monkeypatch)
        assert str(candidate.score) in said
        assert "gate: Opened" in said
        speaking = [part for part in candidate.explanation if part.kind == "evidence" and part.weight]
        silent = [part for part in candidate.explanation if part.kind == "evidence" and not part.weight]
        assert f"{len(speaking[most:]) + len(silent)} further findings" in said
        plt.close("all")


def test_a_waterfall_says_the_posterior_after_every_row() -> None:
    """The running one, against the comparator alone, in the order of the rows."""
    candidate = synthetic.held(6)["cause_2"]
    ax = plot.waterfall(candidate, most=0)
    beside = [text.get_text() for text in ax.texts if text.get_text().endswith(" %")]
    prior = next(part.weight for part in candidate.explanation if part.kind == "prior")
    gates = [part.weight for part in candidate.explanation if part.kind == "gate"]
    assert any(gates)
    even = aetia.LogOdds(0)
    after = [even + prior, candidate.score - sum(gates, aetia.Weight(0))]
    after += [after[-1] + sum(gates[: n + 1], aetia.Weight(0)) for n in range(len(gates))]
    assert beside == [probability(at.probability) for at in [*after, candidate.score]]


def test_ticks_stand_where_the_core_has_their_values() -> None:
    """Those of probabilities as log-odds, those of likelihood ratios as weights."""
    chances = [(at, text) for at, text in _drawing.probability_ticks(-30, 30, 0) if text]
    ratios = [(at, text) for at, text in _drawing.ratio_ticks(-30, 30, 0) if text]
    assert min(len(chances), len(ratios)) > 10
    for at, text in chances:
        assert aetia.LogOdds(round(at * 1e9)).probability * 100 == pytest.approx(float(text))
    for at, text in ratios:
        assert aetia.Weight.from_likelihood_ratio(float(text)).decibans == pytest.approx(at)


def test_a_nomogram_is_a_straight_line() -> None:
    """Through the three values, with gates and without, each where its scale has it."""
    candidate = synthetic.held(3)["cause_2"]
    for gated, score in ((True, candidate.score), (False, candidate.score_ungated)):
        ax = plot.nomogram(candidate, gated=gated)
        heights: list[list[float]] = [list(np.asarray(line.get_ydata(), float)) for line in ax.lines]
        left, middle, right = next(ys for ys in heights if len(ys) == 3)
        assert middle == pytest.approx((left + right) / 2)
        assert right == score.decibans
        assert any("against the comparator" in text.get_text() for text in ax.texts)


def test_an_excluded_cause_is_drawn_without_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no posterior with them."""
    result = synthetic.held(3)
    said = check(plot.nomogram(result.excluded[0]), monkeypatch)
    assert "Without gates" in said
    assert "excluded" in check(plot.waterfall(result.excluded[0]), monkeypatch)


def test_where_no_gate_bites_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the gate is named."""
    assert "no gate changes this result" in check(plot.gate_effect(synthetic.free(6)), monkeypatch)
    assert 'held by "Opened"' in check(plot.gate_effect(synthetic.held(6)), monkeypatch)


def test_a_cap_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It limits, and does not hold."""
    result = synthetic.model(6).assess({"sign_1": True, "limits": True})
    ungated = result["cause_1"].posterior_ungated
    said = check(plot.ranking(result), monkeypatch)
    assert 'capped by "Limited"' in said
    assert f"capped from {probability(ungated)}" in said


def test_a_comparison_names_both_causes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And shares a row among small parts."""
    result = synthetic.held(6)
    said = check(plot.comparison(result.compare("cause_1", "cause_2"), most=3), monkeypatch)
    assert "← for C2" in said
    assert "for C1 →" in said
    assert "further parts" in said
    assert "Why Cause 1 stands below Cause 2" in said.replace("\n", " ")
    check(plot.comparison(result.compare("cause_1", "cause_1")), monkeypatch)


@pytest.mark.parametrize("name", ["waterfall", "nomogram"])
def test_a_result_is_refused_where_one_cause_is_drawn(name: str) -> None:
    """With the way to a cause."""
    with pytest.raises(TypeError, match=r'result\["cause"\] or result.first'):
        getattr(plot, name)(synthetic.free(3))
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", ["ranking", "gate_effect"])
def test_a_cause_is_refused_where_all_are_drawn(name: str) -> None:
    """With the way to its result."""
    with pytest.raises(TypeError, match=r"candidate\.result"):
        getattr(plot, name)(synthetic.free(3).first)
    assert not plt.get_fignums()


def test_formulas_in_titles_stay_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Knowledge bases are written by others, and a dollar is no formula."""
    document = synthetic.document(3)
    for cause in document["causes"].values():
        cause |= {"title": r"$\frac{$ and $x$", "label": "$y$"}
    document["gates"]["opened"]["title"] = "$z$"
    result = aetia.KnowledgeBase.from_dict(document).compile().assess({"sign_1": True, "rules_out": True})
    for draw in PICTURES.values():
        check(draw(result, None), monkeypatch)


def test_without_matplotlib_the_way_to_it_is_said() -> None:
    """The package itself needs Python and nothing else."""
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import aetia; from aetia import plot\n"
        "try: plot.ranking(aetia.load('morning_back_pain').assess({}))\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert "pip install '.[plot]'" in done.stdout
