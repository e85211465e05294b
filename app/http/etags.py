"""The versions of records in `ETag`, `If-Match` and `If-None-Match` (RFC 9110), by the time of the last change.

A trigger makes this time grow with every change, by any program (migrations/…_versions).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from app.http.problems import InvalidFieldError, NotModifiedError

_TAG = re.compile(r'(W/)?"([^"]*)"')
# A list of tags, whose elements may be empty (RFC 9110, 5.6.1 and 8.8.3).
_LIST = re.compile(r'[ \t,]*(?:(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))*')
_OURS = re.compile(r"[0-9a-f]{1,12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)  # the precision of the column

MAX_TAGS = 1024  # characters
Tags = Annotated[str | None, Header(max_length=MAX_TAGS)]


def tag(version: datetime) -> str:
    """Return the entity tag of a version."""
    return f'"{(version - _EPOCH) // _TICK:x}"'


def versions_in(tags: str) -> list[datetime]:
    """Return the versions that a header names by strong tags; unknown tags are left out, and all of a faulty list."""
    found = [opaque for weak, opaque in _tags_in(tags) if not weak and _OURS.fullmatch(opaque)]
    return [_EPOCH + int(opaque, 16) * _TICK for opaque in found if int(opaque, 16) < _MAX_TICKS]


def _tags_in(tags: str) -> list[tuple[str, str]]:
    """Return the tags of a list, each as the mark of a weak one and its text; none if it is no list of tags."""
    return _TAG.findall(tags) if _LIST.fullmatch(tags) else []


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
        if self._tags.strip() == "*" or any(f'"{opaque}"' == current for _, opaque in _tags_in(self._tags)):
            raise NotModifiedError(current)
        self.response.headers["ETag"] = current


async def _expected(request: Request, response: Response, if_match: Tags = None) -> Expected:
    return Expected(response, if_match and _all_of(request, "if-match"))


async def _known(request: Request, response: Response, if_none_match: Tags = None) -> Known:
    return Known(response, if_none_match and _all_of(request, "if-none-match"))


def _all_of(request: Request, header: str) -> str:
    """Return the list that the lines of a header make together."""
    tags = ", ".join(request.headers.getlist(header))
    if len(tags) > MAX_TAGS:
        raise InvalidFieldError(f"header.{header}", f"The header may have {MAX_TAGS} characters at most.")
    return tags


ExpectedVersion = Annotated[Expected, Depends(_expected)]
KnownVersion = Annotated[Known, Depends(_known)]
