"""The query parameters `since` and `until`: the start and the end of a list or a report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator

from app.http.field_types import iso_time


def in_utc(time: datetime) -> datetime:
    """Return the same instant in UTC; one without a time zone, such as a day, counts as UTC.

    Raises:
        ValueError: it is not in the years 1 to 9999 there.
    """
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is not in the years 1 to 9999") from error


_Time = Annotated[datetime, BeforeValidator(iso_time), AfterValidator(in_utc)]

Since = Annotated[_Time | None, Query(description="Only what is not older; a day, or a time of ISO 8601.")]
Until = Annotated[_Time | None, Query(description="Only what is older; a day, or a time of ISO 8601.")]


def between(since: datetime | None, until: datetime | None) -> dict[str, Any] | None:
    """Return the client's filter for times from `since` on and before `until`; None without a bound."""
    bounds = {"gte": since, "lt": until}
    return {name: bound for name, bound in bounds.items() if bound is not None} or None
