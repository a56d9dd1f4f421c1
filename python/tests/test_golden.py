"""Every golden case comes to the same in Python as in Rust, to the byte.

`tests/cases/results.sha256` holds the hash of each case's canonical JSON. The test of Rust in `tests/parity.rs` checks
it too, and writes it: `make bless`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golden import FLAGSHIP, KEYS, Golden, cases

if TYPE_CHECKING:
    from pathlib import Path

    import aetia

CASES = cases()
FEWEST = 60


def is_held_down(model: aetia.Model, candidate: aetia.Candidate) -> bool:
    """Whether a gate is closed and takes something away."""
    gates = [gate for part in candidate.explanation for gate in part.gates]
    return bool(candidate.held_by) and any(model.gates[gate].kind == "requires" for gate in gates)


def recorded(root: Path) -> dict[str, str]:
    """The recorded hashes by the names of the cases."""
    lines = (root / "tests/cases/results.sha256").read_text("utf-8").splitlines()
    pairs = [line.split(" ") for line in lines]
    assert all(len(pair) == 2 for pair in pairs), "a line is a name, a space and a hash"
    return dict(pairs)


def test_there_are_golden_cases_of_every_file() -> None:
    """So that nothing below passes over an empty list."""
    assert len(CASES) >= FEWEST
    assert {case.file for case in CASES} >= {"counts", "gates", "rest", "table", "tiny", FLAGSHIP}
    assert len({case.name for case in CASES}) == len(CASES)
    assert sum(len(case.case.get("scores", {})) for case in CASES) >= FEWEST


@pytest.mark.parametrize("golden", CASES, ids=lambda golden: golden.name)
def test_a_golden_case_comes_to_what_is_written(golden: Golden) -> None:
    """First, leads, held, raised and exact scores."""
    case, model, result = golden.case, golden.model(), golden.assess()
    assert case.keys() <= KEYS, "a misspelt expectation must not pass unseen"
    assert result.first.cause == result.ranking[0].cause == case["first"]
    if "leads" in case:
        assert result.first.leads is case["leads"]
    held = {one.cause: [bar.gate for bar in one.held_by] for one in result.ranking if is_held_down(model, one)}
    expected = case.get("held", {})
    assert held.keys() == expected.keys()
    assert all(gate in held[cause] for cause, gate in expected.items())
    assert {flag.id for flag in result.flags if flag.state == "raised"} == set(case.get("raised", []))
    scores = {cause: result[cause].score.nanodecibans for cause in case.get("scores", {})}
    assert scores == case.get("scores", {})
    assert all(type(score) is int for score in scores.values())


@pytest.mark.parametrize("golden", CASES, ids=lambda golden: golden.name)
def test_the_canonical_json_is_the_one_recorded(golden: Golden, root: Path) -> None:
    """What Python writes of a case is what Rust writes of it."""
    assert golden.line() == f"{golden.name} {recorded(root)[golden.name]}\n"


def test_the_record_is_of_exactly_the_golden_cases(root: Path) -> None:
    """No case is without a hash, no hash without a case, in the order of the files."""
    assert list(recorded(root)) == [case.name for case in CASES]
