"""Fragments of SQL that can be composed: their values always travel as parameters.

where = sql("email = {email}", email=address)
rows = await db.query_raw(sql("SELECT * FROM users WHERE {} AND id IN ({})", where, join(ids)))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, cast

from prisma.dialects import dialect_of

if TYPE_CHECKING:
    from typing import LiteralString

_NUMBERED: Final = re.compile(r"\$\d")


@dataclass(frozen=True, slots=True)
class Sql:
    """SQL with values.

    `strings` are the pieces of text around the `values`: always one more. The values are no part of the repr.
    """

    strings: tuple[str, ...]
    values: tuple[Any, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The statement with `$1`, `$2`, … where the values belong."""
        return _numbered(self.strings)

    def with_values(self, *values: Any) -> Sql:
        """Return the same SQL with other values, for SQL that is made once and sent often.

        Raises:
            TypeError: there are more or fewer of them.
        """
        if len(values) != len(self.values):
            raise TypeError(f"The SQL takes {len(self.values)} values, and was given {len(values)}.")
        return Sql(self.strings, values)

    def __str__(self) -> str:
        return self.text


@lru_cache(512)
def _numbered(strings: tuple[str, ...]) -> str:
    first, *rest = strings
    return first + "".join(f"${number}{text}" for number, text in enumerate(rest, 1))


@lru_cache(512)
def _written(strings: tuple[str, ...], provider: str) -> str:
    placeholder = dialect_of(provider).placeholder
    first, *rest = strings
    return first + "".join(f"{placeholder(number)}{text}" for number, text in enumerate(rest, 1))


def sql(template: LiteralString | Any, /, *args: Any, **named: Any) -> Sql:
    """Return SQL with the next of `args` for each `{}`, and a named value for `{name}`.

    A value becomes a parameter, another fragment becomes part of the text. Braces that are meant as such are doubled.
    A template string of Python 3.14 (`sql(t"… {value}")`) does as well.

    Raises:
        TypeError: values are missing or left over.
        ValueError: the template numbers its parameters itself (`$1`), or formats a value (`{value:x}`).
    """
    if not isinstance(template, str):
        if args or named:
            raise TypeError("A template string brings its values along; pass nothing else to sql().")
        return _spliced(_of_template(template))
    return _spliced(_of_format(template, args, named))


def join(
    parts: Iterable[Any], separator: LiteralString = ", ", prefix: LiteralString = "", suffix: LiteralString = ""
) -> Sql:
    """Return fragments or values one after the other.

    Raises:
        ValueError: there are none; what `IN ()` should mean is for the caller to say.
    """
    pieces: list[tuple[str, Any]] = []
    for part in parts:
        pieces.append((separator if pieces else prefix, part))
    # An empty list would make invalid SQL, or match everything.
    if not pieces:
        raise ValueError("join() needs at least one part; use `empty` where there is nothing to add.")
    return _spliced([*pieces, (suffix, _NOTHING)])


def raw(text: str) -> Sql:
    """Return text as SQL without any change: never pass text from outside."""
    return Sql((text,))


empty: Final = Sql(("",))
"""No SQL at all."""

_NOTHING: Final = object()


def statement(query: str | Sql, args: Sequence[Any], provider: str) -> tuple[str, Sequence[Any]]:
    """Return the text and the values of a raw query, for the database of a provider.

    Raises:
        TypeError: there are values besides a fragment, which has its own.
    """
    if not isinstance(query, Sql):
        return query, args
    if args:
        raise TypeError("A query made by sql() brings its values along; pass none beside it.")
    return _written(query.strings, provider), query.values


def _of_format(template: str, args: Sequence[Any], named: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    position, used = 0, set[str]()
    for text, name, spec, conversion in Formatter().parse(template):
        if _NUMBERED.search(text):
            raise ValueError("sql() numbers parameters itself: write `{}` instead of `$1`.")
        if name is None:
            yield text, _NOTHING
            continue
        # A formatted value would be text, and could no longer be a parameter.
        if spec or conversion:
            raise ValueError(f"`{{{name}}}` can't be formatted: its value travels as it is.")
        if name:
            if name not in named:
                raise TypeError(f"sql() got no value for `{{{name}}}`.")
            used.add(name)
            yield text, named[name]
        else:
            if position == len(args):
                raise TypeError(f"sql() got {len(args)} values for more `{{}}`.")
            position += 1
            yield text, args[position - 1]
    if position < len(args) or len(used) < len(named):
        raise TypeError("sql() got values that its template does not name.")


def _of_template(template: Any) -> Iterator[tuple[str, Any]]:
    strings = cast("Sequence[str]", template.strings)
    for text, part in zip(strings, cast("Sequence[Any]", template.interpolations), strict=False):
        if part.conversion or part.format_spec:
            raise ValueError(f"`{{{part.expression}}}` can't be formatted: its value travels as it is.")
        yield text, part.value
    yield strings[-1], _NOTHING


def _spliced(pieces: Iterable[tuple[str, Any]]) -> Sql:
    """Return pieces of text, each followed by a value, a fragment, or nothing, as one fragment."""
    strings, values = [""], list[Any]()
    for text, value in pieces:
        strings[-1] += text
        if isinstance(value, Sql):
            # A fragment's text joins the text around it; its values keep their order.
            strings[-1] += value.strings[0]
            strings += value.strings[1:]
            values += value.values
        elif value is not _NOTHING:
            strings.append("")
            values.append(value)
    return Sql(tuple(strings), tuple(values))
