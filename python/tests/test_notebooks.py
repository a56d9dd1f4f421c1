"""Every notebook runs from the repository root, in this interpreter, without an error that it does not announce."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jupytext
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

import aetia

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_client.blocking.client import BlockingKernelClient
    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.py"))
# The kernel finds the package that is tested, and draws into the notebook whatever the caller's backend is.
ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join([str(Path(aetia.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
# Seconds a cell may take. The slowest takes below two; the first also waits for the kernel.
TIMEOUT = 120
EXPECTS_AN_ERROR = "raises-exception"


class ThisInterpreter(KernelSpecManager):
    """The kernel is the interpreter that runs the tests, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernel of any name."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", env=ENVIRONMENT)


@contextmanager
def kernel() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A running kernel and its client, of which nothing stays: no process, thread, socket or context."""
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=ThisInterpreter())
    manager.start_kernel(cwd=str(ROOT))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        yield manager, client
    finally:
        # A notebook's client leaves a manager it was given alone, and a kernel's client its context to the collector.
        client.stop_channels()
        client.context.destroy(linger=0)
        manager.shutdown_kernel(now=True)


def executed(path: Path) -> NotebookNode:
    """A notebook with its outputs. Raises at the first cell that fails."""
    notebook: NotebookNode = jupytext.read(path)
    with kernel() as (manager, client):
        notebook_client = NotebookClient(notebook, km=manager, timeout=TIMEOUT)
        notebook_client.kc = client
        notebook_client.execute()
    return notebook


def texts(output: dict[str, Any]) -> list[str]:
    """All that an output says."""
    data = output.get("data", {})
    return [output.get("text", ""), *output.get("traceback", ()), *(str(value) for value in data.values())]


def test_there_are_notebooks() -> None:
    """A glob that finds nothing would let every other test here pass."""
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path: Path) -> None:
    """It runs to its end, shows something, and shows neither a traceback nor a warning."""
    notebook = executed(path)
    unmarked = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and EXPECTS_AN_ERROR not in cell.metadata.get("tags", ())
    ]
    said = [text for cell in unmarked for output in cell.outputs for text in texts(output)]
    assert said
    assert not [text for text in said if "Traceback (most recent call last)" in text]
    # A warning in a reader's first notebook is an error of ours.
    assert not [text for text in said if re.search(r"\b\w*Warning: ", text)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_assert_and_open(path: Path) -> None:
    """It asserts something in four cells, says what it is not, and opens as a notebook of any Python 3 kernel."""
    notebook = jupytext.read(path)
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    assert notebook.cells[0].cell_type == "markdown"
    assert "not a diagnosis" in notebook.cells[0].source
    assert sum("\nassert " in f"\n{cell.source}" for cell in notebook.cells if cell.cell_type == "code") >= 4
