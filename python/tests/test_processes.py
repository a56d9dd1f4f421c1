"""Models and results between processes and threads."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

import joblib
import pytest

import aetia
from golden import FLAGSHIP, cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES = [golden.case["findings"] for golden in cases() if golden.file == FLAGSHIP]
THREADS = 8


def assessed(model: aetia.Model, findings: dict[str, Any]) -> tuple[int, aetia.Model, aetia.Result]:
    """What a worker comes to, and who it is."""
    return os.getpid(), model, model.assess(findings)


def is_not_assessable(value: object) -> bool:
    """Whether a worker has the very constant."""
    return value is aetia.NOT_ASSESSABLE


def parts(result: aetia.Result) -> list[object]:
    """Everything of a result that may be sent alone."""
    second = result.ranking[1]
    explanation = second.explanation
    bars = [bar for one in result for bar in one.held_by]
    return [result.compare(second.cause, result.first.cause), second, explanation, *explanation, *result.flags, *bars]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_models_and_results_go_both_ways(method: str, model: aetia.Model, result: aetia.Result) -> None:
    """However processes are started: what a worker comes to is what the caller would have come to."""
    with multiprocessing.get_context(method).Pool(2) as pool:
        found = pool.starmap(assessed, [(model, case) for case in CASES[:20]])
        bound = pool.map(model.assess, CASES[:5])
        sent = pool.apply(parts, (result,))
        is_constant = pool.apply(is_not_assessable, (aetia.NOT_ASSESSABLE,))
        with pytest.raises(aetia.UnknownName) as caught:
            pool.apply(assessed, (model, {"nightpain": True, "zebra": True}))
    assert os.getpid() not in {pid for pid, _, _ in found}
    assert all(one == model and one.hash == model.hash for _, one, _ in found)
    expected = [model.assess(case) for case in CASES[:20]]
    assert [one.to_json() for _, _, one in found] == [one.to_json() for one in expected]
    assert bound == expected[:5]
    assert sent == parts(result)
    assert is_constant
    assert (caught.value.name, caught.value.suggestions) == ("nightpain", ("night_pain",))
    assert len(caught.value.__notes__) == 1


def test_models_go_to_the_workers_of_joblib(model: aetia.Model) -> None:
    """As scikit-learn and others use them."""
    work = (joblib.delayed(assessed)(model, case) for case in CASES[:8])
    found = joblib.Parallel(n_jobs=2, backend="loky")(work)
    assert os.getpid() not in {pid for pid, _, _ in found}
    assert [one for _, _, one in found] == [model.assess(case) for case in CASES[:8]]


def test_threads_share_a_model(model: aetia.Model) -> None:
    """Each comes to the same, also where all of them are the first to ask."""
    expected = [model.assess(case).to_json() for case in CASES]
    fresh = aetia.load("morning_back_pain")
    shared = fresh.assess(CASES[8])
    barrier = threading.Barrier(THREADS)

    def work(number: int) -> tuple[list[str], bool, str, list[str]]:
        barrier.wait()
        names = fresh.indicators.names if number % 2 else fresh.causes.names
        order = range(len(CASES)) if number % 2 else reversed(range(len(CASES)))
        found = {at: fresh.assess(CASES[at]).to_json() for at in order}
        again = pickle.loads(pickle.dumps(fresh)) == fresh
        shown = [repr(candidate.explanation) for candidate in shared]
        return [found[at] for at in sorted(found)], bool(names) and again, shared.to_json(), shown

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(work, range(THREADS)))
    assert [one for one, *_ in found] == [expected] * THREADS
    assert all(is_same for _, is_same, *_ in found)
    assert {text for *_, text, _ in found} == {expected[8]}
    assert all(shown == found[0][-1] for *_, shown in found)


@cache
def big() -> str:
    """A knowledge base that takes its time to be checked."""
    causes, indicators = 20, 200
    said = {"uncited": "made up", "tag": "assumption"}
    return json.dumps(
        {
            "format_version": 1,
            "knowledge_base": {
                "id": "big",
                "version": "1",
                "title": "Big",
                "notice": "Made up.",
                "default_setting": "here",
            },
            "comparator": {"id": "other", "title": "Other"},
            "settings": {"here": {"title": "Here"}},
            "causes": {
                f"c{cause}": {"title": f"Cause {cause}", "prior": {"here": {"value": 0.02} | said}}
                for cause in range(causes)
            },
            "indicators": {f"i{at}": {"title": f"Indicator {at}", "kind": "boolean"} for at in range(indicators)},
            "evidence": [
                {"cause": f"c{cause}", "indicator": f"i{at}", "likelihood_ratio": {"present": 2, "absent": 0.5}} | said
                for cause in range(causes)
                for at in range(indicators)
            ],
        }
    )


@pytest.fixture
def ticks() -> Iterator[list[int]]:
    """A count that another thread keeps up whenever it is let.

    Nobody is interrupted meanwhile: a thread goes on until it lets go of the interpreter by itself. So the count moves
    during a call exactly where the call lets go, however busy the machine is.
    """
    interval = sys.getswitchinterval()
    count, is_done = [0], threading.Event()

    def tick() -> None:
        while not is_done.is_set():
            count[0] += 1
            time.sleep(0)

    thread = threading.Thread(target=tick, daemon=True)
    sys.setswitchinterval(1000)
    try:
        thread.start()
        yield count
    finally:
        is_done.set()
        sys.setswitchinterval(interval)
        thread.join()


def moves(ticks: list[int], call: Callable[[], object], tries: int) -> bool:
    """Whether the count ever moves during a call."""
    for _ in range(tries):
        before = ticks[0]
        call()
        if ticks[0] > before:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("name", ["from_json", "from_toml", "compile", "load"])
def test_others_go_on_while_a_knowledge_base_is_made(name: str, ticks: list[int]) -> None:
    """Reading, checking and compiling hold up no other thread."""
    kb = aetia.KnowledgeBase.from_json(big())
    toml = kb.to_toml()
    calls: dict[str, Callable[[], object]] = {
        "from_json": lambda: aetia.KnowledgeBase.from_json(big()),
        "from_toml": lambda: aetia.KnowledgeBase.from_toml(toml),
        "compile": kb.compile,
        "load": lambda: aetia.load("morning_back_pain"),
    }
    assert moves(ticks, calls[name], tries=200)


def test_the_count_stands_still_in_a_call_that_holds_the_interpreter(ticks: list[int]) -> None:
    """So that the test above could fail."""
    time.sleep(0.01)
    assert ticks[0] > 0
    assert not moves(ticks, lambda: sorted(range(100_000), key=lambda number: -number), tries=3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_fork_after_threads_does_not_hang() -> None:
    """A child has none of its parent's threads; a pool that it took over would keep it waiting for ever.

    Forked once while nobody is at work, and again and again while another thread is, who may hold a lock just then.
    """
    code = """
        import os, signal, threading
        import aetia, pyarrow
        model = aetia.load("morning_back_pain")
        cases = {"night_pain": bytearray(number % 2 for number in range(150_000))}
        def scored():
            return pyarrow.table(model.score(cases, threads=2))
        expected = scored()
        def forked():
            child = os.fork()
            if child == 0:
                signal.alarm(60)
                os._exit(0 if scored().equals(expected) else 1)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        codes = [forked()]
        is_done = threading.Event()
        def work():
            while not is_done.is_set():
                scored()
        thread = threading.Thread(target=work)
        thread.start()
        while len(codes) < 6 and not any(codes):
            codes.append(forked())
        is_done.set()
        thread.join()
        assert scored().equals(expected)
        print(codes)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603 (ours)
    assert done.stdout.strip() == str([0] * 6), done.stderr
