"""Values that do not change once they are made."""

from __future__ import annotations

# `typing` would take most of the time of `import aetia`; checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, NoReturn


class Frozen:
    """What refuses to have its attributes set or deleted. Its maker sets them by way of `object`."""

    __slots__ = ()
    _called: ClassVar[str] = "this value"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuses: it does not change."""
        message = f"{self._called} cannot be changed: {name}"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> NoReturn:
        """Refuses: it does not change."""
        message = f"{self._called} cannot be changed: {name}"
        raise AttributeError(message)
