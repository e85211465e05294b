"""A base class for immutable values, like frozen dataclasses but faster to import.

A dataclass compiles the source of its methods when its module is imported, which takes half a millisecond for each
class. A plan alone has forty kinds of nodes, and a program that reads one record imports all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, dataclass_transform

__all__ = ("Frozen",)


@dataclass_transform(frozen_default=True, eq_default=True)
class _FrozenType(type):
    """Turns the annotations of a class into its slots."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> _FrozenType:
        inherited: tuple[str, ...] = getattr(bases[0], "__match_args__", ()) if bases else ()
        own = tuple(
            field for field, kind in namespace.get("__annotations__", {}).items() if not kind.startswith("ClassVar")
        )
        defaults = {field: namespace.pop(field) for field in own if field in namespace}
        made: Any = super().__new__(cls, name, bases, {**namespace, "__slots__": own})
        made.__match_args__ = (*inherited, *own)
        made._defaults = {**getattr(made, "_defaults", {}), **defaults}
        # The function of a slot sets it in spite of the __setattr__ below.
        made._setters = tuple(getattr(made, field).__set__ for field in made.__match_args__)
        return made


class Frozen(metaclass=_FrozenType):
    """Base of immutable values; equal to those of the same class with equal fields.

    Fields are declared as a dataclass's are; a default must be immutable itself. `_hidden` names the fields whose
    values are not shown.
    """

    _hidden: ClassVar[frozenset[str]] = frozenset()
    _defaults: ClassVar[Mapping[str, Any]]
    _setters: ClassVar[Sequence[Callable[[Any, Any], None]]]

    def __init__(self, *values: Any, **named: Any) -> None:
        if named or len(values) != len(self._setters):
            values = self._arranged(values, named)
        for set_field, value in zip(self._setters, values, strict=True):
            set_field(self, value)

    def _arranged(self, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        names = self.__match_args__
        given = {**dict(zip(names, values, strict=False)), **named}
        complete = {**self._defaults, **given}
        if len(values) > len(names) or len(given) != len(values) + len(named) or complete.keys() != set(names):
            got = ", ".join((f"{len(values)} values", *named))
            raise TypeError(f"{type(self).__name__} takes {', '.join(names) or 'nothing'}; it was given {got}.")
        return tuple([complete[name] for name in names])

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._values() == other._values()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        parts = (f"{name}={getattr(self, name)!r}" for name in self.__match_args__ if name not in self._hidden)
        return f"{type(self).__qualname__}({', '.join(parts)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} can't be changed: {name}.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} can't be changed: {name}.")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()

    def __replace__(self, /, **changes: Any) -> Any:
        """Return a copy with other fields; `copy.replace` of Python 3.13 calls it."""
        return type(self)(**{**dict(zip(self.__match_args__, self._values(), strict=True)), **changes})
