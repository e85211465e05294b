"""Requests that Schemathesis makes from the service's OpenAPI document, and the faults in the responses."""

from __future__ import annotations

import asyncio
from typing import Any

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

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8  # for each operation, of valid requests and of others
CREDENTIALS = {"authorization", "x-api-key", "cookie"}
CONDITIONS = {"if-match", "if-none-match", "idempotency-key"}
MANY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)


def operations(document: dict[str, Any]) -> list[Any]:
    """Return the operations that an OpenAPI document describes."""
    found: list[Any] = list(schemathesis.openapi.from_dict(document).get_all_operations())
    return [operation.ok() for operation in found]


class Explorer:
    """Sends what Schemathesis makes up, and notes what is wrong with the answers.

    There must be a user whose ID is `known`, and a record of theirs of each kind that has that ID, too.
    """

    def __init__(self, runner: asyncio.Runner, http: AsyncClient, known: str) -> None:
        self.runner, self.http, self.known = runner, http, known
        self.failures: list[str] = []
        self.succeeded: set[str] = set()

    def explore(self, operation: Any, mode: GenerationMode) -> None:
        """Send requests to one operation, as every kind of caller, about a record that is there and about others."""
        callers = st.sampled_from(["root", "root", self.known, None])

        @MANY
        @given(operation.as_strategy(generation_mode=mode), callers, st.booleans())
        def send(case: Any, caller: str | None, known: bool) -> None:
            if known:
                self._ask_for_the_known(case)
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

    def _ask_for_the_known(self, case: Any) -> None:
        """Turn a request into one about records that are there, without conditions that they can hardly meet."""
        if "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = self.known
        if "userId" in {parameter.name for parameter in case.operation.query}:
            case.query = {**(case.query or {}), "userId": self.known}
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() not in CONDITIONS}


def _text(headers: dict[str, str | bytes]) -> dict[str, str]:
    return {name: value.decode("latin-1") if isinstance(value, bytes) else value for name, value in headers.items()}
