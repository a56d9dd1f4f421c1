"""Thousands of causes, most of them silent on most findings: all posteriors and the ten best of one case.

8,000 causes, 10,000 indicators, 20 weights a cause, ten findings present. Scipy and numpy hold the weights as sparse
matrices of 64-bit floats, plain Python as a dictionary by finding; all know the places of the findings beforehand, and
add up, in one thread, what differs from the default of an indicator. Each is first checked against the same sums over
a dense row of every finding. The times of aetia are those of `cargo bench ... wide-peers`, run after the peers by the
same command: from Rust, on a knowledge base of the same shape, of one thread too.

    wide.py             the table
    wide.py --peers     without aetia: nothing is built
"""

from __future__ import annotations

import argparse
import heapq
import importlib
import importlib.metadata
import itertools
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

# Every library counts its threads by a name of its own, and reads it when it is imported.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # The places of the ten best causes with their posteriors.
    Best = list[tuple[int, float]]

CAUSES, INDICATORS, WEIGHTS, FINDINGS = 8_000, 10_000, 20, 10
CASES, ROUNDS = 64, 40


class Tool(NamedTuple):
    """A way to rank a case, with the package whose version is printed."""

    title: str
    package: str
    make: Callable[[Workload], Callable[[int], Best]]


class Workload:
    """Weights by finding and cause, and cases as places of findings."""

    def __init__(self) -> None:
        """Made by rule, the same every time."""
        chance = np.random.default_rng(20_06)
        self.causes = np.repeat(np.arange(CAUSES), WEIGHTS)
        rows = [chance.choice(INDICATORS, WEIGHTS, replace=False) for _ in range(CAUSES)]
        self.findings = np.concatenate(rows)
        self.weights = chance.uniform(1.0, 4.0, CAUSES * WEIGHTS)
        priors = chance.uniform(0.05, 1.05, CAUSES)
        self.priors = np.log(priors / priors.sum())
        self.cases = [chance.choice(INDICATORS, FINDINGS, replace=False) for _ in range(CASES)]

    def posteriors(self, case: int) -> Any:  # noqa: ANN401 (an array)
        """The slow and plain way: a dense row for each finding."""
        scores = self.priors.copy()
        for finding in self.cases[case]:
            row = np.zeros(CAUSES)
            of = self.findings == finding
            row[self.causes[of]] = self.weights[of]
            scores += row
        return softmax(scores)


def softmax(scores: Any) -> Any:  # noqa: ANN401 (an array)
    """In place."""
    scores -= scores.max()
    np.exp(scores, out=scores)
    scores /= scores.sum()
    return scores


def ten_best(posteriors: Any) -> Best:  # noqa: ANN401 (an array)
    """The places of the ten likeliest, with their posteriors."""
    best = np.argpartition(posteriors, -10)[-10:]
    best = best[np.argsort(posteriors[best])[::-1]]
    return list(zip(best.tolist(), posteriors[best].tolist(), strict=True))


def by_finding(work: Workload) -> tuple[Any, Any, Any]:
    """Compressed rows, a row for each finding: where each begins, the causes, and the weights."""
    order = np.argsort(work.findings, kind="stable")
    starts = np.searchsorted(work.findings[order], np.arange(INDICATORS + 1))
    return starts, work.causes[order], work.weights[order]


def with_scipy_rows(work: Workload) -> Callable[[int], Best]:
    """The rows of the findings, picked and summed."""
    # Typed or not, it is not everywhere.
    sparse: Any = importlib.import_module("scipy.sparse")
    starts, causes, weights = by_finding(work)
    matrix = sparse.csr_matrix((weights, causes, starts), shape=(INDICATORS, CAUSES))
    return lambda case: ten_best(softmax(work.priors + np.asarray(matrix[work.cases[case]].sum(0)).ravel()))


def with_scipy_product(work: Workload) -> Callable[[int], Best]:
    """A product with a vector in which the findings are ones."""
    sparse: Any = importlib.import_module("scipy.sparse")
    matrix = sparse.csc_matrix((work.weights, (work.causes, work.findings)), shape=(CAUSES, INDICATORS))

    def rank(case: int) -> Best:
        given = np.zeros(INDICATORS)
        given[work.cases[case]] = 1
        return ten_best(softmax(work.priors + matrix @ given))

    return rank


