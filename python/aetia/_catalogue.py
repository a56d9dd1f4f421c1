"""A tuple of named values that can also be asked by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex, TypeVar, overload

from ._frozen import Frozen
from ._words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


class Catalogue(Frozen, tuple[T, ...]):  # noqa: SLOT001 (a tuple has no room for slots, and this one has names)
    """A tuple of named values: counted and iterated like any tuple, and asked by name like a mapping.

    `model.causes[0]` is the first cause, `model.causes["fibromyalgia"]` the one of that id, and
    `"fibromyalgia" in model.causes` says whether there is one (a strict checker of types wants
    `in model.causes.names`). The values stand in the order of their names.
    """

    _called = "a catalogue"
    what: str
    names: tuple[str, ...]

    def __new__(cls, values: Iterable[T], what: str = "value", names: Iterable[str] = ()) -> Catalogue[T]:
        """Takes the values, what one is called, and the names in the order of the values.

        Values alone are enough, as for any tuple: `dataclasses.asdict` makes tuples anew from their values.
        """
        made = super().__new__(cls, values)
        object.__setattr__(made, "what", what)
        object.__setattr__(made, "names", tuple(names))
        return made

    @overload
    def __getitem__(self, key: str) -> T: ...
    @overload
    def __getitem__(self, key: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[T, ...]: ...
    def __getitem__(self, key: str | SupportsIndex | slice) -> T | tuple[T, ...]:
        """The value of a name, or at a position.

        Raises:
            UnknownName: there is none of this name.
        """
        if not isinstance(key, str):
            return super().__getitem__(key)
        try:
            return super().__getitem__(self.names.index(key))
        except ValueError:
            raise self._unknown(key) from None

    def __contains__(self, value: object) -> bool:
        """Whether there is such a value, or one of such a name."""
        return value in self.names if isinstance(value, str) else super().__contains__(value)

    def __repr__(self) -> str:
        """How many, and the names of the first; the values where they have no names."""
        if not self.names:
            return super().__repr__()
        few = 8
        names = ", ".join(self.names[:few])
        more = f", and {len(self) - few} more" if len(self) > few else ""
        return f"{counted(len(self), self.what)}: {names}{more}"

    def __reduce__(self) -> tuple[Callable[..., Catalogue[T]], tuple[tuple[T, ...], str, tuple[str, ...]]]:
        """Pickles as its parts."""
        return type(self), (tuple(self), self.what, self.names)

    def _unknown(self, name: str) -> LookupError:
        from ._aetia import suggest  # noqa: PLC0415 (only where something is wrong)
        from .errors import UnknownName  # noqa: PLC0415 (only where something is wrong)

        near = suggest(name, self.names)
        message = f"`{name}` is no {self.what} of this knowledge base"
        if near is None:
            return UnknownName(message, self.what, name, [])
        return UnknownName(f"{message}; did you mean `{near}`?", self.what, name, [near])
