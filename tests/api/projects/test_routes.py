"""The routes for projects."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from app.http.field_types import MAX_DOCUMENT
from app.http.merge_patch import merged
from prisma import Prisma
from tests.conftest import Enrol

PATH = "/api/v1/projects"
FIELDS = {"id", "name", "description", "settings", "isActive", "createdAt", "updatedAt"}


@pytest.fixture(autouse=True)
async def ada(http: AsyncClient, enrol: Enrol) -> None:
    http.headers.update((await enrol("ada")).headers)


async def create(http: AsyncClient, **values: Any) -> dict[str, Any]:
    response = await http.post(PATH, json={"name": "P", **values})
    assert response.status_code == 201, response.text
    return response.json()


async def test_create_read_list(http: AsyncClient, db: Prisma):
    response = await http.post(PATH, json={"name": " P ", "description": "two\nlines", "settings": {"a": [1.5, None]}})
    project = response.json()
    assert (response.status_code, set(project)) == (201, FIELDS)
    assert response.headers["location"] == f"{PATH}/{project['id']}"
    assert response.headers["etag"] == (await http.get(f"{PATH}/{project['id']}")).headers["etag"]
    assert (project["name"], project["description"], project["settings"]) == ("P", "two\nlines", {"a": [1.5, None]})
    assert (await http.get(f"{PATH}/{project['id']}")).json() == project
    assert (await http.get(PATH)).json() == {"items": [project], "next": None}
    assert (await db.project.find_first_or_raise()).userId == "ada"


@pytest.mark.parametrize("value", [None, {}, [], 0, False, "", "text", 1.5, 10**30, {"ключ": "🦊"}])
async def test_settings_are_any_json(http: AsyncClient, value: Any):
    project = await create(http, settings=value)
    assert (await http.get(f"{PATH}/{project['id']}?fields=settings")).json() == {"settings": value}


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ("{}", ["body.name"]),
        ('{"name": ""}', ["body.name"]),
        ('{"name": "P", "userId": "eve"}', ["body.userId"]),
        ('{"name": "P", "settings": ' + "[" * 40 + "]" * 40 + "}", ["body.settings"]),
        ('{"name": "P", "isActive": null}', ["body.isActive"]),
    ],
)
async def test_refused(http: AsyncClient, db: Prisma, content: str, fields: list[str]):
    answer = await http.post(PATH, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert await db.project.count() == 0


# RFC 7396, appendix A.
MERGES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), MERGES)
def test_merge(target: Any, patch: Any, result: Any):
    assert merged(target, patch) == result


async def test_settings_are_merged(http: AsyncClient, db: Prisma):
    project = await create(http)
    found = []
    for target, patch, _ in MERGES:
        await http.patch(f"{PATH}/{project['id']}", json={"settings": None})
        await http.patch(f"{PATH}/{project['id']}", json={"settings": target})
        found.append((await http.patch(f"{PATH}/{project['id']}", json={"settings": patch})).json()["settings"])
    # A first document with a null in it loses that member: it is merged into nothing.
    assert found == [{"a": 1} if target == {"e": None} else result for target, _, result in MERGES]
    assert (await db.query_raw("SELECT settings FROM projects"))[0]["settings"] == {"a": {"bb": {}}}


async def test_a_document_does_not_grow_without_bound(http: AsyncClient, db: Prisma):
    text = "x" * (MAX_DOCUMENT - 20)
    project = f"{PATH}/{(await create(http, settings={'a': text}))['id']}"
    answers = [
        await http.post(PATH, json={"name": "P", "settings": {"a": text, "b": text}}),
        await http.patch(project, json={"settings": {"b": text}}),
        await http.patch(project, json={"settings": {"c": 1}}),
        await http.patch(project, json={"settings": {"d": text[:100]}}),
    ]
    found = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert found == [(422, "invalid_request"), (422, "document_too_large"), (200, None), (422, "document_too_large")]
    # The TypeScript application has no limit: what it wrote may shrink, step by step.
    await db.execute_raw(
        "UPDATE projects SET settings = jsonb_build_object('a', repeat('x', 100000), 'b', $1::text)", text
    )
    answers = [await http.patch(project, json={"settings": patch}) for patch in ({"a": 1, "c": 2}, {"b": text[:-9]})]
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_merges_at_the_same_moment_are_all_kept(http: AsyncClient):
    project = await create(http, settings={"start": True})
    answers = await asyncio.gather(
        *(http.patch(f"{PATH}/{project['id']}", json={"settings": {f"k{n}": n}}) for n in range(30))
    )
    assert {answer.status_code for answer in answers} == {200}
    found = (await http.get(f"{PATH}/{project['id']}")).json()
    assert found["settings"] == {"start": True, **{f"k{n}": n for n in range(30)}}


CHANGE = '{"description": "d", "isActive": false}'


async def test_change_and_delete(http: AsyncClient, db: Prisma):
    project = await create(http, settings={"a": 1})
    merge = {"Content-Type": "application/merge-patch+json"}
    assert (await http.patch(f"{PATH}/{project['id']}", content="{}", headers=merge)).status_code == 422
    changed = (await http.patch(f"{PATH}/{project['id']}", headers=merge, content=CHANGE)).json()
    assert changed == {**project, "description": "d", "isActive": False, "updatedAt": changed["updatedAt"]}
    assert [len((await http.get(f"{PATH}?isActive={v}")).json()["items"]) for v in ("true", "false")] == [0, 1]
    gone = [(await http.request(m, f"{PATH}/{project['id']}")).status_code for m in ("DELETE", "DELETE", "GET")]
    assert (gone, await db.project.count()) == ([204, 404, 404], 0)


@pytest.mark.parametrize("change", [{}, {"name": None}, {"isActive": None}, {"id": "x"}, {"createdAt": "2020-01-01"}])
async def test_changes_refused(http: AsyncClient, change: dict[str, Any]):
    project = await create(http)
    assert (await http.patch(f"{PATH}/{project['id']}", json=change)).status_code == 422
    assert (await http.get(f"{PATH}/{project['id']}")).json() == project


async def test_fields(http: AsyncClient):
    project = await create(http)
    found = await http.get(f"{PATH}/{project['id']}?fields=name&fields=id,isActive")
    changed = await http.patch(f"{PATH}/{project['id']}?fields=name", json={"name": "Q"})
    refused = await http.get(f"{PATH}/{project['id']}?fields=name,userId")
    assert (found.json(), changed.json()) == ({"id": project["id"], "name": "P", "isActive": True}, {"name": "Q"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "query.fields.1")
