"""Paths: the place of a value in a call's arguments, in the words that the caller wrote.

The compiler names places by its own words, without the positions inside lists. A path here has the keys and positions
of the program: `("data", "projects", "create", 1, "name")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from prisma.client.request.names import engine_names, python_name
from prisma.frozen import Frozen
from prisma.schema.metadata import Field, Model, Schema

Step: TypeAlias = str | int
Culprit: TypeAlias = Callable[[Any], bool]
"""Says whether a value, or MISSING, is what the compiler objects to; chooses among the elements of a list."""

# Words that a request has around a value, and the arguments do not need.
_UNWRITTEN: Final = frozenset({"set", "equals"})

MISSING: Final = object()
"""Stands for the value of a key that is not there."""


class Place(Frozen):
    """A place in the arguments.

    Attributes:
        path: the keys and positions that lead there.
        parent: the mapping or list that holds the last key; None where the arguments do not reach.
        value: the value there; MISSING if there is none.
        owner: the model whose fields are valid in place of the last key; None inside a field's filter or operation.
        field: the last field of a model on the way.
    """

    path: tuple[Step, ...]
    parent: Any
    value: Any
    owner: Model | None
    field: Field | None

    def __str__(self) -> str:
        return dotted(self.path)


def dotted(path: Sequence[Step]) -> str:
    """Return a path as a text: `data.projects.create[1].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def place_of(
    schema: Schema,
    model: str,
    arguments: Mapping[str, Any],
    selection: Sequence[str],
    argument: Sequence[str],
    culprit: Culprit,
) -> Place:
    """Return where the compiler points.

    `selection` are the selected fields that lead to the object whose `argument` path is meant, without the operation's
    own name.
    """
    walk = _Walk(schema.models.get(model), schema, arguments, culprit)
    for name in selection:
        walk.select(name)
    for position, word in enumerate(argument):
        walk.step(word, argument[position + 1 :], names_field=position > 0)
    return walk.place()


def find(arguments: Mapping[str, Any], is_it: Callable[[Step, Any], bool]) -> tuple[Step, ...] | None:
    """Return the path of the first key and value that `is_it` accepts; None if there is none."""
    return next((path for path, value in places(arguments) if is_it(path[-1], value)), None)


def places(value: Any) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Yield everything that arguments hold, at any depth, with its path.

    The inside of an object with several places, or one that contains itself, comes once. Nothing is looked for
    deeper than any request reaches.
    """
    seen = {id(value)}
    ways: list[tuple[tuple[Step, ...], Iterator[tuple[Step, Any]]]] = [((), _inside(value))]
    while ways:
        base, inside = ways[-1]
        step, item = next(inside, _END)
        if item is MISSING:
            ways.pop()
            continue
        path = (*base, step)
        yield path, item
        # A loop with a stack: arguments may be nested deeper than Python's own stack.
        is_holder = isinstance(item, Mapping | list | tuple) and len(path) < _DEEPEST
        if is_holder and id(cast("object", item)) not in seen:
            seen.add(id(cast("object", item)))
            ways.append((path, _inside(item)))


_END: Final = (0, MISSING)
_DEEPEST: Final = 500


def _inside(value: Any) -> Iterator[tuple[Step, Any]]:
    if isinstance(value, Mapping):
        return iter(cast("Mapping[str, Any]", value).items())
    return enumerate(cast("Sequence[Any]", value)) if isinstance(value, list | tuple) else iter(())


class _Walk:
    def __init__(self, model: Model | None, schema: Schema, arguments: Mapping[str, Any], culprit: Culprit) -> None:
        self._schema = schema
        self._model = model
        self._culprit = culprit
        self._owner: Model | None = None
        self._field: Field | None = None
        self._path: list[Step] = []
        self._parent: Any = None
        self._value: Any = arguments

    def place(self) -> Place:
        return Place(tuple(self._path), self._parent, self._value, self._owner, self._field)

    def select(self, name: str) -> None:
        """Go into a selected field: under `include`, `select` or `omit`, or what an aggregate has."""
        members = _mapping(self._value)
        for key in ("include", "select", "omit"):
            chosen = _mapping(members.get(key))
            if name in chosen:
                self._path += [key, name]
                self._parent, self._value = chosen, chosen[name]
                self._enter(name, names_field=True)
                return
        self.step(name, (), names_field=False)

    def step(self, word: str, rest: Sequence[str], *, names_field: bool) -> None:
        """Go to what a word of the protocol names; `rest` is the way from there."""
        value = self._value
        is_scalar = self._field is not None and self._field.kind != "relation"
        # The compiler's path has a step here that the arguments do not have.
        if word in _UNWRITTEN and is_scalar and not isinstance(value, Mapping):
            return
        if isinstance(value, list | tuple):
            self._choose(cast("Sequence[Any]", value), (word, *rest))
        members = _mapping(self._value)
        key = _key(members, word)
        branches = _mapping(members.get("data"))
        beside = word in ("create", "update") or _key(branches, word) is not None
        if key is None and not self._path and branches and beside:
            # An upsert's branches are inside `data`, and so are keys that are taken for one.
            self._path.append("data")
            members, key = branches, _key(branches, word)
        self._path.append(python_name(word) if key is None else key)
        self._parent = members
        self._value = MISSING if key is None else members[key]
        self._enter(word, names_field=names_field)

    def _choose(self, items: Sequence[Any], path: Sequence[str]) -> None:
        """Go into the first element that holds what the compiler objects to."""
        position = next(
            (
                position
                # Of some values the type can't be told; then it is one that is there at all.
                for is_guilty in (self._culprit, _is_there)
                for position, item in enumerate(items)
                if any(map(is_guilty, _leaves(item, path)))
            ),
            0,
        )
        self._path.append(position)
        self._parent, self._value = items, items[position] if items else MISSING

    def _enter(self, word: str, *, names_field: bool) -> None:
        self._owner = self._model
        field = self._model.fields.get(word) if self._model is not None and names_field else None
        if field is not None:
            self._field = field
            self._model = self._schema.models.get(field.type) if field.kind == "relation" else None


def _is_there(value: Any) -> bool:
    return value is not MISSING


def _leaves(item: Any, path: Sequence[str]) -> Iterator[Any]:
    """Yield what the path leads to, MISSING where it breaks off; several values where lists are on the way."""
    if isinstance(item, list | tuple):
        for each in cast("Sequence[Any]", item):
            yield from _leaves(each, path)
    elif not path:
        yield item
    else:
        members = _mapping(item)
        key = _key(members, path[0])
        if key is None:
            yield MISSING
        else:
            yield from _leaves(members[key], path[1:])


def _key(members: Mapping[str, Any], word: str) -> str | None:
    """Return the key by which a mapping holds a word of the protocol."""
    if word in members:
        return word
    return next((key for key in members if word in engine_names(key)), None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
