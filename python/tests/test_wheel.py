"""What is installed is the package and nothing beside it."""

from __future__ import annotations

from importlib.metadata import Distribution, distribution
from pathlib import PurePosixPath

import pytest

# Where a wheel says what it is: names, licences, what it was made of.
ABOUT = {"METADATA", "RECORD", "WHEEL", "INSTALLER", "REQUESTED", "direct_url.json", "licenses", "sboms"}


@pytest.fixture(scope="module")
def installed() -> Distribution:
    """The installed package."""
    return distribution("aetia")


def files(installed: Distribution) -> list[PurePosixPath]:
    """Its files, byte code left out."""
    found = [PurePosixPath(file) for file in installed.files or []]
    return [file for file in found if "__pycache__" not in file.parts]


def test_it_holds_the_package_and_what_it_says_of_itself(installed: Distribution) -> None:
    for file in files(installed):
        home = file.parts[0]
        assert home == "aetia" or (home.endswith(".dist-info") and file.parts[1] in ABOUT), file
        if home == "aetia":
            assert file.suffix in {".py", ".pyi", ".so", ".pyd"} or file.name == "py.typed", file


def test_it_is_typed_and_built_once_for_all_versions(installed: Distribution) -> None:
    names = [str(file) for file in files(installed)]
    assert {"aetia/py.typed", "aetia/_aetia.pyi", "aetia/__init__.py"} <= set(names)
    modules = [name for name in names if name.endswith((".so", ".pyd"))]
    assert len(modules) == 1
    wheel = installed.read_text("WHEEL") or ""
    assert "cp311-abi3-" in wheel


def test_it_needs_no_other_package(installed: Distribution) -> None:
    assert [need for need in installed.requires or [] if "extra ==" not in need] == []


def test_both_licences_come_with_it(installed: Distribution) -> None:
    names = {file.name for file in files(installed)}
    assert {"LICENSE-MIT", "LICENSE-APACHE"} <= names
