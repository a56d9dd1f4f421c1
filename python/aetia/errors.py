"""What aetia refuses, and how it says so.

Every exception of the package is an `AetiaError`. A value of a wrong Python type stays a `TypeError`, and a file that
cannot be read stays an `OSError`.
"""

from __future__ import annotations

# `typing` would take most of the time of `import aetia`; checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._aetia import Problem

__all__ = [
    "AetiaError",
    "AlreadyAnswered",
    "AnswerMismatch",
    "ContradictoryFindings",
    "DocumentError",
    "InternalError",
    "InvalidKnowledgeBase",
    "UnknownName",
    "Unreadable",
]


class AetiaError(Exception):
    """The base of every exception of this package."""

    def __init__(self, message: str, *parts: object) -> None:
        """Takes the text a person reads, then the parts of it a program reads."""
        super().__init__(message, *parts)
        self.message = message

    def __str__(self) -> str:
        """The text a person reads."""
        return self.message


class DocumentError(AetiaError, ValueError):
    """A text that could not be read at all: no TOML or JSON, not UTF-8, or too large.

    Attributes:
        problem (Problem): the problem, with its code and help.
        place (str): the path of the value it is about; empty for the whole text.
        line (int | None): the line, from 1, or None.
        column (int | None): the column in characters, from 1, or None.
    """

    def __init__(self, message: str, problem: Problem) -> None:
        """Takes the text and the problem it tells."""
        super().__init__(message, problem)
        self.problem = problem
        self.place = problem.place
        self.line = problem.line
        self.column = problem.column


class InvalidKnowledgeBase(AetiaError, ValueError):
    """A text that was read and is no knowledge base. Everything that is wrong with it is in `problems`.

    Attributes:
        problems (tuple[Problem, ...]): every problem, warnings included, in the order of the text.
    """

    def __init__(self, message: str, problems: Iterable[Problem]) -> None:
        """Takes the text and the problems it tells."""
        self.problems = tuple(problems)
        super().__init__(message, self.problems)


class UnknownName(AetiaError, LookupError):
    """A name that is not known.

    Attributes:
        what (str): what was looked for: `"indicator"`, `"cause"`, `"setting"`, `"link"`, ...
        name (str): the name.
        suggestions (tuple[str, ...]): names that are known and may be meant.
    """

    def __init__(self, message: str, what: str, name: str, suggestions: Iterable[str]) -> None:
        """Takes the text and its parts."""
        self.what = what
        self.name = name
        self.suggestions = tuple(suggestions)
        super().__init__(message, what, name, self.suggestions)


class AnswerMismatch(AetiaError, ValueError):
    """An answer that its indicator cannot have.

    Attributes:
        indicator (str): the indicator's id.
        given (str): what was given, as text.
        expected (str): what would have been accepted.
    """

    def __init__(self, message: str, indicator: str, given: str, expected: str) -> None:
        """Takes the text and its parts."""
        self.indicator = indicator
        self.given = given
        self.expected = expected
        super().__init__(message, indicator, given, expected)


class AlreadyAnswered(AetiaError, ValueError):
    """A question of an interview that was asked before, or whose answer follows from others.

    Attributes:
        indicator (str): the indicator's id.
    """

    def __init__(self, message: str, indicator: str) -> None:
        """Takes the text and its parts."""
        self.indicator = indicator
        super().__init__(message, indicator)


class ContradictoryFindings(AetiaError, ValueError):
    """Findings that cannot all be true.

    Attributes:
        findings (tuple[tuple[str, str], ...]): the indicators concerned, each with its answer in words.
        reason (str): why they contradict each other, as the knowledge base says.
    """

    def __init__(self, message: str, findings: Iterable[tuple[str, str]], reason: str) -> None:
        """Takes the text and its parts."""
        self.findings = tuple((indicator, answer) for indicator, answer in findings)
        self.reason = reason
        super().__init__(message, self.findings, reason)


class Unreadable(AetiaError, ValueError):
    """A stored result, value or model that this version of the library cannot read."""


class InternalError(AetiaError, RuntimeError):
    """A bug of this library, with its version. Please report it."""
