"""The finding of somebody who wanted to look and could not."""

from __future__ import annotations


class NotAssessable:
    """The type of `aetia.NOT_ASSESSABLE`: an indicator could not be looked at. There is one such value."""

    __slots__ = ()

    def __new__(cls) -> NotAssessable:  # noqa: PYI034 (there is one value, whoever asks)
        """Returns the one value there is."""
        return NOT_ASSESSABLE

    def __repr__(self) -> str:
        """The name by which it is written."""
        return "aetia.NOT_ASSESSABLE"

    def __reduce__(self) -> str:
        """Pickles it as the constant of this module."""
        return "NOT_ASSESSABLE"


NOT_ASSESSABLE: NotAssessable = object.__new__(NotAssessable)
