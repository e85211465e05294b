"""Faults of a database as the error objects that the engine reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prisma.faults import FaultKind

if TYPE_CHECKING:
    from prisma.faults import DriverFault

_HISTORY: Final = "_prisma_migrations"
_REPORT: Final = {
    "code": "sqlstate",
    "severity": "severity",
    "message": "message",
    "detail": "detail",
    "column": "column",
    "hint": "hint",
}


def error_object(fault: DriverFault, provider: str) -> dict[str, Any]:
    """Return the object for a statement that the database refused; `provider` is the engine's word for its kind.

    The engine must recognise that there is no history of migrations. All else is reported with the database's own
    words.
    """
    fields = fault.fields
    if fault.kind is FaultKind.TABLE_DOES_NOT_EXIST and fields.get("table") == _HISTORY:
        kind = {"kind": str(fault.kind), "table": _HISTORY}
    elif provider == "sqlite":
        kind = {"kind": provider, "extendedCode": 1, "message": str(fields.get("message") or fault)}
    else:
        kind = {"kind": provider, **{theirs: _text(fields.get(ours)) for theirs, ours in _REPORT.items()}}
        kind["code"] = kind["code"] or ""
        kind["severity"] = kind["severity"] or "ERROR"
        kind["message"] = kind["message"] or str(fault)
    return {
        "originalCode": str(fields.get("sqlstate") or ""),
        "originalMessage": str(fields.get("message") or fault),
        **kind,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
