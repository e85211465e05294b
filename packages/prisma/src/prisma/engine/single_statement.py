"""Single statements: plans that are one statement, with a function for its arguments and one for its answer.

Most requests are such plans. They need no interpreter: their caller binds the values, runs the statement and calls
`finish`. `bind` is written as Python source, in a third of the time of nested functions:

    def bind_0(values, numbers, generators):
        now = generators.now()
        return (values[0], now, abs(numbers[0]), )
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from prisma.dialects.dialect import Dialect
from prisma.engine import records
from prisma.engine.arguments import FUNCTIONS, as_list, request_index
from prisma.engine.datamap import has_related, load_data_map, portion_of
from prisma.engine.generators import Generators
from prisma.engine.inlined_limits import InlinedLimits
from prisma.engine.record_form import RecordForm
from prisma.engine.rendering import fixed_sql, placeholders
from prisma.engine.source import Source
from prisma.engine.validation import load_check
from prisma.plan import nodes

Finish: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class SingleStatement:
    """A whole plan in one statement.

    Attributes:
        sql: the text of the statement.
        returns_rows: whether to run it as a query; otherwise its answer is the number of affected rows.
        bind: `(values, numbers, generators)` → the arguments.
        finish: rows or row count → the result; PlanError when a rule of the plan does not hold.
        by_limit: `(numbers)` → the statement to run in this one's place, None where there is no other.
        portion: how many rows `finish` takes in a moment, if it may be called with some of them after the others; 0 if
            it needs all at once, which are few.
        is_plain: whether there is neither of the two.
    """

    sql: str
    returns_rows: bool
    bind: Callable[[Sequence[Any], Sequence[int], Generators], tuple[Any, ...]]
    finish: Finish
    by_limit: Callable[[Sequence[int]], SingleStatement] | None = None
    portion: int = 0
    is_plain: bool = True


def _reversed(rows: Sequence[Any]) -> Sequence[Any]:
    return rows[::-1]


def load_single(node: nodes.Node, dialect: Dialect, form: RecordForm | None = None) -> SingleStatement | None:
    """Return the plan as a single statement, None if it is more than that; with a form its results are records."""
    finishing: list[Finish] = []
    made: dict[str, nodes.Value] = {}
    mapping = node if isinstance(node, nodes.DataMap) else None
    inner: nodes.Node = node if mapping is None else mapping.expr
    # Nodes around the statement become functions on its answer; any other node needs the interpreter.
    while not isinstance(inner, nodes.Query | nodes.Execute):
        unwrapped = _unwrap(inner, finishing, made)
        if unwrapped is None:
            return None
        inner = unwrapped
    sql = fixed_sql(inner.statement, dialect)
    if sql is None or not _is_bound(inner.statement, made):
        return None
    if mapping is not None:
        finishing.insert(0, load_data_map(mapping, dialect, form))
    elif form is not None:
        finishing.insert(0, form.parsed)
    # They were found from the outside to the inside, and are called the other way round.
    finish = _compose(finishing[::-1])
    portion = portion_of(mapping.structure) if mapping is not None and len(finishing) == 1 else 0
    is_query = isinstance(inner, nodes.Query)
    bind = _Binder(made).load(inner.statement)
    single = SingleStatement(sql, is_query, bind, finish, portion=portion, is_plain=not portion)
    # Only the planning of joins takes long enough to pay for more prepared statements; see `inlined_limits`.
    if mapping is None or not has_related(mapping.structure):
        return single

    def with_limit(statement: nodes.Statement) -> SingleStatement:
        limited = fixed_sql(statement, dialect) or "", True, _Binder(made).load(statement), finish
        return SingleStatement(*limited, portion=portion, is_plain=not portion)

    limits = InlinedLimits[SingleStatement].of(inner.statement, single, with_limit)
    return single if limits is None else replace(single, by_limit=limits.choose, is_plain=False)


def _unwrap(node: nodes.Node, finishing: list[Finish], made: dict[str, nodes.Value]) -> nodes.Node | None:
    """Take the outermost node off: note what it does to the answer, or which values it makes before."""
    match node:
        case nodes.Unique(expr=expr):
            finishing.append(records.unique)
        case nodes.Required(expr=expr):
            finishing.append(records.required)
        case nodes.Validate(expr=expr):
            finishing.append(load_check(node))
        case nodes.Process(expr=expr, operations=operations) if operations == nodes.REVERSAL:
            finishing.append(_reversed)
        case nodes.Let():
            # An update or delete, whose row is checked and returned; or values that are made before the statement.
            if validate := _validated_write(node):
                return validate
            expr = node.expr
            for name, value in node.bindings:
                # Another statement, whose rows this one needs.
                if not isinstance(value, nodes.ValueNode):
                    return None
                made[name] = value.value
        case _:
            return None
    return expr


def _validated_write(node: nodes.Let) -> nodes.Validate | None:
    """Return `validate(X)` for the form in which updates and deletes come.

    `let 0 = X in seq[let 0 = validate(get 0) in unit, get 0]`: bind the row, check it, return it.
    """
    match node:
        case nodes.Let(
            bindings=((name, written),),
            expr=nodes.Seq(
                nodes=(
                    nodes.Let(
                        bindings=((_, nodes.Validate(expr=nodes.Get(name=checked)) as check),), expr=nodes.Unit()
                    ),
                    nodes.Get(name=returned),
                )
            ),
        ) if name == checked == returned:
            return nodes.Validate(written, check.rules, check.error_identifier, check.context)
        case _:
            return None


def _is_bound(statement: nodes.Statement, made: dict[str, nodes.Value]) -> bool:
    """Say whether every argument is known before the statement runs."""

    def known(value: nodes.Value) -> bool:
        match value:
            case nodes.Param(name):
                return name in made or request_index(value) is not None
            case nodes.ListValue(items) | nodes.Generator(args=items):
                return all(known(item) for item in items)
            case _:
                return True

    return all(known(arg) for arg in statement.args)


def _compose(functions: Sequence[Finish]) -> Finish:
    match functions:
        # Written out for the usual numbers: a loop takes longer than the calls.
        case []:
            return lambda answer: answer
        case [only]:
            return only
        case [first, second]:
            return lambda answer: second(first(answer))
        case _:
            rest = _compose(functions[1:])
            return lambda answer: rest(functions[0](answer))


class _Binder:
    """Writes the function that makes a statement's arguments."""

    def __init__(self, made: dict[str, nodes.Value]) -> None:
        self._source = Source()
        self._made = made
        self._uses_now = False

    def load(self, statement: nodes.Statement) -> Callable[..., tuple[Any, ...]]:
        # Values made by a let are made once, in their order, however often they are used.
        made = [f"{self._local(name)} = {self._value(value)}" for name, value in self._made.items()]
        args = [self._filling(*pair) for pair in zip(placeholders(statement), statement.args, strict=True)]
        now = ["now = generators.now()"] if self._uses_now else []
        result = f"return ({''.join(f'{arg}, ' for arg in args)})"
        return self._source.compile(
            self._source.function("bind", ("values", "numbers", "generators"), *now, *made, result)
        )

    def _local(self, name: str) -> str:
        return f"made_{list(self._made).index(name)}"

    def _filling(self, fragment: nodes.Fragment, value: nodes.Value) -> str:
        written = self._value(value)
        if isinstance(fragment, nodes.Parameter):
            return written
        # A parameter for a list: one value counts as a list of one.
        return f"(w if (w := {written}).__class__ is list else {self._source.constant(as_list, 'as_list')}(w))"

    def _value(self, value: nodes.Value) -> str:
        match value:
            case nodes.Literal(content):
                return self._source.constant(content, "literal")
            case nodes.Param(name):
                index = request_index(value)
                return self._local(name) if index is None else f"values[{index}]"
            case nodes.Slot(index):
                return f"abs(numbers[{index}])"
            case nodes.ListValue(items):
                return f"[{', '.join(map(self._value, items))}]"
            case nodes.Generator(name, args):
                return self._generator(name, args)

    def _generator(self, name: str, args: Sequence[nodes.Value]) -> str:
        # One moment for all: it is computed once, and only if the plan needs it.
        if name == "now":
            self._uses_now = True
            return "now"
        written = ", ".join(map(self._value, args))
        if name in FUNCTIONS:
            return f"{self._source.constant(FUNCTIONS[name], name)}({written})"
        return f"generators.{name}({written})"
