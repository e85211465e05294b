"""The response bodies for sessions, without the token."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict


class SessionShown(TypedDict, total=False):
    """A browser that is signed in; a field is there unless `fields` left it out."""

    id: str
    expires: datetime
