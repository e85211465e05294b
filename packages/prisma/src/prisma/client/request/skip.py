"""`skip` in the place of a value leaves out its key.

    await db.user.find_many(where={"role": role or skip, "name": {"contains": text or skip}})

Calls are not searched for `skip`, because that would cost each of them a little. What writes a request rejects `skip`
like every other value of a wrong type. Only then the client removes its keys, and writes the request again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast, final


@final
class Skip:
    """The class of `skip`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "prisma.skip"

    def __bool__(self) -> bool:
        raise TypeError("`skip` is neither true nor false; compare it by `is`.")


# Type checkers let it take the place of any value.
skip: Final[Any] = Skip()

ABSENT: Final[tuple[Any, ...]] = (None, skip)
"""The values of arguments that count as not given."""


def without_skipped(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return arguments without the keys that are skipped, at every depth; the same object if there are none.

    Elements of a list can't be skipped. Arguments that contain themselves are returned unchanged: they are rejected
    later.
    """
    try:
        return cast("Mapping[str, Any]", _kept(arguments)) if _holds_skip(arguments) else arguments
    except RecursionError:
        return arguments


def _holds_skip(value: object) -> bool:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).values()
        return any(item is skip or _holds_skip(item) for item in items)
    return isinstance(value, list | tuple) and any(map(_holds_skip, cast("Sequence[object]", value)))


def _kept(value: object) -> object:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value).items()
        return {key: _kept(item) for key, item in members if item is not skip}
    if isinstance(value, list | tuple):
        return [_kept(item) for item in cast("Sequence[object]", value)]
    return value
