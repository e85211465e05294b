"""Rendering: statements of a plan become SQL text and arguments.

Nearly every statement has a fixed text, which is written once. Only lists that could not become arrays (the link rows
of a many-to-many relation) have one text for each length; see `value_lists` for databases without arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from prisma.dialects.dialect import Dialect
from prisma.engine.arguments import Argument, as_list, load_argument, request_index
from prisma.engine.conversions import unique_items
from prisma.engine.plan_error import PlanError, contradiction
from prisma.engine.run import Run, Scope
from prisma.engine.value_lists import JsonList, as_json, fitted
from prisma.plan import nodes

Rendered: TypeAlias = tuple[str, tuple[Any, ...]]
"""SQL text and its arguments."""

Rendering: TypeAlias = Callable[[Run, Scope], list[Rendered]]
"""Makes the statements of one run: one, unless a list is too long for a single statement."""


def fixed_sql(statement: nodes.Statement, dialect: Dialect) -> str | None:
    """Return the statement's text, None if it depends on the length of a list.

    Raises:
        PlanError: it has more parameters than the database takes (P2029).
    """
    parts: list[str] = []
    number = 0
    for fragment in statement.fragments:
        match fragment:
            case nodes.Text(chunk):
                parts.append(chunk)
            case nodes.Parameter():
                parts.append(dialect.placeholder(number := number + 1))
            case nodes.ArrayParameter(template):
                parts.append(template.replace("{}", dialect.placeholder(number := number + 1)))
            case _:
                return None
    if number > dialect.bind_limit:
        raise _too_many(number, dialect)
    return "".join(parts)


def placeholders(statement: nodes.Statement) -> tuple[nodes.Fragment, ...]:
    """Return for each argument the fragment that it fills; ready-made SQL holds its own placeholders."""
    found = tuple(fragment for fragment in statement.fragments if not isinstance(fragment, nodes.Text))
    # Without any, the arguments are those of the text's own `$1`, `$2`, ….
    return found or (nodes.Parameter(),) * len(statement.args)


def load_rendering(statement: nodes.Statement, dialect: Dialect) -> Rendering:
    """Return the function that makes SQL and arguments."""
    arguments = tuple(map(_load_filling, placeholders(statement), statement.args))
    sql = fixed_sql(statement, dialect)
    # Written once when the plan is loaded: each run only computes the arguments.
    if sql is not None:
        return lambda run, scope: [(sql, tuple([argument(run, scope) for argument in arguments]))]
    return lambda run, scope: _render(statement, [argument(run, scope) for argument in arguments], dialect)


def _load_filling(fragment: nodes.Fragment, value: nodes.Value) -> Argument:
    argument = load_argument(value)
    if isinstance(fragment, nodes.Parameter):
        return argument
    if isinstance(value, nodes.Param) and request_index(value) is None:
        # Keys collected from rows come with repetitions.
        return lambda run, scope: unique_items(as_list(argument(run, scope)))
    return lambda run, scope: as_list(argument(run, scope))


def _render(statement: nodes.Statement, values: Sequence[Any], dialect: Dialect) -> list[Rendered]:
    if dialect.json_list is not None:
        in_few_texts = _with_lists(statement, values, fitted)
        if _count(statement, in_few_texts) <= dialect.bind_limit:
            return [_write(statement, in_few_texts, dialect)]
        values = _with_lists(statement, values, as_json)
    count = _count(statement, values)
    if count <= dialect.bind_limit:
        return [_write(statement, values, dialect)]
    rows = _only_row_list(statement)
    # Parts of a filter do not add up to the whole: NOT IN, ORDER BY and LIMIT would give other rows.
    if rows is None or not statement.chunkable:
        raise _too_many(count, dialect)
    # Each part has the other arguments, too, so there is less room for rows.
    others = count - _parameter_count(placeholders(statement)[rows], values[rows])
    step = (dialect.bind_limit - others) // len(values[rows][0])
    return [
        _write(statement, [*values[:rows], values[rows][start : start + step], *values[rows + 1 :]], dialect)
        for start in range(0, len(values[rows]), step)
    ]


def _too_many(count: int, dialect: Dialect) -> PlanError:
    return PlanError(
        "P2029",
        f"Query parameter limit exceeded: this operation needs {count} parameters in one statement and "
        f"{dialect.name} takes {dialect.bind_limit}. Split its lists.",
        {"message": f"{count} parameters, at most {dialect.bind_limit}"},
    )


def _filled(statement: nodes.Statement, values: Sequence[Any]) -> list[tuple[nodes.Fragment, Any]]:
    return list(zip(placeholders(statement), values, strict=True))


def _with_lists(
    statement: nodes.Statement, values: Sequence[Any], fit: Callable[[Sequence[Any]], Sequence[Any] | JsonList]
) -> list[Any]:
    """Return the values with the lists in another form, where nothing is written around their elements."""
    return [fit(value) if _is_plain(fragment) else value for fragment, value in _filled(statement, values)]


def _is_plain(fragment: nodes.Fragment) -> bool:
    return isinstance(fragment, nodes.ParameterTuple) and not (fragment.item_prefix or fragment.item_suffix)


def _count(statement: nodes.Statement, values: Sequence[Any]) -> int:
    return sum(_parameter_count(fragment, value) for fragment, value in _filled(statement, values))


def _parameter_count(fragment: nodes.Fragment, value: Any) -> int:
    match fragment:
        case nodes.ParameterTupleList():
            return sum(len(row) for row in value)
        case nodes.ParameterTuple():
            return 1 if isinstance(value, JsonList) else len(value)
        case _:
            return 1


def _only_row_list(statement: nodes.Statement) -> int | None:
    """Return the place of the one list of rows: rows can be inserted by several statements, filters can't be split."""
    found = [i for i, item in enumerate(placeholders(statement)) if isinstance(item, nodes.ParameterTupleList)]
    return found[0] if len(found) == 1 else None


@dataclass(slots=True)
class _Writer:
    dialect: Dialect
    args: list[Any]

    def placeholder(self, value: Any) -> str:
        self.args.append(value)
        return self.dialect.placeholder(len(self.args))

    def row(self, fragment: nodes.ParameterTupleList, row: Sequence[Any]) -> str:
        inner = fragment.item_separator.join([self.placeholder(value) for value in row])
        return f"{fragment.item_prefix}{inner}{fragment.item_suffix}"

    def fill(self, fragment: nodes.Fragment, value: Any) -> str:
        match fragment:
            case nodes.ParameterTuple() if isinstance(value, JsonList):
                return (self.dialect.json_list or "{}").replace("{}", self.placeholder(value.text))
            case nodes.ParameterTuple(prefix, separator, suffix):
                items = [f"{prefix}{self.placeholder(item)}{suffix}" for item in value]
                return f"({separator.join(items)})" if items else self.dialect.empty_list
            case nodes.ParameterTupleList():
                if not value:
                    raise contradiction("a list of rows is empty")
                return fragment.group_separator.join([self.row(fragment, row) for row in value])
            case nodes.ArrayParameter(template):
                return template.replace("{}", self.placeholder(value))
            case _:
                return self.placeholder(value)


def _write(statement: nodes.Statement, values: Sequence[Any], dialect: Dialect) -> Rendered:
    writer = _Writer(dialect, [])
    remaining = iter(values)
    parts = [
        fragment.chunk if isinstance(fragment, nodes.Text) else writer.fill(fragment, next(remaining))
        for fragment in statement.fragments
    ]
    return "".join(parts), tuple(writer.args)
