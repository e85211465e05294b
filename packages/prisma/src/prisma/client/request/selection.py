"""The writer of selections: adds the fields that an operation returns (`select`, `include`, `omit`) to a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from prisma.client.request.codecs import CodecsOfModels, ModelCodecs
from prisma.client.request.data import DataWriter
from prisma.client.request.names import AGGREGATES
from prisma.client.request.omit import NO_OMISSIONS, Omissions
from prisma.client.request.rejections import RejectedKey, RejectedValue
from prisma.client.request.values import literal
from prisma.client.request.writer import input_error, items_of, members

_NOTHING: Final[Mapping[str, object]] = {}
_ALL_SCALARS: Final = '{"$composites":true,"$scalars":true'


class RequestWriter(DataWriter):
    """Writes whole requests."""

    __slots__ = ("_omissions",)

    def __init__(self, codecs_of: CodecsOfModels, *, shares: bool, omissions: Omissions = NO_OMISSIONS) -> None:
        super().__init__(codecs_of, shares=shares)
        self._omissions = omissions

    def action_selection(self, action: str, codecs: ModelCodecs, arguments: Mapping[str, Any]) -> None:
        """Write what an action answers with: a count, aggregates or records.

        Raises:
            InputError: there are `select` and `include`, or `select` and `omit`.
        """
        if action in {"createMany", "updateMany", "deleteMany"}:
            self.put('{"count":true}')
        elif action in {"aggregate", "groupBy"}:
            self._aggregate_selection(arguments)
        else:
            self.selection(codecs, arguments)

    def selection(self, codecs: ModelCodecs, arguments: Mapping[str, Any]) -> None:
        """Write the fields of a record: those of `select`; or all scalars but `omit`, and included relations."""
        select = arguments.get("select")
        if select is not None:
            self._selected(codecs, arguments, select)
            return
        self.put(_ALL_SCALARS)
        omit = arguments.get("omit")
        if omit is not None or self._omissions:
            for name in self._omitted(codecs, omit):
                self.key(name, False, members(omit) or {})
                self.put("false")
        include = arguments.get("include")
        if include is not None:
            self._included(codecs, _chosen("include", include))
        self.put("}")

    def _included(self, codecs: ModelCodecs, chosen: Mapping[str, object]) -> None:
        for name, value in chosen.items():
            codec = codecs.get(name)
            if value and codec is not None and codec.field.kind != "relation":
                raise RejectedKey(chosen, name, scalar_of=codecs.model)
        self._fields(codecs, chosen, first=False)

    def _selected(self, codecs: ModelCodecs, arguments: Mapping[str, Any], select: object) -> None:
        for other in ("include", "omit"):
            if arguments.get(other) is not None:
                raise input_error(
                    f"`select` and `{other}` can't be used together: put all into `select`.", other, arguments[other]
                )
        self.put("{")
        self._fields(codecs, _chosen("select", select), first=True)
        self.put("}")

    def _omitted(self, codecs: ModelCodecs, omit: object) -> Iterable[str]:
        """Return what a record lacks: what the client omits and the call does not ask for, and what the call omits."""
        chosen = _NOTHING if omit is None else _chosen("omit", omit)
        # Sorted: sets have no order, and the order is a part of the shape. The call's own word comes last, and wins.
        wanted = {**dict.fromkeys(sorted(self._omissions.get(codecs.model, ())), True), **chosen}
        return [name for name, is_omitted in wanted.items() if _is_chosen(is_omitted)]

    def _fields(self, codecs: ModelCodecs, fields: Mapping[str, object], *, first: bool) -> None:
        for name, value in fields.items():
            if value is None or value is False:
                continue
            codec = codecs.get(name)
            if codec is not None:
                self.put(codec.key if first else codec.next_key)
            else:
                self.key(name, first, fields)
            first = False
            if codec is not None and codec.field.kind == "relation":
                self._relation_selection(codec.field.type, value)
            elif name == "_count":
                self._counts(codecs, value)
            else:
                self._flag(value)

    def _flag(self, value: object) -> None:
        """Write that a field is asked for; the compiler refuses a dictionary."""
        if isinstance(value, int):
            self.put("true" if value else "false")
        elif members(value) is not None:
            self.put(literal(value))
        else:
            raise RejectedValue(value, "InvalidArgumentType", f"expected bool, got {type(value).__name__}")

    def _relation_selection(self, model: str, value: object) -> None:
        codecs = self.codecs_of(model)
        arguments = members(value)
        if arguments is None:
            if not isinstance(value, int):
                kind = type(value).__name__
                raise RejectedValue(value, "InvalidArgumentType", f"expected True or a dictionary, got {kind}")
            arguments = _NOTHING
        self.put('{"arguments":')
        self.arguments(codecs, arguments)
        self.put(',"selection":')
        self.selection(codecs, arguments)
        self.put("}")

    def _counts(self, codecs: ModelCodecs, value: object) -> None:
        """Write which relations to count: all for True, else `{"select": {name: True, other: {"where": …}}}`."""
        arguments = members(value)
        select = (arguments or {}).get("select")
        if arguments is not None and select is None:
            raise RejectedValue(value, "InvalidArgumentType", "expected True or {'select': {…}}")
        chosen = members(select)
        if chosen is None:
            self._flag(value if select is None else select)
            return
        self.put('{"selection":{')
        first = True
        for name, filtered in chosen.items():
            if filtered is None or filtered is False:
                continue
            self.key(name, first, chosen)
            first = False
            codec, arguments = codecs.get(name), members(filtered)
            if codec is None or codec.field.kind != "relation" or arguments is None:
                self._flag(filtered)
                continue
            self.put('{"arguments":')
            self.arguments(self.codecs_of(codec.field.type), arguments)
            self.put(',"selection":{}}')
        self.put("}}")

    def _aggregate_selection(self, arguments: Mapping[str, Any]) -> None:
        # The compiler refuses other values among the arguments.
        by = items_of(arguments.get("by")) or ()
        selection: dict[str, object] = {name: True for name in by if isinstance(name, str)}
        for name, aggregate in AGGREGATES.items():
            chosen = arguments.get(name)
            fields = members(chosen)
            # `count=True` counts records; a dictionary counts the values of fields.
            if chosen is True:
                selection[aggregate] = {"arguments": {}, "selection": {"_all": True}}
            elif fields:
                wanted = {field: True for field, is_wanted in fields.items() if _is_chosen(is_wanted)}
                selection[aggregate] = {"arguments": {}, "selection": wanted}
            elif chosen and fields is None:
                raise input_error(f"`{name}` must be a dictionary, not {type(chosen).__name__}.", name, chosen)
        self.put(literal(selection))


def _chosen(argument: str, value: object) -> Mapping[str, object]:
    """Return the fields that an argument names."""
    fields = members(value)
    if fields is None:
        expected = "a dictionary or a class" if argument == "select" else "a dictionary"
        raise input_error(f"`{argument}` must be {expected}, not {type(value).__name__}.", argument, value)
    return fields


def _is_chosen(value: object) -> bool:
    """Say whether the value of a field's name asks for the field."""
    if isinstance(value, Mapping | list | tuple):
        kind = type(cast("object", value)).__name__
        raise RejectedValue(cast("object", value), "InvalidArgumentType", f"expected bool, got {kind}")
    return bool(value)
