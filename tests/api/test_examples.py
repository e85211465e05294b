"""The examples of the OpenAPI document: each one can be sent, in the order of a user's life."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient

from app.api.examples import BODIES
from prisma.enums import Role
from tests.conftest import Enrol

# What "Try it out" sends: an operation, and the number of the earlier answer whose id its address needs.
CALLS: list[tuple[str, str, int | None]] = [
    ("post", "/api/v1/users", None),
    ("patch", "/api/v1/users/{id}", 0),
    ("post", "/api/v1/verification-tokens", None),
    ("post", "/api/v1/verification-tokens/consume", None),
    ("post", "/api/v1/api-keys", None),
    ("patch", "/api/v1/api-keys/{id}", 4),
    ("post", "/api/v1/projects", None),
    ("patch", "/api/v1/projects/{id}", 6),
    ("post", "/api/v1/usage-metrics", None),
    ("post", "/api/v1/usage-metrics/batch", None),
    ("post", "/api/v1/subscriptions", None),
    ("patch", "/api/v1/subscriptions/{id}", 10),
    ("put", "/api/v1/billing-info", None),
    ("post", "/api/v1/invoices", None),
    ("patch", "/api/v1/invoices/{id}", 13),
    ("post", "/api/v1/credits/grants", None),
    ("post", "/api/v1/credits/spend", None),
]


async def test_every_example_can_be_sent(http: AsyncClient, enrol: Enrol):
    root = await enrol("root", role=Role.ADMIN)
    document = (await http.get("/openapi.json")).json()
    answers: list[Any] = []
    refused: list[Any] = []
    for method, path, earlier in CALLS:
        example = document["paths"][path][method]["requestBody"]["content"]["application/json"]["example"]
        address = path if earlier is None else path.format(id=answers[earlier]["id"])
        answer = await http.request(method, address, json=example, headers=root.headers)
        answers.append(answer.json())
        if answer.status_code not in (200, 201):
            refused.append((method, path, answer.text))
    with_body = {
        (method, path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }
    assert refused == []
    assert {(method, path) for method, path, _ in CALLS} == with_body
    assert len(BODIES) == len(CALLS)


async def test_the_example_of_a_user_is_the_caller(http: AsyncClient):
    document = (await http.get("/openapi.json")).json()
    operations = document["paths"]["/api/v1/users/{id}"].values()
    examples = [p["example"] for operation in operations for p in operation["parameters"] if p["in"] == "path"]
    assert examples == ["me", "me", "me"]
