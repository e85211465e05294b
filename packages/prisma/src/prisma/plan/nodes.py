"""Nodes: the plans of the query compiler as frozen data without behaviour.

The names are the compiler's. Decoding makes three things differ from its JSON: numbers are ints, not floats; literal
arguments are Python values of their column's type (`Literal`); and numbers that came from `take`, `skip` and `limit`
are `Slot`s, which are filled at run time. `ArrayParameter`, the generator `pattern` and `ObjectShape.layout` come from
passes.
"""

from __future__ import annotations

from typing import TypeAlias

from prisma.frozen import Frozen

Scalar: TypeAlias = object
"""A Python value: str, int, float, Decimal, bool, bytes, aware datetime, None, or a list of those."""


# Values


class Literal(Frozen):
    """A value that the compiler wrote into the plan."""

    value: Scalar


class Param(Frozen):
    """A name to look up in the scope: a parameter of the request (`%1`) or a binding of a `let`."""

    name: str


class Slot(Frozen):
    """The i-th number of the request: a plan that has slots serves any take, skip and limit."""

    index: int


class Generator(Frozen):
    """A value to be made at run time: now, uuid, cuid, ulid, nanoid, product, and our own pattern."""

    name: str
    args: tuple[Value, ...]


class ListValue(Frozen):
    """A list with at least one element that is no literal."""

    items: tuple[Value, ...]


Value: TypeAlias = Literal | Param | Slot | Generator | ListValue


# Statements


class ArgType(Frozen):
    """The type that the compiler gives an argument; the type that the server infers wins."""

    scalar_type: str
    db_type: str | None
    arity: str


class TupleArgType(Frozen):
    """The types of one group of a `ParameterTupleList`."""

    elements: tuple[ArgType, ...]


class Text(Frozen):
    """SQL text between placeholders."""

    chunk: str


class Parameter(Frozen):
    """One placeholder."""


class ArrayParameter(Frozen):
    """One placeholder that holds a whole list; see `prisma.plan.passes.any_lists`.

    `template` is the SQL to write, with `{}` where the numbered placeholder belongs, e.g. `= ANY({})`.
    """

    template: str


class ParameterTuple(Frozen):
    """A parenthesised list of placeholders, one for each element; `(NULL)` for an empty list."""

    item_prefix: str
    item_separator: str
    item_suffix: str


class ParameterTupleList(Frozen):
    """Groups of placeholders, one for each tuple of the list; the list must not be empty."""

    item_prefix: str
    item_separator: str
    item_suffix: str
    group_separator: str


Fragment: TypeAlias = Text | Parameter | ArrayParameter | ParameterTuple | ParameterTupleList


class Statement(Frozen):
    """SQL with placeholders; `args[i]` belongs to the i-th fragment that is no `Text`."""

    fragments: tuple[Fragment, ...]
    args: tuple[Value, ...]
    arg_types: tuple[ArgType | TupleArgType, ...]
    chunkable: bool


# Rules of validate and if


class RowCountEq(Frozen):
    count: int


class RowCountNeq(Frozen):
    count: int


class AffectedRowCountEq(Frozen):
    count: int


class Never(Frozen):
    pass


Rule: TypeAlias = RowCountEq | RowCountNeq | AffectedRowCountEq | Never


# Result structure of dataMap


class FieldShape(Frozen):
    """A scalar of the result: where it is read from and what it becomes.

    `column` has the table and the column of a moment that the database stores without a type for it; see
    `prisma.client.planning.stored_moments`.
    """

    db_name: str
    arity: str
    type: str
    enum: str | None = None
    encoding: str | None = None
    column: tuple[str, str] | None = None


class ObjectShape(Frozen):
    """An object (or list of objects) of the result; `serialized_name` None reads from the same row.

    `layout` says that its rows are JSON arrays of these columns; see `prisma.plan.passes.json_arrays`.
    """

    serialized_name: str | None
    skip_nulls: bool
    fields: tuple[tuple[str, Shape], ...]
    layout: tuple[str, ...] | None = None


class AffectedRowsShape(Frozen):
    """`{"count": n}`."""


Shape: TypeAlias = FieldShape | ObjectShape | AffectedRowsShape


# In-memory operations of process


class Pagination(Frozen):
    cursor: tuple[tuple[str, Value], ...] | None
    take: Value | None
    skip: Value | None


class Operations(Frozen):
    pagination: Pagination | None
    distinct: tuple[str, ...] | None
    reverse: bool
    linking_fields: tuple[str, ...] | None
    nested: tuple[tuple[str, Operations], ...]


REVERSAL = Operations(None, None, reverse=True, linking_fields=None, nested=())
"""What a negative take leaves to do in memory: the statement has counted from the end."""


# Nodes


class ValueNode(Frozen):
    value: Value


class Seq(Frozen):
    nodes: tuple[Node, ...]


class Get(Frozen):
    name: str


class Let(Frozen):
    bindings: tuple[tuple[str, Node], ...]
    expr: Node


class GetFirstNonEmpty(Frozen):
    names: tuple[str, ...]


class Query(Frozen):
    statement: Statement


class Execute(Frozen):
    statement: Statement


class Sum(Frozen):
    nodes: tuple[Node, ...]


class Concat(Frozen):
    nodes: tuple[Node, ...]


class Unique(Frozen):
    expr: Node


class Required(Frozen):
    expr: Node


class Reverse(Frozen):
    expr: Node


class MapField(Frozen):
    field: str
    records: Node


class JoinChild(Frozen):
    child: Node
    on: tuple[tuple[str, str], ...]
    parent_field: str
    is_relation_unique: bool


class Join(Frozen):
    parent: Node
    children: tuple[JoinChild, ...]
    can_assume_strict_equality: bool


class Transaction(Frozen):
    expr: Node


class DataMap(Frozen):
    expr: Node
    structure: Shape
    enums: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Validate(Frozen):
    expr: Node
    rules: tuple[Rule, ...]
    error_identifier: str
    context: tuple[tuple[str, object], ...]


class If(Frozen):
    value: Node
    rule: Rule
    then: Node
    otherwise: Node


class Unit(Frozen):
    pass


class Diff(Frozen):
    from_: Node
    to: Node
    fields: tuple[str, ...]


class Process(Frozen):
    expr: Node
    operations: Operations


class LastInsertId(Frozen):
    """In a record initializer: the id that the database gave to the inserted row (MySQL, SQL Server)."""


class InitializeRecord(Frozen):
    expr: Node
    fields: tuple[tuple[str, Value | LastInsertId], ...]


class FieldOperation(Frozen):
    """set, add, subtract, multiply or divide by a value."""

    name: str
    value: Value


class MapRecord(Frozen):
    expr: Node
    fields: tuple[tuple[str, FieldOperation], ...]


Node: TypeAlias = (
    ValueNode
    | Seq
    | Get
    | Let
    | GetFirstNonEmpty
    | Query
    | Execute
    | Sum
    | Concat
    | Unique
    | Required
    | Reverse
    | MapField
    | Join
    | Transaction
    | DataMap
    | Validate
    | If
    | Unit
    | Diff
    | Process
    | InitializeRecord
    | MapRecord
)
