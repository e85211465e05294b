"""The routes for projects."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from app.api.projects import queries
from app.api.projects.schemas import ProjectCreate, ProjectShown, ProjectUpdate
from app.api.router import api_router
from app.http.etags import NOT_MODIFIED, Expected, ExpectedVersion, Known, KnownVersion, tag, version_responses
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, fields_of
from app.idempotency.request import IDEMPOTENCY_RESPONSES, Idempotency, WorkResult
from app.tenancy.access import RecordID, TenantAccess
from prisma import Prisma

router = api_router("projects")

ProjectWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(ProjectShown))]
MADE = IDEMPOTENCY_RESPONSES | version_responses(HTTPStatus.CREATED)
READ = problem_responses(HTTPStatus.NOT_FOUND) | version_responses(HTTPStatus.OK) | NOT_MODIFIED
DELETED = problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED)
CHANGED = DELETED | version_responses(HTTPStatus.OK)


@router.get("", responses=PAGE_RESPONSE)
async def list_projects(
    access: TenantAccess,
    window: ProjectWindow,
    fields: ShownFields,
    is_active: Annotated[bool | None, Query(alias="isActive")] = None,
) -> Page[ProjectShown]:
    """Return a page of projects, newest first."""
    rows = await access.in_order().run(
        lambda tx: queries.list_projects(tx, access.user_id, window, fields, is_active=is_active)
    )
    return window.page(rows, fields)


@router.post("", status_code=HTTPStatus.CREATED, response_model=ProjectShown, responses=MADE)
async def create_project(
    access: TenantAccess, idempotency: Idempotency, body: ProjectCreate, fields: ShownFields
) -> Response:
    """Create a project."""

    async def work(tx: Prisma) -> WorkResult:
        project = await queries.create_project(tx, access.user_id, body.model_dump(), fields)
        headers = {"Location": access.location(f"{router.prefix}/{project['id']}"), "ETag": tag(project["updatedAt"])}
        return WorkResult(fields.shown(project), headers=headers)

    return await idempotency.run(access, work)


@router.get("/{id}", responses=READ)
async def read_project(access: TenantAccess, id: RecordID, fields: ShownFields, known: KnownVersion) -> ProjectShown:
    """Return a project."""
    project = await access.run(lambda tx: queries.find_project(tx, access.user_id, id, fields))
    return _shown(project, fields, known)


@router.patch("/{id}", responses=CHANGED)
async def update_project(
    access: TenantAccess,
    id: RecordID,
    body: ProjectUpdate,
    fields: ShownFields,
    expected: ExpectedVersion,
) -> ProjectShown:
    """Change a project; `settings` are merged into those that are there (RFC 7396)."""
    change = body.model_dump(exclude_unset=True)
    project = await access.run(lambda tx: queries.update_project(tx, access.user_id, id, change, fields, expected))
    return _shown(project, fields, expected)


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=DELETED)
async def delete_project(access: TenantAccess, id: RecordID, expected: ExpectedVersion) -> None:
    """Delete a project."""
    await access.run(lambda tx: queries.delete_project(tx, access.user_id, id, expected))


def _shown(project: dict[str, Any], fields: Fields, version: Expected | Known) -> ProjectShown:
    version.show(project["updatedAt"])
    return fields.shown(project)  # type: ignore[return-value]
