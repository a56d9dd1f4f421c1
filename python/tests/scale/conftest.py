"""What the tests of engines share: cases in files, and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scale.cases import ARGUMENTS, FEW, local, write

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of cases."""
    folder = tmp_path_factory.mktemp("cases")
    write(folder)
    return folder


@pytest.fixture(scope="session")
def everything(files: Path) -> pa.Table:
    """All results of these cases, computed in one call."""
    return local(files, ARGUMENTS)


@pytest.fixture(scope="session")
def few(files: Path) -> pa.Table:
    """Some of the results."""
    return local(files, FEW)
