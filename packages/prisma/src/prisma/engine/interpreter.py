"""The interpreter: each node of a plan becomes a step, a generator function that yields effects and returns a value.

A plan is loaded once and run many times; steps hold nothing of a run. Everything happens in order, on one connection.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import Any, TypeAlias, cast, get_args

from prisma.dialects.dialect import Dialect
from prisma.engine import records
from prisma.engine.arguments import as_list, load_argument
from prisma.engine.datamap import Decoder, load_data_map, portion_of
from prisma.engine.effects import Begin, Commit, Decode, Effect, Rollback, RunExecute, RunInsert, RunQuery
from prisma.engine.large_answers import LargeAnswer
from prisma.engine.pagination import load_processing
from prisma.engine.plan_error import contradiction
from prisma.engine.rendering import Rendered, load_rendering
from prisma.engine.run import Run, Scope, lookup
from prisma.engine.validation import holds, load_check, violation
from prisma.faults import DriverFault
from prisma.plan import nodes

Flow: TypeAlias = Generator[Effect, Any, Any]
"""Yields effects, is sent their answers, returns a value."""

Step: TypeAlias = Callable[[Run, Scope], Flow]


def load(node: nodes.Node, dialect: Dialect) -> Step:
    """Return the step of a node."""
    return _LOADERS[type(node)](node, dialect)


def in_transaction(flow: Flow) -> Flow:
    """Run a flow inside a transaction, rolled back on any error; inside the caller's transaction if there is one."""
    opened = yield Begin()
    # Cancellation and keyboard interrupts end the transaction, too: hence BaseException.
    try:
        result = yield from flow
    except GeneratorExit:
        # A closed generator may not yield. Its caller gives the connection back, which rolls back.
        raise
    except BaseException:
        if opened:
            # The first error is the one to report.
            with suppress(DriverFault):
                yield Rollback()
        raise
    if opened:
        yield Commit()
    return result


def perform(effect: type[RunQuery | RunExecute], statements: Sequence[Rendered]) -> Flow:
    """Run statements in order, in a transaction if there are several; return their records, or the sum of their counts.

    A caller that has a transaction open loses nothing: a transaction inside another one is no more than that one.
    """
    # All rows or none, as with one statement.
    if len(statements) > 1:
        return in_transaction(_perform(effect, statements))
    return _perform(effect, statements)


def _perform(effect: type[RunQuery | RunExecute], statements: Sequence[Rendered]) -> Flow:
    found: list[records.Record] = []
    count = 0
    for sql, args in statements:
        # In order, each after the answer to the one before: a connection runs one statement at a time.
        answer = yield effect(sql, args)
        if effect is RunQuery:
            found.extend(records.from_rows(answer))
        else:
            count += answer
    return found if effect is RunQuery else count


def _pure(compute: Callable[[Run, Scope], Any]) -> Step:
    """Return the step of a node that has no effects."""

    def step(run: Run, scope: Scope) -> Flow:
        # Makes this a generator that yields nothing.
        yield from ()
        return compute(run, scope)

    return step


def then(expr: nodes.Node, dialect: Dialect, change: Callable[[Any], Any]) -> Step:
    """Return the step of a node that changes the value of another."""
    inner = load(expr, dialect)

    def step(run: Run, scope: Scope) -> Flow:
        return change((yield from inner(run, scope)))

    return step


def decoded(node: nodes.DataMap, dialect: Dialect, decode: Decoder) -> Step:
    """Return the step of a dataMap, which makes records of rows."""
    inner, portion = load(node.expr, dialect), portion_of(node.structure)

    def step(run: Run, scope: Scope) -> Flow:
        rows = yield from inner(run, scope)
        if isinstance(rows, list) and 0 < portion < len(cast("list[Any]", rows)):
            return (yield Decode(decode, cast("list[Any]", rows), portion))
        try:
            return decode(rows)
        except LargeAnswer:
            pass
        return (yield Decode(decode, rows, None))

    return step


def _value(node: nodes.ValueNode, dialect: Dialect) -> Step:
    return _pure(load_argument(node.value))


