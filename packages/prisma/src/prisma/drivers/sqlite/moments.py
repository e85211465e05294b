"""Moments as SQLite stores them, which has no type for them: milliseconds since 1970, or text of ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def as_milliseconds(value: datetime) -> int:
    """Return a moment as 0.15.0's engine stored it; one without a zone is in UTC."""
    return (_aware(value) - _START) // _MILLISECOND


def as_text(value: datetime) -> str:
    """Return a moment as Prisma's JavaScript adapters store it."""
    return _aware(value).astimezone(UTC).isoformat(timespec="milliseconds")


def moment_of(stored: object) -> datetime:
    """Return what was stored in any form; ValueError for what is no moment."""
    if isinstance(stored, int):
        return _START + stored * _MILLISECOND
    return _aware(datetime.fromisoformat(str(stored)))


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