def with_numpy(work: Workload) -> Callable[[int], Best]:
    """Compressed rows in plain arrays, one finding after the other."""
    starts, causes, weights = by_finding(work)

    def rank(case: int) -> Best:
        scores = work.priors.copy()
        for finding in work.cases[case]:
            row = slice(starts[finding], starts[finding + 1])
            scores[causes[row]] += weights[row]
        return ten_best(softmax(scores))

    return rank


def with_python(work: Workload) -> Callable[[int], Best]:
    """Dictionaries: only the causes that a finding touches, and the likeliest of all others."""
    starts, causes, weights = (part.tolist() for part in by_finding(work))
    rows = [list(zip(causes[begin:end], weights[begin:end], strict=True)) for begin, end in itertools.pairwise(starts)]
    shares = np.exp(work.priors).tolist()
    likeliest = np.argsort(-work.priors)[: 10 + FINDINGS * WEIGHTS].tolist()
    cases = [case.tolist() for case in work.cases]

    def rank(case: int) -> Best:
        touched: dict[int, float] = {}
        for finding in cases[case]:
            for cause, weight in rows[finding]:
                touched[cause] = touched.get(cause, 0.0) + weight
        odds = {cause: shares[cause] * math.exp(weight) for cause, weight in touched.items()}
        total = 1.0 - sum(shares[cause] for cause in touched) + sum(odds.values())
        rest = (cause for cause in likeliest if cause not in touched)
        odds.update((cause, shares[cause]) for cause, _ in zip(rest, range(10), strict=False))
        return [(cause, one / total) for cause, one in heapq.nlargest(10, odds.items(), key=lambda item: item[1])]

    return rank


TOOLS = [
    Tool("scipy.sparse, rows picked and summed", "scipy", with_scipy_rows),
    Tool("scipy.sparse, product with a vector", "scipy", with_scipy_product),
    Tool("numpy over compressed rows", "numpy", with_numpy),
    Tool("plain Python dictionaries", "python", with_python),
]


def check(tool: Tool, rank: Callable[[int], Best], work: Workload) -> None:
    """Stops where a tool names other posteriors than the plain way."""
    for case in range(4):
        expected = ten_best(work.posteriors(case))
        pairs = zip(rank(case), expected, strict=True)
        if any(abs(own - other) > 1e-9 for (_, own), (_, other) in pairs):
            message = f"{tool.title} does not rank as the plain sums do"
            raise SystemExit(message)


def microseconds(tools: Sequence[Callable[[int], Best]]) -> list[list[float]]:
    """Microseconds a case on the processor, in rounds in which every tool has its turn with every case."""
    times: list[list[float]] = [[] for _ in tools]
    for _ in range(ROUNDS):
        for at, rank in enumerate(tools):
            start = time.process_time()
            for case in range(CASES):
                rank(case)
            times[at].append((time.process_time() - start) / CASES * 1e6)
    return times


def peers() -> None:
    """Prints the table of the peers."""
    work, found, ranks = Workload(), [], []
    for tool in TOOLS:
        try:
            is_python = tool.package == "python"
            version = platform.python_version() if is_python else importlib.metadata.version(tool.package)
            rank = tool.make(work)
        except ImportError as error:
            print(f"left out: {tool.title} ({error.name} is not installed)")
            continue
        check(tool, rank, work)
        found.append((tool.title, version))
        ranks.append(rank)
    print(f"\n{'ten best of 8,000 causes, 10 findings':<44} {'version':>8} {'least us':>9} {'median us':>10}")
    for (title, version), times in zip(found, microseconds(ranks), strict=True):
        print(f"{title:<44} {version:>8} {min(times):9.1f} {statistics.median(times):10.1f}")


def main() -> int:
    """Reads the arguments; measures, and prints."""
    parser = argparse.ArgumentParser(description="Thousands of causes from Python, and from Rust.")
    parser.add_argument("--peers", action="store_true", help="leave out aetia, which is built with cargo")
    said = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    peers()
    if said.peers:
        return 0
    sys.stdout.flush()
    command = ["cargo", "bench", "--quiet", "-p", "aetia-benches", "--bench", "all", "--", "wide-peers"]
    return subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode  # noqa: S603 (our own bench)


if __name__ == "__main__":
    sys.exit(main())
