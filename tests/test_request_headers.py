"""Headers with an index are those of Starlette."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from app.request_headers import IndexedRequest, RequestHeaders

RAW = [(b"host", b"a"), (b"x-a", b"1"), (b"cookie", b"\xe9"), (b"x-a", b"2"), (b"x-empty", b"")]


@pytest.mark.parametrize("raw", [RAW, RAW[:3], []], ids=["twice", "once", "none"])
def test_they_are_found_alike(raw: list[tuple[bytes, bytes]]):
    ours, theirs = RequestHeaders(raw), Headers(raw=raw)
    for name in ("host", "Host", "x-a", "X-A", "cookie", "x-empty", "none", "h\xf6st"):
        assert (ours.get(name), ours.get(name, "?"), ours.getlist(name), name in ours) == (
            theirs.get(name),
            theirs.get(name, "?"),
            theirs.getlist(name),
            name in theirs,
        )
    assert (ours.items(), ours.raw, dict(ours), 1 in ours) == (theirs.items(), theirs.raw, dict(theirs), False)
    with pytest.raises(KeyError):
        ours["none"]


def test_a_request_sees_headers_that_were_replaced():
    scope = {"type": "http", "headers": RAW}
    first = IndexedRequest(scope).headers
    again = IndexedRequest(scope).headers
    scope["headers"] = [(b"host", b"b")]
    assert (first is again, first["host"], IndexedRequest(scope).headers["host"]) == (True, "a", "b")
