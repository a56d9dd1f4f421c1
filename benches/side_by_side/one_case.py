"""One case from Python: a dictionary of 12 answers in, a ranked list of causes with their posteriors out.

Every tool is given the same model, 5 named causes and the comparator over 25 boolean indicators, and answers eight
different cases in turn, so that none can answer from a cache. Each is first checked against the closed form. Times
are taken in rounds, one tool after the other, and reported as the median round with the ratio to aetia's, so that the
ratio stands though the machine is noisy. A peer that is not installed is left out and named.

The knowledge base of morning back pain, with gates, groups and flags, stands below the line; no peer runs it.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import math
import os
import platform
import random
import statistics
import sys
import timeit
import warnings
from typing import TYPE_CHECKING, Any

import aetia

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Ranked = list[tuple[str, float]]
    Tool = Callable[[int], Ranked]

CAUSES, INDICATORS, ANSWERS, CASES = 6, 25, 12, 8
ROUNDS = 15
# A round of one tool lasts about this long, in seconds.
ROUND = 0.02

chance = random.Random(20_06)  # noqa: S311 (a fixed model, no secret)
SHARES = [[round(chance.uniform(0.02, 0.98), 3) for _ in range(INDICATORS)] for _ in range(CAUSES)]
PRIORS = [0.4, 0.2, 0.15, 0.1, 0.1, 0.05]
# The comparator comes first.
NAMES = ["something_else", *(f"cause_{at}" for at in range(1, CAUSES))]
FINDINGS = [f"indicator_{at:02}" for at in range(INDICATORS)]
QUERIES = [{name: chance.random() < 0.5 for name in sorted(chance.sample(FINDINGS, ANSWERS))} for _ in range(CASES)]


def weights() -> dict[str, tuple[list[float], list[float]]]:
    """Natural logarithms of likelihood ratios against the comparator: of absence, then of presence."""
    return {
        name: (
            [math.log((1 - SHARES[cause][at]) / (1 - SHARES[0][at])) for cause in range(CAUSES)],
            [math.log(SHARES[cause][at] / SHARES[0][at]) for cause in range(CAUSES)],
        )
        for at, name in enumerate(FINDINGS)
    }


def model() -> aetia.Model:
    """The same in aetia: a likelihood ratio for presence and one for absence, for each cause and indicator."""
    provenance = {"uncited": "a synthetic model", "tag": "verified"}
    evidence = [
        {
            "cause": NAMES[cause],
            "indicator": name,
            "likelihood_ratio": {
                "present": SHARES[cause][at] / SHARES[0][at],
                "absent": (1 - SHARES[cause][at]) / (1 - SHARES[0][at]),
            },
            **provenance,
        }
        for cause in range(1, CAUSES)
        for at, name in enumerate(FINDINGS)
    ]
    document = {
        "format_version": aetia.FORMAT_VERSION,
        "knowledge_base": {
            "id": "synthetic",
            "version": "1",
            "title": "A synthetic model",
            "notice": "For measurements only.",
            "link": "exclusive",
            "default_setting": "only",
        },
        "comparator": {"id": NAMES[0], "title": "Something else"},
        "settings": {"only": {"title": "The only setting"}},
        "causes": {
            name: {"title": name, "prior": {"only": {"value": prior, **provenance}}}
            for name, prior in zip(NAMES[1:], PRIORS[1:], strict=True)
        },
        "indicators": {name: {"title": name, "kind": "boolean"} for name in FINDINGS},
        "evidence": evidence,
    }
    return aetia.KnowledgeBase.from_dict(document).compile()


def ranked(posterior: Sequence[float]) -> Ranked:
    """Causes by posterior, the likeliest first."""
    return sorted(zip(NAMES, posterior, strict=True), key=lambda pair: -pair[1])


def softmax(scores: Sequence[float]) -> list[float]:
    """Posteriors of log-odds."""
    top = max(scores)
    odds = [math.exp(score - top) for score in scores]
    total = sum(odds)
    return [one / total for one in odds]


def plain_python() -> Tool:
    """Loops over dictionaries of floats."""
    table, priors = weights(), [math.log(prior) for prior in PRIORS]

    def rank(at: int) -> Ranked:
        scores = priors[:]
        for name, answer in QUERIES[at].items():
            for cause, weight in enumerate(table[name][answer]):
                scores[cause] += weight
        return ranked(softmax(scores))

    return rank


def with_aetia() -> Tool:
    """The library: the comparator is no candidate, so its posterior is read beside the ranking."""
    compiled = model()

    def rank(at: int) -> Ranked:
        return [(one.cause, one.posterior or 0.0) for one in compiled.assess(QUERIES[at]).ranking]

    return rank


def with_numpy() -> Tool:
    """Rows of a table, summed."""
    import numpy as np

    seats = {name: at for at, name in enumerate(FINDINGS)}
    table = np.array([weights()[name][answer] for name in FINDINGS for answer in (0, 1)])
    priors = np.log(PRIORS)

    def rank(at: int) -> Ranked:
        rows = [2 * seats[name] + answer for name, answer in QUERIES[at].items()]
        scores = table[rows].sum(0) + priors
        odds = np.exp(scores - scores.max())
        return ranked((odds / odds.sum()).tolist())

    return rank


def with_sklearn() -> Tool:
    """MultinomialNB over answers as one-hot columns, which leaves unknown answers out exactly."""
    import numpy as np
    from sklearn.naive_bayes import MultinomialNB

    seats = {name: at for at, name in enumerate(FINDINGS)}
    shares = np.array(SHARES)
    bayes = MultinomialNB()
    bayes.feature_log_prob_ = np.log(np.hstack([1 - shares, shares]))
    bayes.class_log_prior_ = np.log(PRIORS)
    bayes.classes_ = np.arange(CAUSES)
    bayes.n_features_in_ = 2 * INDICATORS

    def rank(at: int) -> Ranked:
        row = np.zeros((1, 2 * INDICATORS))
        for name, answer in QUERIES[at].items():
            row[0, seats[name] + INDICATORS * answer] = 1
        return ranked(bayes.predict_proba(row)[0].tolist())

    return rank


def with_pyagrum() -> Tool:
    """A Bayesian network with one parent, by lazy propagation."""
    import pyagrum

    net = pyagrum.BayesNet()
    root = net.add(pyagrum.LabelizedVariable("cause", "cause", NAMES))
    net.cpt(root).fillWith(PRIORS)
    for at, name in enumerate(FINDINGS):
        node = net.add(pyagrum.LabelizedVariable(name, name, ["no", "yes"]))
        net.addArc(root, node)
        for cause in range(CAUSES):
            net.cpt(node)[{"cause": cause}] = [1 - SHARES[cause][at], SHARES[cause][at]]
    engine = pyagrum.LazyPropagation(net)
    engine.setTargets({"cause"})

    def rank(at: int) -> Ranked:
        engine.setEvidence({name: int(answer) for name, answer in QUERIES[at].items()})
        return ranked(engine.posterior("cause").tolist())

    return rank


def with_pgmpy() -> Tool:
    """A Bayesian network with one parent, by variable elimination."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork

    net = DiscreteBayesianNetwork([("cause", name) for name in FINDINGS])
    net.add_cpds(TabularCPD("cause", CAUSES, [[prior] for prior in PRIORS]))
    for at, name in enumerate(FINDINGS):
        shares = [SHARES[cause][at] for cause in range(CAUSES)]
        table = [[1 - share for share in shares], shares]
        net.add_cpds(TabularCPD(name, 2, table, evidence=["cause"], evidence_card=[CAUSES]))
    engine = VariableElimination(net)

    def rank(at: int) -> Ranked:
        given = {name: int(answer) for name, answer in QUERIES[at].items()}
        return ranked(engine.query(["cause"], evidence=given, show_progress=False).values.tolist())

    return rank


