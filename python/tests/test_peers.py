"""Where independence holds, aetia is naive Bayes: it agrees with pyAgrum and with scikit-learn.

Random knowledge bases without groups and gates, whose figures come from conditional probabilities, in every form a
boolean's evidence can be stated in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pyagrum as gum
import pytest
from sklearn.naive_bayes import BernoulliNB

import aetia

if TYPE_CHECKING:
    from aetia._types import Link

KNOWLEDGE_BASES = 1000
CASES_EACH = 3
# Weights are whole nanodecibans, each within 0.5e-9 dB: eight of them and a prior move odds by less than 1.1e-9.
CLOSE = 1e-8
TIE = 1e-9


@dataclass(frozen=True)
class World:
    """What is true: priors, the comparator's first, and P(indicator present | cause), a row a cause."""

    priors: list[float]
    present: list[list[float]]
    cases: list[dict[int, bool]]
    document: dict[str, Any]

    @property
    def causes(self) -> list[str]:
        """The comparator, then the named causes."""
        return ["other", *(f"c{at}" for at in range(1, len(self.priors)))]


def evidence(chance: Random, cause: int, indicator: int, likely: float, base: float) -> dict[str, Any]:
    """A row that says how likely an indicator is under a cause and under the comparator."""
    form: dict[str, Any] = chance.choice(
        [
            {"probabilities": {"cause": {"present": likely}, "comparator": {"present": base}}},
            {"accuracy": {"sensitivity": likely, "specificity": 1 - base}},
            {"likelihood_ratio": {"present": likely / base, "absent": (1 - likely) / (1 - base)}},
        ]
    )
    return {"cause": f"c{cause}", "indicator": f"i{indicator}", "source": "world", "tag": "verified"} | form


def world(seed: int) -> World:
    """A random world, and a knowledge base that says all that is true in it."""
    chance = Random(seed)
    named, indicators = chance.randint(2, 6), chance.randint(3, 8)
    shares = [chance.uniform(0.2, 1) for _ in range(named + 1)]
    priors = [share / sum(shares) * 0.9 + (0.1 if at == 0 else 0) for at, share in enumerate(shares)]
    base = [chance.uniform(0.02, 0.98) for _ in range(indicators)]
    present, rows = [base], []
    for cause in range(1, named + 1):
        likely = []
        for indicator in range(indicators):
            is_silent = chance.random() < 0.15
            likely.append(base[indicator] if is_silent else chance.uniform(0.02, 0.98))
            if not is_silent:
                rows.append(evidence(chance, cause, indicator, likely[-1], base[indicator]))
        present.append(likely)
    full = {at: chance.random() < 0.5 for at in range(indicators)}
    cases = [full]
    for _ in range(CASES_EACH - 1):
        asked = chance.sample(range(indicators), chance.randint(0, indicators - 1))
        cases.append({at: chance.random() < 0.5 for at in asked})
    document = {
        "format_version": 1,
        "knowledge_base": {
            "id": "world",
            "version": "1",
            "title": "World",
            "notice": "Random.",
            "default_setting": "here",
        },
        "comparator": {"id": "other", "title": "Other"},
        "settings": {"here": {"title": "Here"}},
        "sources": {"world": {"text": "A random world."}},
        "causes": {
            f"c{at}": {
                "title": f"Cause {at}",
                "prior": {"here": {"value": prior, "source": "world", "tag": "verified"}},
            }
            for at, prior in enumerate(priors)
            if at > 0
        },
        "indicators": {f"i{at}": {"title": f"Indicator {at}", "kind": "boolean"} for at in range(indicators)},
        "evidence": rows,
    }
    return World(priors, present, cases, document)


@cache
def worlds() -> list[tuple[World, aetia.Model]]:
    """Every world with its model, made once."""
    every = [world(seed) for seed in range(KNOWLEDGE_BASES)]
    return [(one, aetia.KnowledgeBase.from_dict(one.document).compile()) for one in every]


def network(world: World) -> gum.BayesNet:
    """The world as a network: the cause, and the indicators as its children."""
    net = gum.BayesNet()
    cause = net.add(gum.LabelizedVariable("cause", "", world.causes))
    net.cpt(cause).fillWith(world.priors)
    for indicator in range(len(world.present[0])):
        child = net.add(gum.LabelizedVariable(f"i{indicator}", "", ["absent", "present"]))
        net.addArc(cause, child)
        net.cpt(child).fillWith([chance for row in world.present for chance in (1 - row[indicator], row[indicator])])
    return net


