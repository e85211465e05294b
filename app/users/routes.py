"""Users over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import APIRouter, Path, Query, Response
from pydantic import BeforeValidator

from app.db import Database
from app.errors import NotFoundError, problem_responses
from app.users import queries
from app.users.schemas import Relation, UserCreate, UserPage, UserShown, UserUpdate
from prisma.models import User

if TYPE_CHECKING:
    from prisma.types import UserCreateInput, UserUpdateInput

MAX_TAKE = 100
DEFAULT_TAKE = 20
MAX_SKIP = 2**31 - 1  # the largest Int that Prisma takes

router = APIRouter(
    prefix="/api/users",
    tags=["users"],
    responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)


def _words(values: list[str]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


UserID = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
Relations = Annotated[
    list[Relation],
    BeforeValidator(_words),
    Query(
        default_factory=list,
        alias="include",
        description="Relations to add to each user, e.g. include=projects,apiKeys",
    ),
]


@router.get("", response_model_exclude_unset=True)
async def list_users(
    db: Database,
    relations: Relations,
    skip: Annotated[int, Query(ge=0, le=MAX_SKIP)] = 0,
    take: Annotated[int, Query(ge=1, le=MAX_TAKE)] = DEFAULT_TAKE,
) -> UserPage:
    """Return a page of users, newest first."""
    users = await queries.list_users(db, skip=skip, take=take, relations=relations)
    total = await queries.count_users(db)
    return UserPage(items=[_shown(user, relations) for user in users], total=total, skip=skip, take=take)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model_exclude_unset=True,
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def create_user(db: Database, body: UserCreate, response: Response) -> UserShown:
    """Create a user."""
    user = await queries.create_user(db, cast("UserCreateInput", body.model_dump(mode="json")))
    response.headers["Location"] = f"{router.prefix}/{user.id}"
    return _shown(user, [])


@router.get("/{id}", response_model_exclude_unset=True, responses=problem_responses(HTTPStatus.NOT_FOUND))
async def read_user(db: Database, id: UserID, relations: Relations) -> UserShown:
    """Return a user."""
    return _shown(_found(await queries.find_user(db, id, relations), id), relations)


@router.patch(
    "/{id}",
    response_model_exclude_unset=True,
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def update_user(db: Database, id: UserID, body: UserUpdate) -> UserShown:
    """Change a user."""
    changes = cast("UserUpdateInput", body.model_dump(mode="json", exclude_unset=True))
    return _shown(_found(await queries.update_user(db, id, changes), id), [])


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=problem_responses(HTTPStatus.NOT_FOUND))
async def delete_user(db: Database, id: UserID) -> None:
    """Delete a user with everything that belongs to it."""
    _found(await queries.delete_user(db, id), id)


def _found(user: User | None, id: str) -> User:
    if user is None:
        raise NotFoundError("user", id)
    return user


def _shown(user: User, relations: list[Relation]) -> UserShown:
    hidden = set(Relation) - set(relations)
    return UserShown.model_validate({f: getattr(user, f) for f in UserShown.model_fields if f not in hidden})