def _get(node: nodes.Get, dialect: Dialect) -> Step:
    return _pure(lambda run, scope: lookup(scope, node.name))


def _unit(node: nodes.Unit, dialect: Dialect) -> Step:
    return _pure(lambda run, scope: None)


def _get_first_non_empty(node: nodes.GetFirstNonEmpty, dialect: Dialect) -> Step:
    def compute(run: Run, scope: Scope) -> Any:
        found = [scope.get(name) for name in node.names]
        for value in found:
            if not records.is_empty(value):
                return value
        if [] in found:
            return []
        # The one record of an upsert: the plan found it, and another transaction deleted it before it was read.
        raise violation("MISSING_RECORD", {"operation": "an upsert"}, None)

    return _pure(compute)


def _seq(node: nodes.Seq, dialect: Dialect) -> Step:
    steps = tuple(load(inner, dialect) for inner in node.nodes)

    def step(run: Run, scope: Scope) -> Flow:
        # The result is the last one; the others run for their effects and checks.
        result = None
        for inner in steps:
            result = yield from inner(run, scope)
        return result

    return step


def _let(node: nodes.Let, dialect: Dialect) -> Step:
    bindings = tuple((name, load(expr, dialect)) for name, expr in node.bindings)
    body = load(node.expr, dialect)

    def step(run: Run, scope: Scope) -> Flow:
        # A copy, so that its names end with it. Bindings see those before them.
        inner = scope.copy()
        for name, expr in bindings:
            inner[name] = yield from expr(run, inner)
        return (yield from body(run, inner))

    return step


def _query(node: nodes.Query, dialect: Dialect) -> Step:
    rendering = load_rendering(node.statement, dialect)
    return lambda run, scope: perform(RunQuery, rendering(run, scope))


def _execute(node: nodes.Execute, dialect: Dialect) -> Step:
    rendering = load_rendering(node.statement, dialect)
    return lambda run, scope: perform(RunExecute, rendering(run, scope))


def _all(parts: tuple[nodes.Node, ...], dialect: Dialect, combine: Callable[[list[Any]], Any]) -> Step:
    steps = tuple(load(part, dialect) for part in parts)

    def step(run: Run, scope: Scope) -> Flow:
        results: list[Any] = []
        for inner in steps:
            results.append((yield from inner(run, scope)))
        return combine(results)

    return step


def _sum(node: nodes.Sum, dialect: Dialect) -> Step:
    return _all(node.nodes, dialect, sum)


def _concat(node: nodes.Concat, dialect: Dialect) -> Step:
    return _all(node.nodes, dialect, lambda parts: [item for part in parts for item in as_list(part)])


def _reverse(node: nodes.Reverse, dialect: Dialect) -> Step:
    return then(node.expr, dialect, lambda value: cast("list[Any]", value)[::-1] if isinstance(value, list) else value)


def _map_field(node: nodes.MapField, dialect: Dialect) -> Step:
    return then(node.records, dialect, lambda value: records.map_field(value, node.field))


def _join(node: nodes.Join, dialect: Dialect) -> Step:
    parent = load(node.parent, dialect)
    children = tuple((child, load(child.child, dialect)) for child in node.children)

    def step(run: Run, scope: Scope) -> Flow:
        value = yield from parent(run, scope)
        if value is None:
            # Without a parent there is no key to look for children by.
            return None
        # One child after the other: they share one connection.
        for child, child_step in children:
            found = yield from child_step(run, scope)
            records.attach(
                as_list(value),
                found,
                on=child.on,
                field=child.parent_field,
                single=child.is_relation_unique,
                strict=node.can_assume_strict_equality,
            )
        return value

    return step


def _transaction(node: nodes.Transaction, dialect: Dialect) -> Step:
    inner = load(node.expr, dialect)
    return lambda run, scope: in_transaction(inner(run, scope))


def _if(node: nodes.If, dialect: Dialect) -> Step:
    value, then, otherwise = load(node.value, dialect), load(node.then, dialect), load(node.otherwise, dialect)

    def step(run: Run, scope: Scope) -> Flow:
        chosen = then if holds(node.rule, (yield from value(run, scope))) else otherwise
        return (yield from chosen(run, scope))

    return step


