"""Texts from files and dictionaries, on their way to a knowledge base."""

from __future__ import annotations

import json
from pathlib import Path
from sys import float_info
from typing import TYPE_CHECKING, Any

from ._aetia import Problem
from .errors import DocumentError, InvalidKnowledgeBase

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

# Far deeper than any document of the format, which its reader limits, and far from Python's own limit.
DEEPEST = 100


def read(path: str | os.PathLike[str]) -> tuple[str, str]:
    """The text of a file, and its form: `"toml"` or `"json"`."""
    path = Path(path)
    form = path.suffix.lower().removeprefix(".")
    if form not in {"toml", "json"}:
        help_text = "give the file a name that ends in .toml or .json, or pass its text to from_toml or from_json"
        raise _refused("file-form", f"`{path.name}` says neither TOML nor JSON", help_text)
    try:
        return path.read_bytes().decode("utf-8"), form
    except UnicodeDecodeError as error:
        message = f"`{path.name}` is no UTF-8: byte {error.start} is {error.object[error.start]:#04x}"
        raise _refused("file-encoding", message, "save the file as UTF-8") from None


def dumped(document: Any) -> str:  # noqa: ANN401 (whatever JSON can hold)
    """A document of dictionaries as JSON.

    Raises:
        InvalidKnowledgeBase: it holds numbers that JSON cannot: NaN, infinities, whole numbers beyond every float.
        DocumentError: it is nested too deep, perhaps in itself.
        TypeError: it holds what JSON cannot otherwise: keys that are no texts, or objects.
    """
    problems = list(_not_finite(document, ""))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InvalidKnowledgeBase("\n".join([count, *map(str, problems)]), problems)
    return json.dumps(document, allow_nan=False)


def _not_finite(value: Any, place: str, depth: int = 0) -> Iterator[Problem]:  # noqa: ANN401 (whatever JSON can hold)
    """What JSON has no number for, each with its place. On the way, keys and depth are looked at."""
    if depth > DEEPEST:
        raise _refused("too-deep", "tables and lists are nested too deep", "does the document hold itself?")
    if isinstance(value, dict):
        for key, inside in value.items():
            if not isinstance(key, str):
                message = f"keys of a document are texts; {key!r} in `{place}` is {type(key).__name__}"
                raise TypeError(message)
            yield from _not_finite(inside, f"{place}.{key}" if place else key, depth + 1)
    elif isinstance(value, (list, tuple)):
        for at, inside in enumerate(value):
            yield from _not_finite(inside, f"{place}[{at}]", depth + 1)
    elif isinstance(value, (int, float)) and not abs(value) <= float_info.max:
        # A long whole number cannot even be written.
        given = str(value) if isinstance(value, float) else "a whole number beyond every float"
        yield _problem("number-not-finite", f"{given} is no finite number", "leave out what is not known", place)


def _refused(code: str, message: str, help_text: str) -> DocumentError:
    problem = _problem(code, message, help_text)
    return DocumentError(str(problem), problem)


def _problem(code: str, message: str, help_text: str, place: str = "") -> Problem:
    where = f" {place}" if place else ""
    text = f"error[{code}]{where}: {message}\n  help: {help_text}"
    return Problem(code, "error", place, message, help_text, None, None, text)
