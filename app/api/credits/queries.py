"""The queries for credits."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from app.api import kinds, records
from app.api.locks import lock_user
from app.database.service_tables import is_usable
from app.http.money import CENT
from app.http.problems import ProblemError
from app.http.time_ranges import between
from prisma import sql
from prisma.enums import CreditType
from prisma.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.http.pagination import Window
    from app.http.sparse_fields import Fields, Row
    from prisma import Prisma

_SUM = 'SELECT coalesce(sum(amount), 0)::text AS balance FROM credits WHERE "userId" = $1'
_BALANCE = 'SELECT balance::text AS balance FROM service.credit_balances WHERE "userId" = $1'

_TABLE = sql("credits")
_OF_TYPE = {
    CreditType.PURCHASE: sql("type = 'PURCHASE'"),
    CreditType.BONUS: sql("type = 'BONUS'"),
    CreditType.REFUND: sql("type = 'REFUND'"),
    CreditType.USAGE: sql("type = 'USAGE'"),
    CreditType.SUBSCRIPTION: sql("type = 'SUBSCRIPTION'"),
    CreditType.PROMOTIONAL: sql("type = 'PROMOTIONAL'"),
}

_CHECK_VIOLATION = "23514"  # SQLSTATE


class InsufficientCreditsError(ProblemError):
    """409: there is less to spend than that."""

    def __init__(self, balance: Decimal | None) -> None:
        known = "" if balance is None else f" of {balance}"
        super().__init__(
            HTTPStatus.CONFLICT, "insufficient_credits", f"The balance{known} is less than what is to be spent."
        )


async def list_credits(
    tx: Prisma,
    user_id: str,
    window: Window,
    fields: Fields,
    *,
    type: CreditType | None,
    since: datetime | None,
    until: datetime | None,
) -> list[Row]:
    """Return a page's movements of a user, newest first; `since` counts in, `until` does not."""
    if type is not None:
        of_user = [_OF_TYPE[type], sql('"userId" = {}', user_id), *kinds.created_between(since, until)]
        return await kinds.find_page(tx.credit, _TABLE, of_user, window)
    where: dict[str, Any] = {"userId": user_id}
    if period := between(since, until):
        where["createdAt"] = period
    return await records.find_page(tx.credit, where, window, fields)


async def find_credit(tx: Prisma, user_id: str, id: str, fields: Fields) -> Row:
    """Return a movement; NotFoundError."""
    return await records.find(tx.credit, {"id": id, "userId": user_id}, fields, "credit")


async def can_read_balances(db: Prisma) -> bool:
    """Tell whether the database keeps balances that this database user and tenants may read."""
    return await is_usable(db, "credit_balances", own=("SELECT",), tenants=("SELECT",))


async def balance_of(tx: Prisma, user_id: str, *, kept: bool) -> Decimal:
    """Return the sum of a user's movements, which the database has if balances are `kept`."""
    found = await tx.query_first(_BALANCE if kept else _SUM, user_id)
    return Decimal(found["balance"] if found else 0).quantize(CENT)


async def grant(tx: Prisma, user_id: str, movement: Mapping[str, Any], fields: Fields) -> Row:
    """Give credits to a user; NotFoundError."""
    await lock_user(tx, user_id)
    return await records.create(tx.credit, {**movement, "userId": user_id}, fields)


async def spend(tx: Prisma, user_id: str, movement: Mapping[str, Any], fields: Fields, *, kept: bool) -> Row:
    """Take credits from a user, as far as there are any; `kept` as in `balance_of`.

    Raises:
        NotFoundError: there is no such user.
        InsufficientCreditsError: nothing was taken.
    """
    # Locked before the sum is read, so that concurrent requests can't spend more than the balance.
    await lock_user(tx, user_id)
    balance = await balance_of(tx, user_id, kept=kept)
    if balance < movement["amount"]:
        raise InsufficientCreditsError(balance)
    data = {**movement, "amount": -movement["amount"], "type": CreditType.USAGE, "userId": user_id}
    try:
        return await records.create(tx.credit, data, fields)
    except DataError as error:
        if error.meta.get("code") == _CHECK_VIOLATION:
            # Another application spent meanwhile without the lock: the database's own balance has refused this.
            raise InsufficientCreditsError(None) from error
        raise
