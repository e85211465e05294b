"""Decoding: the compiler's JSON becomes the frozen nodes of `prisma.plan.nodes`, without a change of its SQL."""

from __future__ import annotations

from collections.abc import Callable

from prisma.plan import nodes
from prisma.plan.statements import decode_statement
from prisma.plan.values import Json, PlanFormatError, decode_value, plain

__all__ = ["PlanFormatError", "decode"]


def decode(plan: Json) -> nodes.Node:
    """Return the plan as nodes; PlanFormatError for a plan that this version does not know in every part."""
    try:
        return _node(plan)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        # A part that is missing or of another type: the readers below look for what they need, and check nothing else.
        raise PlanFormatError(f"{type(error).__name__} at {error}") from error


def _node(plan: Json) -> nodes.Node:
    read = _NODES.get(plan["type"])
    if read is None:
        raise PlanFormatError(f"unknown node {plan['type']!r}")
    return read(plan.get("args"))


def _nodes(plans: Json) -> tuple[nodes.Node, ...]:
    return tuple(_node(plan) for plan in plans)


def _names(items: Json) -> tuple[str, ...] | None:
    return None if items is None else tuple(items)


def _let(args: Json) -> nodes.Let:
    # The order counts: each binding sees the earlier ones.
    bindings = tuple((item["name"], _node(item["expr"])) for item in args["bindings"])
    return nodes.Let(bindings, _node(args["expr"]))


def _join(args: Json) -> nodes.Join:
    children = tuple(
        nodes.JoinChild(
            _node(child["child"]),
            tuple((left, right) for left, right in child["on"]),
            child["parentField"],
            child["isRelationUnique"],
        )
        for child in args["children"]
    )
    return nodes.Join(_node(args["parent"]), children, args["canAssumeStrictEquality"])


def _data_map(args: Json) -> nodes.DataMap:
    enums = tuple((name, tuple(members.items())) for name, members in args["enums"].items())
    return nodes.DataMap(_node(args["expr"]), _shape(args["structure"]), enums)


def _shape(item: Json) -> nodes.Shape:
    match item["type"]:
        case "affectedRows":
            return nodes.AffectedRowsShape()
        case "object":
            # Results have their fields in this order.
            fields = tuple((name, _shape(field)) for name, field in item["fields"].items())
            return nodes.ObjectShape(item["serializedName"], item["skipNulls"], fields)
        case "field":
            kind = item["fieldType"]
            return nodes.FieldShape(item["dbName"], kind["arity"], kind["type"], kind.get("name"), kind.get("encoding"))
        case unknown:
            raise PlanFormatError(f"unknown result shape {unknown!r}")


def _validate(args: Json) -> nodes.Validate:
    rules = tuple(_rule(rule) for rule in args["rules"])
    return nodes.Validate(_node(args["expr"]), rules, args["errorIdentifier"], tuple(plain(args["context"]).items()))


def _if(args: Json) -> nodes.If:
    return nodes.If(_node(args["value"]), _rule(args["rule"]), _node(args["then"]), _node(args["else"]))


def _rule(item: Json) -> nodes.Rule:
    read = _RULES.get(item["type"])
    if read is None:
        raise PlanFormatError(f"unknown rule {item['type']!r}")
    return read(item.get("args"))


def _operations(item: Json) -> nodes.Operations:
    return nodes.Operations(
        _pagination(item["pagination"]),
        _names(item["distinct"]),
        item["reverse"],
        _names(item["linkingFields"]),
        tuple((name, _operations(inner)) for name, inner in item["nested"].items()),
    )


def _pagination(item: Json) -> nodes.Pagination | None:
    if item is None:
        return None
    cursor, take, skip = item["cursor"], item["take"], item["skip"]
    return nodes.Pagination(
        None if cursor is None else tuple((name, decode_value(value)) for name, value in cursor.items()),
        None if take is None else decode_value(take),
        None if skip is None else decode_value(skip),
    )


def _initializer(item: Json) -> nodes.Value | nodes.LastInsertId:
    return nodes.LastInsertId() if item["type"] == "lastInsertId" else decode_value(item["value"])


def _initialize_record(args: Json) -> nodes.InitializeRecord:
    fields = tuple((name, _initializer(item)) for name, item in args["fields"].items())
    return nodes.InitializeRecord(_node(args["expr"]), fields)


def _map_record(args: Json) -> nodes.MapRecord:
    fields = tuple(
        (name, nodes.FieldOperation(item["type"], decode_value(item["value"]))) for name, item in args["fields"].items()
    )
    return nodes.MapRecord(_node(args["expr"]), fields)


# The compiler's words → what reads their arguments. Another word stops the decoding: a plan is run whole or not at all.
_RULES: dict[str, Callable[[Json], nodes.Rule]] = {
    "rowCountEq": lambda count: nodes.RowCountEq(int(count)),
    "rowCountNeq": lambda count: nodes.RowCountNeq(int(count)),
    "affectedRowCountEq": lambda count: nodes.AffectedRowCountEq(int(count)),
    "never": lambda _: nodes.Never(),
}

_NODES: dict[str, Callable[[Json], nodes.Node]] = {
    "value": lambda args: nodes.ValueNode(decode_value(args)),
    "seq": lambda args: nodes.Seq(_nodes(args)),
    "get": lambda args: nodes.Get(args["name"]),
    "let": _let,
    "getFirstNonEmpty": lambda args: nodes.GetFirstNonEmpty(tuple(args["names"])),
    "query": lambda args: nodes.Query(decode_statement(args)),
    "execute": lambda args: nodes.Execute(decode_statement(args)),
    "sum": lambda args: nodes.Sum(_nodes(args)),
    "concat": lambda args: nodes.Concat(_nodes(args)),
    "unique": lambda args: nodes.Unique(_node(args)),
    "required": lambda args: nodes.Required(_node(args)),
    "reverse": lambda args: nodes.Reverse(_node(args)),
    "mapField": lambda args: nodes.MapField(args["field"], _node(args["records"])),
    "join": _join,
    "transaction": lambda args: nodes.Transaction(_node(args)),
    "dataMap": _data_map,
    "validate": _validate,
    "if": _if,
    "unit": lambda _: nodes.Unit(),
    "diff": lambda args: nodes.Diff(_node(args["from"]), _node(args["to"]), tuple(args["fields"])),
    "process": lambda args: nodes.Process(_node(args["expr"]), _operations(args["operations"])),
    "initializeRecord": _initialize_record,
    "mapRecord": _map_record,
}
