"""Texts from files and dictionaries, on their way to a knowledge base."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from sys import float_info
from typing import TYPE_CHECKING, Any

from ._aetia import Problem
from .errors import DocumentError, InvalidKnowledgeBase

if TYPE_CHECKING:
    import os

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
        TypeError: it holds what JSON cannot otherwise: keys that are no texts, or objects. The message says where.
    """
    problems: list[Problem] = []
    plain = _plain(document, "", problems)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InvalidKnowledgeBase("\n".join([count, *map(str, problems)]), problems)
    return json.dumps(plain, allow_nan=False)


def _plain(value: Any, place: str, problems: list[Problem], depth: int = 0) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    """The same of dictionaries, lists and plain values. Adds what JSON has no number for, each with its place."""
    if depth > DEEPEST:
        raise _refused("too-deep", "tables and lists are nested too deep", "does the document hold itself?")
    # A scalar of numpy, which is told by what it can do.
    if hasattr(value, "dtype") and hasattr(value, "item") and not getattr(value, "shape", ()):
        value = value.item()
    if isinstance(value, Mapping):
        return {
            _key(key, place): _plain(inside, f"{place}.{key}" if place else key, problems, depth + 1)
            for key, inside in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_plain(inside, f"{place}[{at}]", problems, depth + 1) for at, inside in enumerate(value)]
    if isinstance(value, (int, float)) and not abs(value) <= float_info.max:
        # A long whole number cannot even be written.
        given = str(value) if isinstance(value, float) else "a whole number beyond every float"
        problems.append(
            _problem("number-not-finite", f"{given} is no finite number", "leave out what is not known", place)
        )
    elif value is not None and not isinstance(value, (str, int, float)):
        message = f"{place or 'the document'}: an object of type {type(value).__name__} is no JSON"
        raise TypeError(message)
    return value


def _key(key: object, place: str) -> str:
    if isinstance(key, str):
        return key
    message = f"keys of a document are texts; {key!r} in `{place}` is {type(key).__name__}"
    raise TypeError(message)


def _refused(code: str, message: str, help_text: str) -> DocumentError:
    problem = _problem(code, message, help_text)
    return DocumentError(str(problem), problem)


def _problem(code: str, message: str, help_text: str, place: str = "") -> Problem:
    where = f" {place}" if place else ""
    text = f"error[{code}]{where}: {message}\n  help: {help_text}"
    return Problem(code, "error", place, message, help_text, None, None, text)
