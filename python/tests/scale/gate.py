"""A gate before tasks that other processes run: some go through, and the rest wait until it is opened."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def gate(folder: Path, free: int) -> Callable[[], None]:
    """What a task calls to go through: so many do so at once, and whoever tries again is another.

    It is not a function of this module, which the other processes cannot import: engines send it as it is.
    """

    def go_through() -> None:
        for ticket in range(free):
            try:
                (folder / str(ticket)).touch(exist_ok=False)
            except FileExistsError:
                continue
            return
        while not (folder / "open").exists():
            time.sleep(0.02)

    return go_through


def open_gate(folder: Path) -> None:
    """Lets everyone through from now on."""
    (folder / "open").touch()
