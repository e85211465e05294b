"""The request builder: a call's arguments become a request to the compiler, with its values taken out.

A request is written as a list of pieces of JSON text. The pieces are constants (keys, brackets, placeholders), so their
tuple is the shape of the call. The shape is the key of the plan, made without building JSON; joined, it is the request.
Three kinds of values are outside the shape:

- values of fields: each has a placeholder, `%1`, `%2`, …, and the values are in a separate list;
- lists of values after `in` and the like: the whole list has one placeholder, whatever its length;
- take, skip and limit: the shape has a number that represents all numbers (`Sentinel`), and the real number is in a
  second list. Zero, the sign and absence belong to the shape, because the plans differ.

Names of Python (`order`, `not_in`, `connect_or_create`) become the protocol's; the protocol's own names work, too.
Names that the schema does not know are passed on, and the compiler refuses them with the path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from prisma.client.request.call import Call
from prisma.client.request.codecs import ModelCodecs, model_codecs
from prisma.client.request.fast_path import Recognizer, Tracer, recognizer
from prisma.client.request.rejections import RejectedKey
from prisma.client.request.request import Request, list_placeholder, placeholder
from prisma.client.request.selection import RequestWriter
from prisma.errors import UnknownModelError
from prisma.schema.metadata import Schema

# Reads share no placeholders: the compiler compares them only where it writes.
_READ_ACTIONS: Final = frozenset(
    {"findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany", "aggregate", "groupBy"}
)


Completion: TypeAlias = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""Takes a model, an action and its arguments; returns the arguments with those that the client adds."""


class RequestBuilder:
    """Builds the requests of one schema; `complete` adds to what a program says, None adds nothing."""

    def __init__(self, schema: Schema, complete: Completion | None = None) -> None:
        self.schema = schema
        self._complete = complete
        self._codecs: dict[str, ModelCodecs] = {}
        self._heads: dict[tuple[str, str], str] = {}

    def codecs(self, model: str) -> ModelCodecs:
        """Return the codecs of a model, made at its first use."""
        codecs = self._codecs.get(model)
        if codecs is None:
            if model not in self.schema.models:
                raise UnknownModelError(model)
            codecs = self._codecs[model] = model_codecs(self.schema, model)
        return codecs

    def selection(self, call: Call) -> Request:
        """Return only the selection of an action that answers with records."""
        writer = RequestWriter(self.codecs, shares=False, omissions=call.omissions)
        writer.selection(self.codecs(call.model), call.arguments)
        return Request(tuple(writer.parts), writer.values, writer.numbers)

    def request(self, call: Call) -> Request:
        """Return the request for a call; its `include`, `select` and `omit` become the selection.

        Raises:
            InputError: take, skip or limit is no number, or skip is negative, or there are `select` and `include`.
        """
        writer = RequestWriter(self.codecs, shares=call.action not in _READ_ACTIONS, omissions=call.omissions)
        return self._written(writer, call)

    def recognizer(self, call: Call, program: object) -> Recognizer | None:
        """Return what recognizes calls of an action by arguments of this shape, for which `program` is known.

        The client must leave no fields out. None if these arguments do not determine the shape.
        """

        def trace(arguments: Mapping[str, Any], stand_in: object, value: object) -> Tracer:
            tracer = Tracer(self.codecs, shares=call.action not in _READ_ACTIONS, stand_in=stand_in, value=value)
            self._written(tracer, call.having(arguments))
            return tracer

        return recognizer(call.arguments, trace, program)

    def _written(self, writer: RequestWriter, call: Call) -> Request:
        model, action, arguments = call.model, call.action, call.arguments
        # The start of a request is the same text for all calls of an action.
        head = self._heads.get((model, action))
        if head is None:
            head = f'{{"modelName":"{model}","action":"{action}","query":{{"arguments":'
            self._heads[model, action] = head
        writer.put(head)
        if action == "upsertOne":
            arguments = _with_branches(arguments)
        if self._complete is not None:
            arguments = self._complete(model, action, arguments)
        codecs = self.codecs(model)
        # A findFirst takes one record, from the start or from the end: its number is no number of records.
        writer.arguments(codecs, arguments, fixed="take" if action.startswith("findFirst") else None)
        writer.put(',"selection":')
        writer.action_selection(action, codecs, arguments)
        writer.put("}}")
        return Request(tuple(writer.parts), writer.values, writer.numbers)


def _with_branches(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an upsert's arguments with `create` and `update` at the top; Python has both inside `data`."""
    data = arguments.get("data")
    if not isinstance(data, Mapping):
        return arguments
    branches = cast("Mapping[str, Any]", data)
    for name in branches.keys() & arguments.keys():
        # What to change says nothing about which record, nor about what the answer has.
        raise RejectedKey(branches, name)
    return {**{name: value for name, value in arguments.items() if name != "data"}, **branches}


def row_request(
    model: str,
    action: str,
    codecs: ModelCodecs,
    rows: Sequence[Sequence[str]],
    *,
    skip_duplicates: bool,
    selection: str,
) -> str:
    """Return the text of a createMany whose rows have these columns; each value has its placeholder."""
    index = 0
    written: list[str] = []
    for columns in rows:
        parts: list[str] = []
        for name in columns:
            codec, index = codecs[name], index + 1
            if codec.field.is_list:
                parts.append(f'{codec.key}{{"set":{list_placeholder(index, codec.param_type)}}}')
            else:
                parts.append(codec.key + placeholder(index, codec.param_type))
        written.append(f"{{{','.join(parts)}}}")
    skip = ',"skipDuplicates":true' if skip_duplicates else ""
    return (
        f'{{"modelName":"{model}","action":"{action}","query":{{"arguments":{{"data":[{",".join(written)}]{skip}}},'
        f'"selection":{selection}}}}}'
    )
