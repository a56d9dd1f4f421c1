"""Many cases from Python: columns of answers in, posteriors and the first cause of every case out.

Every tool is given the same model, 5 named causes and the comparator over 25 boolean indicators, and the same cases, of
whose cells two in five are unknown. Tools that work on a matrix get one, row by row; tools that work on columns get
columns: nobody pays for a change of form. Each is first checked against the closed form. Times are taken in rounds,
one tool after the other, and reported as nanoseconds a case, the median round, with the ratio to aetia's: of one
thread the time on the processor, of two that on the wall. A peer that is not installed is left out and named.

    cohort.py                         one table for one thread and one for two, and the memory of aetia
    cohort.py --rows 100000           fewer cases
    cohort.py --growth growth.png     how the time grows with cases, indicators and causes: tables and a picture
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import importlib.metadata
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import aetia

    # Posteriors, a row for each case with the comparator's first, and the place of the first cause.
    Scored = tuple[Any, Any]

CAUSES, INDICATORS = 6, 25
# A grid point of a slow tool is left out when the one before took longer, in seconds.
PATIENCE = 8.0
# Every library counts its threads by a name of its own.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS")


class Tool(NamedTuple):
    """A way to score, with the package whose version is printed; none where it is not installed."""

    title: str
    package: str
    make: Callable[[Workload], Callable[[], Scored]]


class Workload:
    """A model as probabilities, and cases as a matrix: 1 for present, 0 for absent, -1 for unknown."""

    def __init__(self, rows: int, indicators: int = INDICATORS, causes: int = CAUSES) -> None:
        """Made by rule, the same every time."""
        import numpy as np

        chance = np.random.default_rng(20_06)
        self.shares = chance.uniform(0.1, 0.9, (causes, indicators)).round(3)
        priors = chance.uniform(0.2, 1.2, causes)
        # However many causes there are, something else remains possible.
        priors[0] = max(priors[0], priors[1:].sum() / 9)
        self.priors = priors / priors.sum()
        self.names = [f"indicator_{at:03}" for at in range(indicators)]
        cells = np.repeat(np.array([-1, 0, 1], np.int8), [40, 36, 24])
        self.matrix = cells[chance.integers(0, len(cells), (rows, indicators), np.uint8)]

    def weights(self, kind: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 (a type of numpy)
        """Natural logarithms of likelihood ratios, of presence and of absence, and of the priors."""
        import numpy as np

        present = np.log(self.shares / self.shares[0]).T
        absent = np.log((1 - self.shares) / (1 - self.shares[0])).T
        plain = (np.ascontiguousarray(one, kind) for one in (present, absent, np.log(self.priors)))
        return tuple(plain)  # type: ignore[return-value]

    def columns(self) -> dict[str, Any]:
        """The same cases, a column for each indicator."""
        import numpy as np

        return {name: np.ascontiguousarray(self.matrix[:, at]) for at, name in enumerate(self.names)}

    def table(self) -> Any:  # noqa: ANN401 (a table of pyarrow)
        """The same as a table of Arrow."""
        import pyarrow as pa

        return pa.table(self.columns())

    def model(self) -> aetia.Model:
        """The model as a knowledge base."""
        import aetia

        provenance = {"uncited": "a synthetic model", "tag": "verified"}
        causes = [f"cause_{at}" for at in range(1, len(self.priors))]
        evidence = [
            {
                "cause": cause,
                "indicator": name,
                "likelihood_ratio": {
                    "present": self.shares[row, at] / self.shares[0, at],
                    "absent": (1 - self.shares[row, at]) / (1 - self.shares[0, at]),
                },
                **provenance,
            }
            for row, cause in enumerate(causes, 1)
            for at, name in enumerate(self.names)
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
            "comparator": {"id": "cause_0", "title": "Something else"},
            "settings": {"only": {"title": "The only setting"}},
            "causes": {
                name: {"title": name, "prior": {"only": {"value": prior, **provenance}}}
                for name, prior in zip(causes, self.priors[1:], strict=True)
            },
            "indicators": {name: {"title": name, "kind": "boolean"} for name in self.names},
            "evidence": evidence,
        }
        limits = {"causes": max(256, len(causes)), "document_bytes": 1 << 28}
        return aetia.KnowledgeBase.from_dict(document, limits=limits).compile()


def threads() -> int:
    """How many threads each tool may use: said by the environment, from before any library was imported."""
    return int(os.environ.get(THREADS[0], "1"))


def with_aetia(precision: Any) -> Callable[[Workload], Callable[[], Scored]]:  # noqa: ANN401 (one of two words)
    """The library: a table in, a table out."""

    def make(work: Workload) -> Callable[[], Scored]:
        import numpy as np
        import pyarrow as pa

        scorer = work.model().scorer(outputs=["posterior", "first"], precision=precision, threads=threads())
        table, causes = work.table(), len(work.priors)

        def score() -> Scored:
            return scorer(table), None

        def read() -> Scored:
            found = pa.table(score()[0])
            names = [f"posterior.cause_{at}" for at in [*range(1, causes), 0]]
            columns = [found[name].to_numpy() for name in names]
            first = [int(name.removeprefix("cause_")) for name in found["first"].to_pylist()]
            return np.stack([columns[-1], *columns[:-1]], 1), np.array(first)

        score.read = read  # type: ignore[attr-defined]
        return score

    return make


def with_numpy(kind: str, step: int | None) -> Callable[[Workload], Callable[[], Scored]]:
    """Two products of matrices and a softmax, in chunks that stay in the cache, or of all rows at once."""

    def make(work: Workload) -> Callable[[], Scored]:
        import numpy as np

        present, absent, priors = work.weights(kind)
        matrix, rows = work.matrix, len(work.matrix)
        stride = step or max(rows, 1)

        def score() -> Scored:
            posterior, first = np.empty((rows, len(priors)), kind), np.empty(rows, np.int64)
            for begin in range(0, rows, stride):
                chunk = matrix[begin : begin + stride]
                scores = (chunk == 1).astype(kind) @ present
                scores += (chunk == 0).astype(kind) @ absent
                scores += priors
                scores -= scores.max(1, keepdims=True)
                np.exp(scores, out=scores)
                scores /= scores.sum(1, keepdims=True)
                posterior[begin : begin + stride] = scores
                first[begin : begin + stride] = scores[:, 1:].argmax(1) + 1
            return posterior, first

        return score

    return make


def with_polars(work: Workload) -> Callable[[], Scored]:
    """Expressions over columns of 8-bit integers, in 32-bit floats."""
    import polars as pl

    present, absent, priors = work.weights("float32")
    frame = pl.DataFrame(work.columns())

    def number(value: float) -> pl.Expr:
        return pl.lit(float(value), dtype=pl.Float32)

    def weight(at: int, cause: int) -> pl.Expr:
        answer = pl.col(work.names[at])
        return (
            pl.when(answer == 1)
            .then(number(present[at, cause]))
            .when(answer == 0)
            .then(number(absent[at, cause]))
            .otherwise(number(0))
        )

    names = [f"cause_{cause}" for cause in range(len(priors))]
    sums = [
        pl.sum_horizontal(number(priors[cause]), *(weight(at, cause) for at in range(len(work.names)))).alias(name)
        for cause, name in enumerate(names)
    ]
    top, first = pl.max_horizontal(names[1:]), pl.lit(1, dtype=pl.UInt32)
    for cause in range(len(priors) - 1, 1, -1):
        first = pl.when(pl.col(names[cause]) == pl.col("top")).then(pl.lit(cause, dtype=pl.UInt32)).otherwise(first)
    query = (
        frame.lazy()
        .select(sums)
        .with_columns(top.alias("top"))
        .with_columns(first.alias("first"))
        .with_columns([(pl.col(name) - pl.max_horizontal(names)).exp().alias(name) for name in names])
        .with_columns(pl.sum_horizontal(names).alias("total"))
        .select([*[(pl.col(name) / pl.col("total")).alias(name) for name in names], "first"])
    )

    def score() -> Scored:
        found = query.collect()
        return found, found

    def read() -> Scored:
        found = query.collect()
        return found.select(names).to_numpy(), found["first"].to_numpy()

    score.read = read  # type: ignore[attr-defined]
    return score


def with_sklearn(work: Workload) -> Callable[[], Scored]:
    """MultinomialNB over answers as one-hot columns, which leaves unknown answers out exactly."""
    import numpy as np
    from sklearn.naive_bayes import MultinomialNB

    indicators = len(work.names)
    bayes = MultinomialNB()
    bayes.feature_log_prob_ = np.log(np.hstack([1 - work.shares, work.shares]))
    bayes.class_log_prior_ = np.log(work.priors)
    bayes.classes_ = np.arange(len(work.priors))
    bayes.n_features_in_ = 2 * indicators

    def score() -> Scored:
        hot = np.empty((len(work.matrix), 2 * indicators))
        hot[:, :indicators] = work.matrix == 0
        hot[:, indicators:] = work.matrix == 1
        posterior = bayes.predict_proba(hot)
        return posterior, posterior[:, 1:].argmax(1) + 1

    return score


def with_numba(work: Workload) -> Callable[[], Scored]:  # noqa: C901 (a loop as numba wants it)
    """A compiled loop over rows, with fast mathematics allowed."""
    import numpy as np

    # Typed or not, it is not everywhere.
    numba: Any = importlib.import_module("numba")
    present, absent, priors = work.weights("float32")
    tables = np.ascontiguousarray(np.stack([absent, present], 1))

    @numba.njit(fastmath=True, parallel=threads() > 1)  # type: ignore[untyped-decorator]
    def loop(matrix: Any, posterior: Any, first: Any) -> None:  # noqa: ANN401 (arrays)
        for row in numba.prange(len(matrix)):
            scores = priors.copy()
            for at in range(matrix.shape[1]):
                answer = matrix[row, at]
                if answer >= 0:
                    for cause in range(len(scores)):
                        scores[cause] += tables[at, answer, cause]
            best = 1
            for cause in range(2, len(scores)):
                if scores[cause] > scores[best]:
                    best = cause
            top, total = max(scores[0], scores[best]), np.float32(0)
            for cause in range(len(scores)):
                scores[cause] = math.exp(scores[cause] - top)
                total += scores[cause]
            for cause in range(len(scores)):
                posterior[row, cause] = scores[cause] / total
            first[row] = best

    def score() -> Scored:
        rows = len(work.matrix)
        posterior, first = np.empty((rows, len(priors)), np.float32), np.empty(rows, np.int64)
        loop(work.matrix, posterior, first)
        return posterior, first

    return score


def with_flagship(work: Workload) -> Callable[[], Scored]:
    """The knowledge base of morning back pain with its gates and groups: as many answers, and its flags besides."""
    import numpy as np
    import pyarrow as pa

    import aetia

    model = aetia.load("morning_back_pain")
    chance = random.Random(1)  # noqa: S311 (fixed cases, no secret)

    def contradicts(names: list[str]) -> bool:
        """Whether any of many random cases of these cannot be true."""
        cases = ({name: chance.random() < 0.5 for name in names} for _ in range(40))
        return any(model.assess(case, contradictions="drop").dropped for case in cases)

    booleans = [one.id for one in model.indicators if one.kind == "boolean"]
    chosen: list[str] = []
    for name in chance.sample(booleans, len(booleans)):
        if len(chosen) < len(work.names) and not contradicts([*chosen, name]):
            chosen.append(name)
    table = pa.table({name: np.ascontiguousarray(work.matrix[:, at]) for at, name in enumerate(chosen)})
    scorer = model.scorer(outputs=["posterior", "first", "flags"], threads=threads())
    assert len(chosen) == len(work.names)
    assert scorer(table.slice(0, 10_000)).errors == 0

    def score() -> Scored:
        return scorer(table), None

    return score


TOOLS = [
    Tool("aetia, float32 posterior", "aetia", with_aetia("float32")),
    Tool("aetia, float64 posterior", "aetia", with_aetia("float64")),
    Tool("numpy float32, chunks of 8192", "numpy", with_numpy("float32", 8192)),
    Tool("numpy float64, chunks of 8192", "numpy", with_numpy("float64", 8192)),
    Tool("numpy float64, all at once", "numpy", with_numpy("float64", None)),
    Tool("numba float32", "numba", with_numba),
    Tool("polars expressions, float32", "polars", with_polars),
    Tool("scikit-learn MultinomialNB, one-hot", "scikit-learn", with_sklearn),
]
FLAGSHIP = Tool("aetia, back pain: gates, groups, flags", "aetia", with_flagship)


def is_right(score: Callable[[], Scored], work: Workload) -> bool:
    """Whether the posteriors are the closed form's, and the first cause is the likeliest but for near ties."""
    import numpy as np

    expected, _ = with_numpy("float64", None)(work)()
    posterior, first = getattr(score, "read", score)()
    chosen = expected[np.arange(len(expected)), first]
    return bool(np.abs(posterior - expected).max() < 1e-4 and (expected[:, 1:].max(1) - chosen).max() < 1e-4)


