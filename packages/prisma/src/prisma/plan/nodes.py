"""Plan nodes: what the query compiler answers, as frozen data without behaviour.

The names are the compiler's. Three things differ from its JSON, all done by `prisma.plan.decode`: numbers are ints, not
floats; literal arguments are Python values of their column's type (`Literal`); and numbers that came from `take`,
`skip` and `limit` are `Slot`s, to be filled at run time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = object
"""A Python value: str, int, float, Decimal, bool, bytes, aware datetime, None, or a list of those."""


# Values


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the compiler wrote into the plan."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Param:
    """A name to look up in the scope: a parameter of the request (`%1`) or a binding of a `let`."""

    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The i-th of the numbers that stand outside the shape: take, skip and limit."""

    index: int


@dataclass(frozen=True, slots=True)
class Generator:
    """A value to be made at run time: now, uuid, cuid, ulid, nanoid, product."""

    name: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list with at least one element that is no literal."""

    items: tuple[Value, ...]


Value: TypeAlias = Literal | Param | Slot | Generator | ListValue


# Statements


@dataclass(frozen=True, slots=True)
class ArgType:
    """What the compiler says about an argument; the server's own inference wins over it."""

    scalar_type: str
    db_type: str | None
    arity: str


@dataclass(frozen=True, slots=True)
class TupleArgType:
    """The types of one group of a `ParameterTupleList`."""

    elements: tuple[ArgType, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """SQL text between placeholders."""

    chunk: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One placeholder."""


@dataclass(frozen=True, slots=True)
class ArrayParameter:
    """One placeholder that holds a whole list: what `parameterTuple` after IN / NOT IN becomes.

    `template` is the SQL to write, with `{}` where the numbered placeholder belongs, e.g. `= ANY({})`.
    """

    template: str


@dataclass(frozen=True, slots=True)
class ParameterTuple:
    """A parenthesised list of placeholders, one for each element; `(NULL)` for an empty list."""

    item_prefix: str
    item_separator: str
    item_suffix: str


@dataclass(frozen=True, slots=True)
class ParameterTupleList:
    """Groups of placeholders, one for each tuple of the list; the list must not be empty."""

    item_prefix: str
    item_separator: str
    item_suffix: str
    group_separator: str


Fragment: TypeAlias = Text | Parameter | ArrayParameter | ParameterTuple | ParameterTupleList


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with placeholders; `args[i]` belongs to the i-th fragment that is no `Text`."""

    fragments: tuple[Fragment, ...]
    args: tuple[Value, ...]
    arg_types: tuple[ArgType | TupleArgType, ...]
    chunkable: bool


# Rules of validate and if


@dataclass(frozen=True, slots=True)
class RowCountEq:
    count: int


@dataclass(frozen=True, slots=True)
class RowCountNeq:
    count: int


@dataclass(frozen=True, slots=True)
class AffectedRowCountEq:
    count: int


@dataclass(frozen=True, slots=True)
class Never:
    pass


Rule: TypeAlias = RowCountEq | RowCountNeq | AffectedRowCountEq | Never


# Result structure of dataMap


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A scalar of the result: where it is read from and what it becomes."""

    db_name: str
    arity: str
    type: str
    enum: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """An object (or list of objects) of the result; `serialized_name` None reads from the same row."""

    serialized_name: str | None
    skip_nulls: bool
    fields: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class AffectedRowsShape:
    """`{"count": n}`."""


Shape: TypeAlias = FieldShape | ObjectShape | AffectedRowsShape


# In-memory operations of process


@dataclass(frozen=True, slots=True)
class Pagination:
    cursor: tuple[tuple[str, Value], ...] | None
    take: Value | None
    skip: Value | None


@dataclass(frozen=True, slots=True)
class Operations:
    pagination: Pagination | None
    distinct: tuple[str, ...] | None
    reverse: bool
    linking_fields: tuple[str, ...] | None
    nested: tuple[tuple[str, Operations], ...]


# Nodes


@dataclass(frozen=True, slots=True)
class ValueNode:
    value: Value


@dataclass(frozen=True, slots=True)
class Seq:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Get:
    name: str


@dataclass(frozen=True, slots=True)
class Let:
    bindings: tuple[tuple[str, Node], ...]
    expr: Node


@dataclass(frozen=True, slots=True)
class GetFirstNonEmpty:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    statement: Statement


@dataclass(frozen=True, slots=True)
class Execute:
    statement: Statement


@dataclass(frozen=True, slots=True)
class Sum:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Concat:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unique:
    expr: Node


@dataclass(frozen=True, slots=True)
class Required:
    expr: Node


@dataclass(frozen=True, slots=True)
class Reverse:
    expr: Node


@dataclass(frozen=True, slots=True)
class MapField:
    field: str
    records: Node


@dataclass(frozen=True, slots=True)
class JoinChild:
    child: Node
    on: tuple[tuple[str, str], ...]
    parent_field: str
    is_relation_unique: bool


@dataclass(frozen=True, slots=True)
class Join:
    parent: Node
    children: tuple[JoinChild, ...]
    can_assume_strict_equality: bool


@dataclass(frozen=True, slots=True)
class Transaction:
    expr: Node


@dataclass(frozen=True, slots=True)
class DataMap:
    expr: Node
    structure: Shape
    enums: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Validate:
    expr: Node
    rules: tuple[Rule, ...]
    error_identifier: str
    context: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class If:
    value: Node
    rule: Rule
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Unit:
    pass


@dataclass(frozen=True, slots=True)
class Diff:
    from_: Node
    to: Node
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Process:
    expr: Node
    operations: Operations


@dataclass(frozen=True, slots=True)
class LastInsertId:
    """In a record initializer: the id that the database gave to the inserted row (MySQL, SQL Server)."""


@dataclass(frozen=True, slots=True)
class InitializeRecord:
    expr: Node
    fields: tuple[tuple[str, Value | LastInsertId], ...]


@dataclass(frozen=True, slots=True)
class FieldOperation:
    """set, add, subtract, multiply or divide by a value."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class MapRecord:
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
