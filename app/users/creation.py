"""A user who is made from the command line, with an API key: the first ADMIN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from app.api.api_keys.queries import create_api_key
from app.api.api_keys.schemas import DEFAULT_HOURLY
from app.command_line import shell_command
from app.errors import FatalError
from app.http.field_types import Email
from app.keys.command import NAME
from prisma.enums import Role

if TYPE_CHECKING:
    from prisma import Prisma
    from prisma.models import User

# Two who run the command at the same time get one user and one key.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('ainative: users create', 0))::text"
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is asked for; `role` None means USER for a new user, and no change for another."""

    email: str
    name: str | None
    role: Role | None


@dataclass(frozen=True, slots=True)
class MadeUser:
    """What came of it; `before` is the role that the user had, `key` is None where there was one before."""

    id: str
    email: str
    role: Role
    before: Role | None
    key: str | None

    @property
    def is_new(self) -> bool:
        """Whether the user was made."""
        return self.before is None

    def story(self) -> str:
        """Return what happened, in words."""
        if self.before is None:
            return "was created"
        return "exists already" if self.before == self.role else f"exists already, and was {self.before} before"


def check_email(text: str) -> str:
    """Return an address as it is stored.

    Raises:
        FatalError: it is none.
    """
    try:
        return _EMAIL.validate_python(text)
    except ValidationError as error:
        raise FatalError(f"{text} is not an e-mail address.", "Write it as NAME@example.com.") from error


async def create_user(db: Prisma, wanted: NewUser) -> MadeUser:
    """Make the user if there is none, give the role, and make a key if the command made none before.

    Raises:
        FatalError: several users have the address, in small and capital letters.
    """
    async with db.tx() as tx:
        await tx.query_raw(_LOCK)
        found = await tx.user.find_many(where={"email": {"equals": wanted.email, "mode": "insensitive"}})
        if len(found) > 1:
            raise FatalError(
                f"Several users have the address {wanted.email}.",
                f"See: {shell_command('python -m app.users clashes')}",
            )
        before = found[0] if found else None
        user = await _with_role(tx, wanted, before)
        has_key = await tx.apikey.count(where={"userId": user.id, "name": NAME, "isActive": True})
        made: Any = None
        if not has_key:
            made = await create_api_key(tx, user.id, {"name": NAME, "rateLimit": DEFAULT_HOURLY})
    return MadeUser(user.id, user.email, user.role, before.role if before else None, made and made["key"])


async def _with_role(tx: Prisma, wanted: NewUser, before: User | None) -> User:
    if before is None:
        return await tx.user.create({"email": wanted.email, "name": wanted.name, "role": wanted.role or Role.USER})
    if wanted.role is None or wanted.role == before.role:
        return before
    # Not None: the transaction holds the row's lock, if not the row itself.
    return await tx.user.update(where={"id": before.id}, data={"role": wanted.role}) or before