def seconds(score: Callable[[], object]) -> float:
    """A round: of one thread its time on the processor, which others do not lengthen; of more the time on the wall."""
    clock = time.process_time if threads() == 1 else time.perf_counter
    start = clock()
    score()
    return clock() - start


def child(*arguments: str, count: int = 1) -> Any:  # noqa: ANN401 (what the child prints, as JSON)
    """This script in a new process, whose libraries are told how many threads there are before they are imported."""
    environment = {**os.environ, **dict.fromkeys(THREADS, str(count))}
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 (this file)
    return json.loads(done.stdout.splitlines()[-1])


def compared(rows: int, rounds: int) -> dict[str, Any]:
    """Nanoseconds a case of every tool, with its version, and what was left out."""
    small, work = Workload(2_000), Workload(rows)
    found: list[tuple[str, str, Callable[[], Scored]]] = []
    left_out = []
    for title, package, make in [*TOOLS, FLAGSHIP]:
        try:
            version = importlib.metadata.version(package)
            if make is not with_flagship and not is_right(make(small), small):
                message = f"{title} does not score as the closed form does"
                raise SystemExit(message)
            found.append((title, version, make(work)))
        except ImportError as error:
            left_out.append(f"{title} ({error.name} is not installed)")
    times: list[list[float]] = [[] for _ in found]
    for _, _, score in found:
        score()
    for _ in range(rounds):
        for at, (_, _, score) in enumerate(found):
            times[at].append(seconds(score) / rows * 1e9)
    return {
        "tools": [(title, version, time) for (title, version, _), time in zip(found, times, strict=True)],
        "out": left_out,
    }


