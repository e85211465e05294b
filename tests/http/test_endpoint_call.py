"""Routes that answer by prepared steps: they answer as FastAPI does, and only deletions are left to FastAPI."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel, BeforeValidator
from typing_extensions import TypedDict

from app.api.projects import routes as projects
from app.api.usage_metrics import routes as usage_metrics
from app.api.users import routes as users
from app.http.request_checks.body import CheckedRoute


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Shown(TypedDict, total=False):
    value: Any
    count: int


class Body(BaseModel):
    name: str


def split(values: list[str]) -> list[str]:
    return [part for value in values for part in value.split(",")]


async def known(response: Response, if_none_match: Annotated[str | None, Header(max_length=5)] = None) -> str:
    response.headers["X-Seen"] = "yes"
    return if_none_match or ""


Known = Annotated[str, Depends(known)]


async def caller(request: Request, known: Known) -> str:
    return f"{request.headers.get('x-caller')} {known}"


def application(route_class: type[APIRoute]) -> FastAPI:
    """An application with routes of this class, with all kinds of parameters that our routes have."""
    app, router = FastAPI(), APIRouter(route_class=route_class)

    @router.get("/read/{id}")
    async def _(
        id: Annotated[str, Path(pattern="^[a-z]+$")],
        who: Annotated[str, Depends(caller)],
        known: Known,
        colours: Annotated[list[Colour], BeforeValidator(split), Query(default_factory=list[Any], alias="colour")],
        take: Annotated[int, Query(ge=1, le=9)] = 5,
        is_open: bool | None = None,
    ) -> Shown:
        return {"value": [id, who, known, colours, take, is_open], "count": take, "more": 1}  # type: ignore[typeddict-unknown-key]

    @router.post("/make", status_code=201)
    async def _(body: Body, known: Known) -> Shown:
        return {"value": [body.name, known]}

    app.include_router(router)
    return app


REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/read/a", {}),
    ("GET", "/read/a?take=3&is_open=yes&colour=red,blue&colour=red", {}),
    ("GET", "/read/a?take=&colour=", {}),
    ("GET", "/read/A?take=10&colour=green", {"headers": {"If-None-Match": "too long"}}),
    ("GET", "/read/a", {"headers": {"If-None-Match": "abc", "X-Caller": "me"}}),
    ("GET", "/read/a", {"headers": {"If-None-Match": ""}}),
    ("HEAD", "/read/a", {}),
    ("POST", "/read/a", {}),
    ("POST", "/make", {"json": {"name": "n"}}),
    ("POST", "/make", {"json": {"name": 1, "other": 2}}),
    ("POST", "/make", {"json": None}),
    ("POST", "/make", {"json": []}),
    ("POST", "/make", {}),
]


@pytest.mark.parametrize(("method", "target", "more"), REQUESTS)
async def test_steps_answer_as_fastapi(method: str, target: str, more: dict[str, Any]):
    answers: list[Any] = []
    for route_class in (APIRoute, CheckedRoute):
        app = application(route_class)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
            answer = await client.request(method, target, **more)
        answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
    assert answers[1] == answers[0]


def test_all_but_deletions_have_steps():
    routes = [route for noun in (users, projects, usage_metrics) for route in noun.router.routes]
    left = [route for route in routes if isinstance(route, CheckedRoute) and not route.has_steps]
    assert {method for route in left for method in route.methods or ()} == {"DELETE"}
