"""Bad input for every operation: it gets a declared refusal, and never an internal error."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from prisma import Prisma
from prisma.enums import Role
from tests.conftest import Enrol
from tests.tenancy.operations import DOCUMENT, TENANT_OPERATIONS, Operation

pytestmark = pytest.mark.long

# Percent-encoded: what a URL can carry.
TEXTS = [
    "", "%00", "%ff", "a%00b", "%ed%a0%80", "'%20OR%201=1;--", "%F0%9F%A6%8A", "9" * 400, "-1", "null", "[]", "..%2f",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 2**31, 2**63, 1e308, "", "\x00", "a\x00b", "'; DROP TABLE users;--", "x" * 5000, "\u202e🦊",
    [], {}, [[]], {"a": None}, {"set": "x"}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2030-01-01",
]  # fmt: skip
CONTENTS = [
    b"", b"{", b"null", b"[]", b'"text"', b"1" * 5000, b'{"a": NaN}', b"\xff\xfe", b'{"name": "\xff"}',
    b'{"name": "\\ud800"}', b'{"\\u0000": 1}', b"[" * 100_000, b'{"a":' * 2000 + b"1" + b"}" * 2000,
]  # fmt: skip


@pytest.fixture(autouse=True)
async def root(http: AsyncClient, enrol: Enrol) -> None:
    """An ADMIN calls: nothing is refused for who asks."""
    http.headers.update((await enrol("root", role=Role.ADMIN)).headers)


@pytest.mark.parametrize("operation", TENANT_OPERATIONS, ids=str)
async def test_every_answer_is_declared(http: AsyncClient, db: Prisma, operation: Operation):
    declared = {int(status) for status in operation.description["responses"]}
    wrong: list[str] = []
    for what, request in requests(operation):
        answer = await http.request(**request)
        if answer.status_code >= 500 or answer.status_code not in declared:
            wrong.append(f"{what}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []
    assert [user.role for user in await db.user.find_many(where={"id": "root"})] == [Role.ADMIN]


async def test_no_request_waits_for_another_thread(http: AsyncClient, monkeypatch: pytest.MonkeyPatch):
    """Dependencies that wait for nothing are coroutines: a thread for each would cost more than what they do."""
    called: list[str] = []

    async def note(function: Any, *args: Any, **_: Any) -> Any:
        called.append(repr(function))
        return function(*args)

    monkeypatch.setattr("anyio.to_thread.run_sync", note)
    for operation in TENANT_OPERATIONS:
        await http.request(**operation.request("nothing"))
    assert called == []


def requests(operation: Operation) -> list[tuple[str, dict[str, Any]]]:
    """Return requests, each with something bad in one place."""
    good = operation.request("nothing")
    found: list[tuple[str, dict[str, Any]]] = []
    for parameter in operation.description.get("parameters", ()):
        for text in TEXTS:
            found.append((f"{parameter['in']} {parameter['name']}={text}", _with_parameter(operation, parameter, text)))
    if "json" in good:
        for name in _properties(operation):
            found += [(f"{name}: {v!r:.60}", {**good, "json": {**good["json"], name: v}}) for v in VALUES]
        plain = {key: value for key, value in good.items() if key != "json"}
        headers = {"Content-Type": "application/json"}
        found += [(f"{c!r:.60}", {**plain, "content": c, "headers": headers}) for c in CONTENTS]
        found.append(("no content type", {**plain, "content": b'{"name": "x"}', "headers": {"Content-Type": ""}}))
    return found


def _with_parameter(operation: Operation, parameter: dict[str, Any], text: str) -> dict[str, Any]:
    good = operation.request("nothing")
    if parameter["in"] == "path":
        return {**good, "url": operation.address(text)} if text else good
    if parameter["in"] == "header":
        return {**good, "headers": {parameter["name"]: text}}
    # In the address, because httpx would encode what is encoded already.
    return {**good, "url": f"{good['url']}?{parameter['name']}={text}", "params": None}


def _properties(operation: Operation) -> list[str]:
    schema = operation.description["requestBody"]["content"]["application/json"]["schema"]
    named = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return list(named.get("properties", ()))