def _diff(node: nodes.Diff, dialect: Dialect) -> Step:
    left, right = load(node.from_, dialect), load(node.to, dialect)

    def step(run: Run, scope: Scope) -> Flow:
        return records.difference((yield from left(run, scope)), (yield from right(run, scope)), node.fields)

    return step


def _process(node: nodes.Process, dialect: Dialect) -> Step:
    inner, process = load(node.expr, dialect), load_processing(node.operations)

    def step(run: Run, scope: Scope) -> Flow:
        return process((yield from inner(run, scope)), run, scope)

    return step


def _initialize_record(node: nodes.InitializeRecord, dialect: Dialect) -> Step:
    # Only databases without RETURNING have such plans.
    made = [name for name, value in node.fields if isinstance(value, nodes.LastInsertId)]
    given = [(name, load_argument(value)) for name, value in node.fields if not isinstance(value, nodes.LastInsertId)]
    inner = _insert(node.expr, dialect) if made else load(node.expr, dialect)

    def step(run: Run, scope: Scope) -> Flow:
        answer = yield from inner(run, scope)
        return {name: value(run, scope) for name, value in given} | dict.fromkeys(made, answer)

    return step


def _insert(node: nodes.Node, dialect: Dialect) -> Step:
    """Return the step of an INSERT whose answer is the id that the database made."""
    # The compiler picks the one row of an answer that has none.
    if isinstance(node, nodes.Unique):
        return _insert(node.expr, dialect)
    if not isinstance(node, nodes.Query | nodes.Execute):
        raise contradiction(f"the id of an inserted row is asked of a node of the kind {type(node).__name__}")
    rendering = load_rendering(node.statement, dialect)

    def step(run: Run, scope: Scope) -> Flow:
        [(sql, args)] = rendering(run, scope)
        return (yield RunInsert(sql, args))

    return step


def _map_record(node: nodes.MapRecord, dialect: Dialect) -> Step:
    inner = load(node.expr, dialect)
    fields = tuple((name, _OPERATIONS[entry.name], load_argument(entry.value)) for name, entry in node.fields)

    def step(run: Run, scope: Scope) -> Flow:
        # Records of the scope are shared between names: a change is made on a copy.
        record: records.Record = dict((yield from inner(run, scope)) or {})
        for name, operate, value in fields:
            record[name] = operate(record.get(name), value(run, scope))
        return record

    return step


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "set": lambda old, new: new,
    "add": lambda old, by: old + by,
    "subtract": lambda old, by: old - by,
    "multiply": lambda old, by: old * by,
    "divide": lambda old, by: old / by if by else None,
}

_LOADERS: dict[type[Any], Callable[[Any, Dialect], Step]] = {
    nodes.ValueNode: _value,
    nodes.Seq: _seq,
    nodes.Get: _get,
    nodes.Let: _let,
    nodes.GetFirstNonEmpty: _get_first_non_empty,
    nodes.Query: _query,
    nodes.Execute: _execute,
    nodes.Sum: _sum,
    nodes.Concat: _concat,
    nodes.Unique: lambda node, dialect: then(node.expr, dialect, records.unique),
    nodes.Required: lambda node, dialect: then(node.expr, dialect, records.required),
    nodes.Reverse: _reverse,
    nodes.MapField: _map_field,
    nodes.Join: _join,
    nodes.Transaction: _transaction,
    nodes.DataMap: lambda node, dialect: decoded(node, dialect, load_data_map(node, dialect)),
    nodes.Validate: lambda node, dialect: then(node.expr, dialect, load_check(node)),
    nodes.If: _if,
    nodes.Unit: _unit,
    nodes.Diff: _diff,
    nodes.Process: _process,
    nodes.InitializeRecord: _initialize_record,
    nodes.MapRecord: _map_record,
}

# Checked at import: a node that is missing here must not show first in the middle of a transaction.
if _unmatched := set(_LOADERS) ^ set(get_args(nodes.Node)):
    raise TypeError(f"Nodes without a step, or steps without a node: {_unmatched}")
