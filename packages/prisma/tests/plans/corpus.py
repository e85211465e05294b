"""The requests whose plans are recorded: name → request."""

from __future__ import annotations

from typing import Any

from .corpus_reads import FILTERS, READS
from .corpus_terms import Case, P
from .corpus_writes import NESTED_WRITES, WRITES

CASES: dict[str, Case] = {**READS, **FILTERS, **WRITES, **NESTED_WRITES}


def to_request(case: Case) -> tuple[dict[str, Any], list[Any]]:
    """Return the request in the compiler's protocol and the values of its parameters; equal values share a name."""
    names: dict[str, str] = {}
    values: list[Any] = []

    def convert(item: Any) -> Any:
        if isinstance(item, P):
            name = names.get(repr(item))
            if name is None:
                values.append(item.value)
                name = names[repr(item)] = f"%{len(values)}"
            kind = (
                {"type": "List", "inner": {"type": item.type[:-2]}} if item.type.endswith("[]") else {"type": item.type}
            )
            return {"$type": "Param", "value": {"name": name, **kind}}
        if isinstance(item, dict):
            return {key: convert(value) for key, value in item.items()}
        if isinstance(item, list):
            return [convert(value) for value in item]
        return item

    arguments = convert(case.arguments)
    request = {
        "modelName": case.model,
        "action": case.action,
        "query": {"arguments": arguments, "selection": convert(case.selection)},
    }
    return request, values