def flagship(read: Callable[[aetia.Result], object]) -> Tool:
    """The embedded knowledge base, 12 answers a case, read in a way of the caller's."""
    compiled = aetia.load("morning_back_pain")
    booleans = [indicator.id for indicator in compiled.indicators if indicator.kind == "boolean"]
    cases: list[dict[str, Any]] = []
    while len(cases) < CASES:
        case = {name: chance.random() < 0.5 for name in chance.sample(booleans, ANSWERS)}
        if not compiled.assess(case, contradictions="drop").dropped:
            cases.append(case)

    def rank(at: int) -> Ranked:
        read(compiled.assess(cases[at]))
        return []

    return rank


def everyone(result: aetia.Result) -> object:
    """Every cause with its posterior."""
    return [(one.cause, one.posterior) for one in result.ranking]


PEERS: list[tuple[str, str, Callable[[], Tool]]] = [
    ("aetia", "aetia", with_aetia),
    ("plain Python loops", "", plain_python),
    ("numpy", "numpy", with_numpy),
    ("scikit-learn MultinomialNB", "scikit-learn", with_sklearn),
    ("pyAgrum LazyPropagation", "pyagrum", with_pyagrum),
    ("pgmpy VariableElimination", "pgmpy", with_pgmpy),
]
WAYS: list[tuple[str, Callable[[aetia.Result], object]]] = [
    ("aetia, back pain: ranking read", everyone),
    ("aetia, back pain: first cause read", lambda result: result.first.posterior),
    ("aetia, back pain: and its explanation", lambda result: result.first.explanation),
    ("aetia, back pain: and all flags", lambda result: result.flags),
    ("aetia, back pain: as JSON", aetia.Result.to_json),
]


