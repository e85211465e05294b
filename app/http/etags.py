"""The versions of records in `ETag`, `If-Match` and `If-None-Match` (RFC 9110), by the time of the last change.

A trigger makes this time grow with every change, by any program (migrations/…_versions).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Response

from app.http.problems import NotModifiedError

_TAG = re.compile(r'(W/)?"([^"]*)"')
_OURS = re.compile(r"[0-9a-f]{1,12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)  # the precision of the column

MAX_TAGS = 1024  # characters
Tags = Annotated[str | None, Header(max_length=MAX_TAGS)]


def tag(version: datetime) -> str:
    """Return the entity tag of a version."""
    return f'"{(version - _EPOCH) // _TICK:x}"'


def versions_in(tags: str) -> list[datetime]:
    """Return the versions that a header names by strong tags; unknown tags are left out."""
    found = [opaque for weak, opaque in _TAG.findall(tags) if not weak and _OURS.fullmatch(opaque)]
    return [_EPOCH + int(opaque, 16) * _TICK for opaque in found if int(opaque, 16) < _MAX_TICKS]


_MAX_TICKS = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _TICK


def version_responses(status: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the description in OpenAPI of a response with a version; `status` is its status."""
    described = {"description": "The version, for If-Match and If-None-Match.", "schema": {"type": "string"}}
    return {int(status): {"headers": {"ETag": described}}}


NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    int(HTTPStatus.NOT_MODIFIED): {"description": "The version is one of If-None-Match."}
}


class Expected:
    """The version that a change expects: `If-Match`, which may be left out or be `*`."""

    __slots__ = ("response", "versions")

    def __init__(self, response: Response, if_match: Tags = None) -> None:
        self.response = response
        anything = if_match is None or if_match.strip() == "*"
        self.versions = None if anything else versions_in(if_match or "")

    def condition(self) -> dict[str, Any]:
        """Return a condition for the `where` of the change, so that comparing and changing are one statement."""
        return {} if self.versions is None else {"updatedAt": {"in": self.versions}}

    def show(self, version: datetime) -> None:
        """Put the tag of a version on the response."""
        self.response.headers["ETag"] = tag(version)


class Known:
    """The versions that the reader has already: `If-None-Match`."""

    __slots__ = ("_tags", "response")

    def __init__(self, response: Response, if_none_match: Tags = None) -> None:
        self.response = response
        self._tags = if_none_match or ""

    def show(self, version: datetime) -> None:
        """Put the tag of a version on the response.

        Raises:
            NotModifiedError: the reader has it.
        """
        current = tag(version)
        # Weak tags are enough for reading: a proxy that compresses a response makes its tag weak.
        if self._tags.strip() == "*" or any(f'"{opaque}"' == current for _, opaque in _TAG.findall(self._tags)):
            raise NotModifiedError(current)
        self.response.headers["ETag"] = current


async def _expected(response: Response, if_match: Tags = None) -> Expected:
    return Expected(response, if_match)


async def _known(response: Response, if_none_match: Tags = None) -> Known:
    return Known(response, if_none_match)


ExpectedVersion = Annotated[Expected, Depends(_expected)]
KnownVersion = Annotated[Known, Depends(_known)]