def memory(rows: int) -> dict[str, float]:
    """What scoring takes beyond its input and its output at its peak, in MiB; the kernel counts."""
    import pyarrow as pa

    def kibibytes(name: str) -> int:
        status = Path("/proc/self/status").read_text("ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))

    work = Workload(1_000)
    scorer = work.model().scorer(outputs=["posterior", "first"], threads=threads())
    scorer(work.table())
    work = Workload(rows)
    table = work.table()
    # Memory that was used before and is kept would hide what is taken now.
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = kibibytes("VmRSS:")
    scores = scorer(table)
    peak = kibibytes("VmHWM:") - before
    output = pa.table(scores).nbytes
    return {"input": table.nbytes / 2**20, "output": output / 2**20, "beyond": peak / 2**10 - output / 2**20}


def table_of(count: int, rows: int, rounds: int) -> None:
    """The table of so many threads."""
    said = child("--child", "compare", "--rows", str(rows), "--rounds", str(rounds), count=count)
    for line in said["out"]:
        print(f"left out: {line}")
    medians = [statistics.median(times) for _, _, times in said["tools"]]
    word = "thread" if count == 1 else "threads"
    heading = f"{rows:,} cases, {count} {word}"
    names = f"{'least ns':>9} {'median ns':>10} {'x float32':>10} {'x float64':>10}"
    print(f"\n{heading:<40} {'version':>8} {names}")
    for (title, version, times), median in zip(said["tools"], medians, strict=True):
        if title == FLAGSHIP.title:
            print("-" * 92)
        print(
            f"{title:<40} {version:>8} {min(times):9.1f} {median:10.1f} {median / medians[0]:10.2f}"
            f" {median / medians[1]:10.2f}"
        )


# What grows, with the other two held.
GRID: dict[str, list[tuple[int, int, int]]] = {
    "cases": [(10**power, INDICATORS, CAUSES) for power in range(8)],
    "indicators": [(50_000, count, CAUSES) for count in (10, 25, 50, 100, 200, 400)],
    "causes": [(20_000, INDICATORS, count) for count in (2, 6, 16, 64, 128, 256, 512)],
}
GROWING = [tool for tool in TOOLS if tool.title != "numpy float64, all at once"]


def point(title: str, shape: tuple[int, int, int]) -> float | None:
    """Nanoseconds a case at one point of the grid: the median of up to nine rounds; none where a tool is not there."""
    rows, indicators, causes = shape
    (tool,) = (tool for tool in TOOLS if tool.title == title)
    try:
        score = tool.make(Workload(rows, indicators, causes))
    except ImportError:
        return None
    score()
    once = max(seconds(score), 1e-7)
    repeats = max(1, int(0.01 / once))
    rounds = 9 if once < 1 else 3

    def several() -> None:
        for _ in range(repeats):
            score()

    return statistics.median(seconds(several) / repeats / rows * 1e9 for _ in range(rounds))


def grown() -> dict[str, dict[str, list[float | None]]]:
    """The tables of growth, printed as they come."""
    curves: dict[str, dict[str, list[float | None]]] = {}
    for what, shapes in GRID.items():
        place = ("cases", "indicators", "causes").index(what)
        fixed = [f"{shapes[0][at]:,} {name}" for at, name in enumerate(GRID) if at != place]
        print(f"\nnanoseconds a case; {', '.join(fixed)}; one thread")
        print(f"{what:<36}" + "".join(f"{shape[place]:>12,}" for shape in shapes))
        curves[what] = {}
        for title, _, _ in GROWING:
            row: list[float | None] = []
            for shape in shapes:
                took = row[-1] * 1e-9 * shape[0] if row and row[-1] else 0.0
                is_given_up = bool(row) and (row[-1] is None or took > PATIENCE)
                row.append(None if is_given_up else child("--child", "point", title, *map(str, shape)))
            curves[what][title] = row
            print(
                f"{title:<36}" + "".join(f"{'-' if one is None else format(one, ',.1f'):>12}" for one in row),
                flush=True,
            )
    return curves


def picture(curves: dict[str, dict[str, list[float | None]]], path: Path) -> None:
    """The same as a picture, each axis logarithmic."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("left out: the picture (matplotlib is not installed)")
        return
    figure = Figure(figsize=(15, 5), layout="constrained")
    marks = "osv^DP*X"
    for place, (what, curve) in enumerate(curves.items()):
        axes = figure.add_subplot(1, 3, place + 1)
        for (title, row), mark in zip(curve.items(), marks, strict=False):
            axes.plot(
                [shape[place] for shape in GRID[what]], [one or math.nan for one in row], marker=mark, label=title
            )
        axes.set(xscale="log", yscale="log", xlabel=what, ylabel="nanoseconds a case")
        axes.grid(visible=True, alpha=0.3)
    figure.axes[0].legend(fontsize="small")
    figure.savefig(path)
    print(f"\nwrote {path}")


def main() -> int:
    """Reads the arguments; measures in child processes, and prints."""
    parser = argparse.ArgumentParser(description="Many cases from Python, beside other ways to score them.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many cases (default: 1,000,000)")
    parser.add_argument("--rounds", type=int, default=7, help="how many rounds (default: 7)")
    parser.add_argument("--growth", type=Path, metavar="FILE", help="measure growth instead, and draw it into FILE")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    said = parser.parse_args()
    match said.child:
        case ["compare"]:
            print(json.dumps(compared(said.rows, said.rounds)))
        case ["memory"]:
            print(json.dumps(memory(said.rows)))
        case ["point", title, rows, indicators, causes]:
            print(json.dumps(point(title, (int(rows), int(indicators), int(causes)))))
        case _:
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
            print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}")
            if said.growth:
                picture(grown(), said.growth)
                return 0
            for count in (1, 2):
                table_of(count, said.rows, said.rounds)
            if sys.platform == "linux":
                print("\nmemory of aetia, MiB, one thread: input, output, and what it takes beyond them at its peak")
                for rows in (said.rows // 10, said.rows, said.rows * 5):
                    found = child("--child", "memory", "--rows", str(rows))
                    print(f"{rows:>12,} {found['input']:8.1f} {found['output']:8.1f} {found['beyond']:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
