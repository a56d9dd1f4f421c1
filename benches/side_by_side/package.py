"""How large the package is, and how long its import takes, beside the bare interpreter's start.

With `--wheel` it also builds the wheel, in a temporary folder, for its size.
"""

from __future__ import annotations

import importlib.metadata
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 31


def milliseconds(code: str) -> float:
    """A fresh interpreter, start-up hooks of site packages included, from start to end: the median."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 (this interpreter, this text)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def wheel() -> int:
    """The size of the wheel in bytes, built anew."""
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", str(root), "--no-deps", "--quiet", "--wheel-dir", folder]
        subprocess.run(command, check=True)  # noqa: S603 (this interpreter, this repository)
        (made,) = Path(folder).glob("aetia-*.whl")
        return made.stat().st_size


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
    if "--wheel" in sys.argv[1:]:
        print(f"wheel: {wheel() / 1e6:.2f} MB")
    print(f"import aetia: {statistics.median(runs):.1f} ms, measured inside a started interpreter")
    bare, importing = milliseconds("pass"), milliseconds("import aetia")
    print(f"python -c pass: {bare:.1f} ms; python -c 'import aetia': {importing:.1f} ms")


if __name__ == "__main__":
    main()
