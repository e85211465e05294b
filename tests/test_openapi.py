"""The service against its own OpenAPI document: requests that Schemathesis makes of it, valid and not.

No answer may be an error of ours, or one that the document does not announce: by status, media type, headers and shape.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest
import requests
import schemathesis
from httpx import AsyncClient, Response
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.auth.keys import stored
from prisma import Prisma
from tests.conftest import application, serving

pytestmark = pytest.mark.long

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8  # for each operation, of valid requests and of others
CALLERS = {"root": "ADMIN", "ada": "USER"}
CREDENTIALS = {"authorization", "x-api-key", "cookie"}
ID = "known"  # of a user, and of a record of each kind, which is theirs
CALLERS = {"root": "ADMIN", ID: "USER"}
CONDITIONS = {"if-match", "if-none-match", "idempotency-key"}
MANY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)


async def fill(db: Prisma) -> None:
    """Make the records that requests find, whatever became of them before."""
    await db.user.delete_many()
    for id, role in CALLERS.items():
        await db.user.create(data={"id": id, "email": f"{id}@example.com", "role": role})  # type: ignore[typeddict-item]
        await db.apikey.create(data={"key": stored(f"key-{id}"), "name": "k", "userId": id, "id": f"key-{id}"})
    statements = (
        """INSERT INTO api_keys (id, key, name, "userId") VALUES ($1, 'other', 'k', $1)""",
        """INSERT INTO accounts (id, "userId", type, provider, "providerAccountId")
           VALUES ($1, $1, 'o', 'p', '1')""",
        """INSERT INTO sessions (id, "sessionToken", "userId", expires) VALUES ($1, 't', $1, now() + '1 day')""",
        """INSERT INTO projects (id, name, "userId", "updatedAt") VALUES ($1, 'p', $1, now())""",
        """INSERT INTO usage_metrics (id, "userId", endpoint) VALUES ($1, $1, '/v1')""",
        """INSERT INTO credits (id, "userId", amount, type) VALUES ($1, $1, 99999999, 'BONUS')""",
        """INSERT INTO subscriptions (id, "userId", plan, status, "updatedAt")
           VALUES ($1, $1, 'PRO', 'ACTIVE', now())""",
        """INSERT INTO billing_info (id, "userId", "updatedAt") VALUES ($1, $1, now())""",
        """INSERT INTO invoices (id, "billingInfoId", "stripeInvoiceId", amount, status, "periodStart", "periodEnd")
           VALUES ($1, $1, 'in_1', 1, 'OPEN', now(), now())""",
        """INSERT INTO rate_limits (id, identifier, endpoint, "resetAt")
           VALUES ($1, 'user:' || $1, 'api', now() + '1 day') ON CONFLICT DO NOTHING""",
    )
    for statement in statements:
        await db.execute_raw(statement, ID)


class Explorer:
    """Sends what Schemathesis makes up, and notes what is wrong with the answers."""

    def __init__(self, runner: asyncio.Runner, http: AsyncClient) -> None:
        self.runner, self.http = runner, http
        self.failures: list[str] = []
        self.succeeded: set[str] = set()

    def explore(self, operation: Any, mode: GenerationMode) -> None:
        """Send requests to one operation, as every kind of caller, about a record that is there and about others."""

        @MANY
        @given(operation.as_strategy(generation_mode=mode), st.sampled_from(["root", "root", ID, None]), st.booleans())
        def send(case: Any, caller: str | None, known: bool) -> None:
            if known:
                _about_the_known(case)
            answer = self._answer(case, caller)
            if answer.is_success:
                self.succeeded.add(operation.label)
            case.validate_response(answer, checks=CHECKS)

        try:
            send()
        except Unsatisfiable:
            # There is nothing about an operation without parameters that could be wrong.
            if mode is not GenerationMode.NEGATIVE:
                raise
        except FailureGroup as group:
            self.failures += [f"{operation.label}: {failure}" for failure in group.exceptions]

    def _answer(self, case: Any, caller: str | None) -> Response:
        try:
            prepared = requests.Request(**case.as_transport_kwargs(base_url="http://service")).prepare()
        except (requests.RequestException, ValueError):
            assume(False)  # nothing that could be sent
            raise
        headers = {name: value for name, value in prepared.headers.items() if name.lower() not in CREDENTIALS}
        if caller is not None:
            headers["X-API-Key"] = f"key-{caller}"
        body: Any = prepared.body
        request = self.http.build_request(
            prepared.method or "", prepared.url or "", headers=_text(headers), content=body
        )
        return self.runner.run(self.http.send(request))


def _text(headers: dict[str, str | bytes]) -> dict[str, str]:
    return {name: value.decode("latin-1") if isinstance(value, bytes) else value for name, value in headers.items()}


def _about_the_known(case: Any) -> None:
    """Turn a request into one about records that are there, without conditions that they can hardly meet."""
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = ID
    if "userId" in {parameter.name for parameter in case.operation.query}:
        case.query = {**(case.query or {}), "userId": ID}
    case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() not in CONDITIONS}


@pytest.mark.timeout(300)  # some 20 s of work, however busy the machine is
def test_no_answer_is_an_error_of_ours_or_undeclared(migrated: str):
    app = application(migrated)
    document = schemathesis.openapi.from_dict(app.openapi())
    with asyncio.Runner() as runner, ExitStack() as stack:
        db = Prisma(datasource={"url": migrated})
        runner.run(db.connect())
        stack.callback(lambda: runner.run(db.disconnect()))
        service = serving(app)
        explorer = Explorer(runner, runner.run(service.__aenter__()))
        stack.callback(lambda: runner.run(service.__aexit__(None, None, None)))
        found: list[Any] = list(document.get_all_operations())
        for operation in found:
            for mode in GenerationMode:
                runner.run(fill(db))
                explorer.explore(operation.ok(), mode)
    assert explorer.failures == []
    # What is only ever refused shows little.
    assert len(explorer.succeeded) > 0.8 * len(found)