def inferred(net: gum.BayesNet, case: dict[int, bool]) -> np.ndarray:
    """The posterior of every cause, the comparator's first, by exact inference."""
    engine = gum.LazyPropagation(net)
    engine.setEvidence({f"i{at}": int(is_present) for at, is_present in case.items()})
    engine.makeInference()
    return np.array(engine.posterior("cause").tolist())


def predicted(world: World, case: dict[int, bool]) -> np.ndarray:
    """The same of a fully answered case by naive Bayes, with the parameters set by hand."""
    bayes = BernoulliNB(binarize=None)
    bayes.classes_ = np.arange(len(world.priors))
    bayes.n_features_in_ = len(world.present[0])
    bayes.class_log_prior_ = np.log(world.priors)
    bayes.feature_log_prob_ = np.log(world.present)
    row: np.ndarray = bayes.predict_proba([[int(case[at]) for at in range(len(case))]])[0]
    return row


def assessed(world: World, model: aetia.Model, case: dict[int, bool], link: Link = "exclusive") -> aetia.Result:
    """What aetia comes to."""
    assert model.causes.names == tuple(world.causes[1:])
    return model.assess({f"i{at}": is_present for at, is_present in case.items()}, link=link)


def posteriors(world: World, result: aetia.Result) -> np.ndarray:
    """The posterior of every cause, the comparator's first."""
    return np.array([result.comparator.posterior, *(result[cause].posterior for cause in world.causes[1:])])


def compare(pairs: list[tuple[World, aetia.Result, np.ndarray]]) -> tuple[float, int, int]:
    """The largest difference; in how many cases another cause is first; and how many ties were left out of that."""
    worst, others, ties = 0.0, 0, 0
    for world, result, expected in pairs:
        worst = max(worst, float(np.abs(posteriors(world, result) - expected).max()))
        second, first = np.sort(expected[1:])[-2:]
        if first - second < TIE:
            ties += 1
        elif result.first.cause != world.causes[1 + int(expected[1:].argmax())]:
            others += 1
    return worst, others, ties


def test_the_worlds_are_many_and_different() -> None:
    """Of every size and every form of evidence, with partial cases and full ones."""
    every = [one for one, _ in worlds()]
    assert len(every) >= 1000
    assert {len(one.priors) - 1 for one in every} == set(range(2, 7))
    assert {len(one.present[0]) for one in every} == set(range(3, 9))
    forms = {form for one in every for row in one.document["evidence"] for form in row}
    assert forms >= {"probabilities", "accuracy", "likelihood_ratio"}
    firsts = {assessed(one, model, one.cases[0]).first.cause for one, model in worlds()}
    assert firsts == {f"c{at}" for at in range(1, 7)}
    assert not any(model.gates or model.groups for _, model in worlds())


def test_exact_inference_comes_to_the_same() -> None:
    """Whatever is unknown, under either link."""
    exclusive, independent = [], []
    for one, model in worlds():
        net = network(one)
        for case in one.cases:
            expected = inferred(net, case)
            exclusive.append((one, assessed(one, model, case), expected))
            alone = expected / (expected + expected[0])
            independent.append((one, assessed(one, model, case, "independent"), alone))
    assert len(exclusive) == KNOWLEDGE_BASES * CASES_EACH
    for pairs in [exclusive, independent]:
        worst, others, ties = compare(pairs)
        assert worst < CLOSE
        assert others == 0
        assert ties <= len(pairs) / 1000


def test_naive_bayes_comes_to_the_same() -> None:
    """Where everything is answered."""
    pairs = [(one, assessed(one, model, one.cases[0]), predicted(one, one.cases[0])) for one, model in worlds()]
    worst, others, ties = compare(pairs)
    assert worst < CLOSE
    assert others == 0
    assert ties <= len(pairs) / 1000


def test_the_peers_would_notice_a_wrong_figure() -> None:
    """One probability off by a millionth is seen by both."""
    one, model = worlds()[0]
    wrong = World(
        one.priors, [one.present[0], [one.present[1][0] + 1e-6, *one.present[1][1:]], *one.present[2:]], [], {}
    )
    case = one.cases[0]
    result = assessed(one, model, case)
    for expected in [inferred(network(wrong), case), predicted(wrong, case)]:
        worst, _, _ = compare([(one, result, expected)])
        assert worst > CLOSE


@pytest.mark.parametrize("seed", [0, 7])
def test_a_world_is_the_same_every_time(seed: int) -> None:
    """So that a failure can be looked at again."""
    assert world(seed) == world(seed)
