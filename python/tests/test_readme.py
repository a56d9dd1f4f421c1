"""The Python of the README runs, and says what stands around it."""

from __future__ import annotations

import re
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_readme_shows_python() -> None:
    assert BLOCKS


# What is printed under one block after the other.
PRINTED = [
    ["this is not a diagnosis", "held by Night pain; ask about Night pain"],
    ["shape: (3, 9)", "myofascial_"],
]


@pytest.mark.parametrize(("block", "expected"), list(zip(BLOCKS, PRINTED, strict=True)))
def test_the_python_of_the_readme_runs(block: str, expected: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)  # noqa: S102 (that is the test)
    printed = capsys.readouterr().out
    assert all(text in printed for text in expected)


@pytest.mark.parametrize("picture", ["ranking", "waterfall"])
def test_the_pictures_of_the_readme_show_what_is_so(picture: str) -> None:
    """Each holds what it showed when it was drawn; `make pictures` draws them anew."""
    path = f"docs/images/{picture}.png"
    assert path in (ROOT / "README.md").read_text("utf-8")
    with Image.open(ROOT / path) as image:
        assert image.info["Description"] == run_path(str(ROOT / "examples/pictures.py"))["texts"]()[picture]
