# Made by tools/async_to_sync.py from client/_async/actions.py: change that file and run the tool.
"""Actions: what a generated action class calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from pydantic import BaseModel

from prisma.errors import RecordNotFoundError
from prisma.fields import FROM_DATABASE, Base64

if TYPE_CHECKING:
    from typing import LiteralString

    from prisma.client._sync.client import SyncPrisma
    from prisma.client.fragments import Sql

ModelT = TypeVar("ModelT", bound=BaseModel)

# 0.15.0 answers None when the record to change does not exist.
_NONE_WHEN_MISSING = frozenset({"updateOne", "deleteOne"})
_COUNTED = frozenset({"createMany", "updateMany", "deleteMany"})


class SyncActions(Generic[ModelT]):
    """The actions of one model.

    `model` is the class that records become: a generated one, or one derived from its base.
    """

    _prisma_model: ClassVar[str]

    def __init__(self, client: SyncPrisma, model: type[ModelT]) -> None:
        self._client = client
        self._model = model

    def _query(self, action: str, arguments: Mapping[str, Any]) -> Any:
        """Run an action of the engine; return a record, a list of records, a count, or None."""
        try:
            result = self._client._execute(self._prisma_model, action, arguments)  # pyright: ignore[reportPrivateUsage]
        except RecordNotFoundError:
            if action in _NONE_WHEN_MISSING:
                return None
            raise
        if result is None:
            return None
        if action in _COUNTED:
            return result["count"]
        parse = self._model.__pydantic_validator__.validate_python
        if isinstance(result, list):
            return [parse(row, context=FROM_DATABASE) for row in cast("list[Any]", result)]
        return parse(result, context=FROM_DATABASE)

    def _count(self, *, select: Mapping[str, bool] | None = None, **arguments: Any) -> Any:
        """Count records: an int, or a dict by field when `select` names fields."""
        chosen = True if select is None else select
        if not chosen:
            return {}
        result = self._client._execute(self._prisma_model, "aggregate", {**arguments, "count": chosen})  # pyright: ignore[reportPrivateUsage]
        counts = result["_count"]
        return counts["_all"] if select is None else counts

    def _group_by(self, *, by: Sequence[str], **arguments: Any) -> list[Any]:
        """Group records; the rows are dictionaries with the fields of `by` and the aggregates."""
        if arguments.get("order") is None:
            for name in ("take", "skip"):
                if arguments.get(name) is not None:
                    raise TypeError(f"Missing argument: 'order' which is required when '{name}' is present")
        rows = self._client._execute(self._prisma_model, "groupBy", {"by": list(by), **arguments})  # pyright: ignore[reportPrivateUsage]
        fields = self._client._schema.models[self._prisma_model].fields  # pyright: ignore[reportPrivateUsage]
        for name in by:
            if fields[name].type == "Bytes":
                for row in rows:
                    row[name] = _base64(row[name])
        return rows

    def _query_raw(self, query: LiteralString | Sql, *args: Any) -> list[ModelT]:
        return self._client.query_raw(query, *args, model=self._model)

    def _query_first(self, query: LiteralString | Sql, *args: Any) -> ModelT | None:
        return self._client.query_first(query, *args, model=self._model)


def _base64(value: Any) -> Any:
    """Return what a Bytes field holds, as the models have it."""
    if isinstance(value, list):
        return [Base64.encode(item) for item in cast("list[bytes]", value)]
    return None if value is None else Base64.encode(value)
