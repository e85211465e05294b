"""Skipping: `skip` in the place of a value means that its key is not there.

    await db.user.find_many(where={"role": role or skip, "name": {"contains": text or skip}})

The search for `skip` costs every call a little, so the client searches only after the program has first asked for
`skip`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, final

T = TypeVar("T")


@final
class Skip:
    """The class of `skip`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "prisma.skip"

    def __bool__(self) -> bool:
        raise TypeError("`skip` is neither true nor false; compare it by `is`.")


_SKIP: Final = Skip()
in_use = False

if TYPE_CHECKING:
    # It may stand where any value may.
    skip: Any = ...


def __getattr__(name: str) -> Any:
    global in_use
    if name != "skip":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    in_use = True
    return _SKIP


def kept(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return arguments without the keys that are skipped, at every depth. The elements of a list can't be.

    Arguments without an end are returned as they are, for `misfits` to refuse.
    """
    try:
        return cast("Mapping[str, Any]", _kept(arguments)) if _holds_skip(arguments) else arguments
    except RecursionError:
        return arguments


def _holds_skip(value: object) -> bool:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).values()
        return any(item is _SKIP or _holds_skip(item) for item in items)
    return isinstance(value, list | tuple) and any(map(_holds_skip, cast("Sequence[object]", value)))


def _kept(value: object) -> object:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value).items()
        return {key: _kept(item) for key, item in members if item is not _SKIP}
    if isinstance(value, list | tuple):
        return [_kept(item) for item in cast("Sequence[object]", value)]
    return value
