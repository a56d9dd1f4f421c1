"""How large the installed package is, and how long its import takes, beside the bare interpreter's start."""

from __future__ import annotations

import importlib.metadata
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 31


def milliseconds(code: str) -> float:
    """A fresh interpreter without site packages' start-up hooks, from start to end: the median of the rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 (this interpreter, this text)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def main() -> None:
    """Prints size, dependencies and import time."""
    package = importlib.metadata.distribution("aetia")
    files = [file for file in package.files or [] if "__pycache__" not in file.parts]
    size = sum(Path(file.locate()).stat().st_size for file in files)
    required = [need for need in package.requires or [] if "extra ==" not in need]
    inside = "import time; start = time.perf_counter(); import aetia; print((time.perf_counter() - start) * 1e3)"
    runs = [
        float(subprocess.run([sys.executable, "-c", inside], check=True, capture_output=True, text=True).stdout)  # noqa: S603
        for _ in range(ROUNDS)
    ]
    print(f"installed: {size / 1e6:.2f} MB in {len(files)} files; packages required: {len(required)}")
    print(f"import aetia: {statistics.median(runs):.1f} ms, measured inside a started interpreter")
    bare, importing = milliseconds("pass"), milliseconds("import aetia")
    print(f"python -c pass: {bare:.1f} ms; python -c 'import aetia': {importing:.1f} ms")


if __name__ == "__main__":
    main()
