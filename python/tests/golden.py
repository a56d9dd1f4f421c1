"""Golden cases as Python reads them: the same files the tests in Rust read.

As a program it prints the record of their results, which `make bless` writes: `python golden.py > results.sha256`.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aetia

if TYPE_CHECKING:
    from aetia._types import Link

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = "morning_back_pain"
LINKS: tuple[Link, ...] = ("exclusive", "independent")
KEYS = {"id", "title", "why", "setting", "findings", "first", "held", "leads", "raised", "scores", "source"}


@dataclass(frozen=True)
class Golden:
    """A case, what it should come to, and the file that says so."""

    file: str
    case: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name in `results.sha256`."""
        return f"{self.file}/{self.case['id']}"

    def model(self) -> aetia.Model:
        """The model it is about."""
        return model(self.file)

    def assess(self) -> aetia.Result:
        """What it comes to."""
        return self.model().assess(self.case["findings"], setting=self.case.get("setting"))

    def line(self) -> str:
        """Its line in `results.sha256`: its name, and the hash of its result in canonical JSON."""
        return f"{self.name} {hashlib.sha256(self.assess().to_json().encode()).hexdigest()}\n"


@cache
def model(file: str) -> aetia.Model:
    """The model of a golden file, compiled once."""
    if file == FLAGSHIP:
        return aetia.load(FLAGSHIP)
    path = ROOT / "tests/cases" / f"{file}.toml"
    beside = tomllib.loads(path.read_text("utf-8"))["knowledge_base"]
    return aetia.KnowledgeBase.from_file(path.parent / beside).compile()


def cases() -> list[Golden]:
    """Every golden case: those of small knowledge bases by file, then those of the flagship."""
    small = sorted((ROOT / "tests/cases").glob("*.toml"))
    files = [(path.stem, path) for path in small]
    files.append((FLAGSHIP, ROOT / "crates/aetia-kb/kb" / FLAGSHIP / "cases.toml"))
    return [Golden(name, case) for name, path in files for case in tomllib.loads(path.read_text("utf-8"))["cases"]]


if __name__ == "__main__":
    sys.stdout.writelines(golden.line() for golden in cases())
