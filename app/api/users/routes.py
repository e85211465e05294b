"""The routes for users."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import BeforeValidator

from app.api.router import api_router
from app.api.users import queries
from app.api.users.schemas import Relation, UserCreate, UserFields, UserShown, UserUpdate
from app.auth.authentication import CurrentCaller
from app.http.etags import NOT_MODIFIED, Expected, ExpectedVersion, KnownVersion, tag, version_responses
from app.http.pagination import NEWEST_FIRST, PAGE_RESPONSE, Page, Window, window_of
from app.http.problems import problem_responses
from app.http.sparse_fields import Fields, fields_of, no_words, words
from app.idempotency.request import IDEMPOTENCY_RESPONSES, Idempotency, WorkResult
from app.tenancy.access import Access, OwnerAccess, PathAccess
from prisma import Prisma
from prisma.enums import Role

router = api_router("users")

UserWindow = Annotated[Window, Depends(window_of(NEWEST_FIRST))]
ShownFields = Annotated[Fields, Depends(fields_of(UserFields))]
Relations = Annotated[
    list[Relation],
    BeforeValidator(words),
    Query(default_factory=no_words, alias="include", description="Relations to add, e.g. include=projects,apiKeys"),
]
MADE = IDEMPOTENCY_RESPONSES | version_responses(HTTPStatus.CREATED)
READ = problem_responses(HTTPStatus.NOT_FOUND) | version_responses(HTTPStatus.OK) | NOT_MODIFIED
DELETED = problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED)
CHANGED = DELETED | problem_responses(HTTPStatus.CONFLICT) | version_responses(HTTPStatus.OK)


@router.get("", responses=PAGE_RESPONSE)
async def list_users(
    access: OwnerAccess,
    window: UserWindow,
    fields: ShownFields,
    role: Role | None = None,
    email: Annotated[str | None, Query(max_length=320, pattern=r"^[^\x00]*$")] = None,
) -> Page[UserFields]:
    """Return a page of all users, newest first; ADMIN."""
    rows = await access.run(lambda tx: queries.list_users(tx, window, fields, role=role, email=email))
    return window.page(rows, fields)


@router.post("", status_code=HTTPStatus.CREATED, response_model=UserFields, responses=MADE)
async def create_user(access: OwnerAccess, idempotency: Idempotency, body: UserCreate, fields: ShownFields) -> Response:
    """Create a user; ADMIN."""

    async def work(tx: Prisma) -> WorkResult:
        user = await queries.create_user(tx, body.model_dump(mode="json"), fields)
        headers = {"Location": f"{router.prefix}/{user['id']}", "ETag": tag(user["updatedAt"])}
        return WorkResult(fields.shown(user), headers=headers)

    return await idempotency.run(access, work)


@router.get("/{id}", responses=READ)
async def read_user(access: PathAccess, fields: ShownFields, relations: Relations, known: KnownVersion) -> UserShown:
    """Return a user."""
    chosen = queries.with_relations(fields, relations)
    user = await access.in_order().run(lambda tx: queries.find_user(tx, access.user_id, chosen))
    if not relations:
        # No tag with relations: their rows change without the user's row.
        known.show(user["updatedAt"])
    return chosen.shown(user)  # type: ignore[return-value]


@router.patch("/{id}", responses=CHANGED)
async def update_user(
    access: PathAccess,
    caller: CurrentCaller,
    body: UserUpdate,
    fields: ShownFields,
    expected: ExpectedVersion,
) -> UserFields:
    """Change a user. A new address needs the token that was sent to it, except from an ADMIN."""
    change = body.model_dump(mode="json", exclude_unset=True, exclude={"emailToken"})
    confirmation = None
    way: Access = access
    if "role" in change:
        way = access.as_owner(caller)
    elif "email" in change and not caller.is_admin:
        # A tenant's role can't read verification tokens.
        way = access.as_service()
        confirmation = queries.Confirmation(body.emailToken.get_secret_value() if body.emailToken else None)
    user = await way.run(
        lambda tx: queries.update_user(tx, access.user_id, change, fields, expected, confirmation=confirmation)
    )
    return _shown(user, fields, expected)


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=DELETED | problem_responses(HTTPStatus.CONFLICT))
async def delete_user(access: PathAccess, expected: ExpectedVersion) -> None:
    """Delete a user with everything that belongs to it."""
    await access.run(lambda tx: queries.delete_user(tx, access.user_id, expected))


def _shown(user: dict[str, object], fields: Fields, version: Expected) -> UserFields:
    version.show(user["updatedAt"])  # type: ignore[arg-type]
    return fields.shown(user)  # type: ignore[return-value]