def is_right(tool: Tool, reference: Tool) -> bool:
    """Whether a tool ranks every case as the closed form does."""
    for at in range(CASES):
        expected = dict(reference(at))
        found = dict(tool(at))
        if any(abs(expected[name] - posterior) > 1e-6 for name, posterior in found.items()):
            return False
    return True


def microseconds(tool: Tool, count: int) -> float:
    """A round: the mean time of a case."""
    turns = itertools.cycle(range(CASES))
    return timeit.timeit(lambda: tool(next(turns)), number=count) / count * 1e6


def main() -> int:
    """Checks every tool, times them in turns, and prints the table."""
    warnings.simplefilter("ignore")
    tools: list[tuple[str, str, Tool]] = []
    reference = plain_python()
    for title, package, make in PEERS:
        try:
            tool = make()
        except ImportError as error:
            print(f"left out: {title} ({error.name} is not installed)")
            continue
        if not is_right(tool, reference):
            print(f"WRONG: {title} does not rank as the closed form does")
            return 1
        tools.append((title, importlib.metadata.version(package) if package else platform.python_version(), tool))
    peers = len(tools)
    version = importlib.metadata.version("aetia")
    tools += [(title, version, flagship(read)) for title, read in WAYS]
    counts = [max(1, int(ROUND / (microseconds(tool, 3) * 1e-6))) for _, _, tool in tools]
    rounds: list[list[float]] = [[] for _ in tools]
    for _ in range(ROUNDS):
        for at, (_, _, tool) in enumerate(tools):
            rounds[at].append(microseconds(tool, counts[at]))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}")
    print(f"{'12 answers, ranked':<40} {'version':>8} {'least us':>9} {'median us':>10} {'x aetia':>8}")
    own = statistics.median(rounds[0])
    for at, ((title, release, _), times) in enumerate(zip(tools, rounds, strict=True)):
        if at == peers:
            print("-" * 79)
        median = statistics.median(times)
        print(f"{title:<40} {release:>8} {min(times):9.2f} {median:10.2f} {median / own:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
