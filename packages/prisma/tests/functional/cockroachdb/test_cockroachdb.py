"""A client for CockroachDB on PostgreSQL, which stands in for the server: its retry errors, and what it lacks.

That its queries answer as they should is shown in `tests/differential`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, get_args

import pytest

from app.database.retry import Backoff, with_transaction
from prisma.errors import DataError

pytestmark = [pytest.mark.schema("blog"), pytest.mark.only_cockroachdb]

# The first two writes are refused with the words of CockroachDB: at once, or at the commit.
CONFLICTS = (
    "CREATE SEQUENCE IF NOT EXISTS attempts",
    "ALTER SEQUENCE attempts RESTART",
    """
    CREATE OR REPLACE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('attempts') < 3 THEN
            RAISE EXCEPTION 'restart transaction: TransactionRetryWithProtoRefreshError: WriteTooOldError'
                USING ERRCODE = '40001';
        END IF;
        RETURN NULL;
    END $$
    """,
    'CREATE CONSTRAINT TRIGGER conflict AFTER INSERT ON "User" {} FOR EACH ROW EXECUTE FUNCTION conflict()',
)
TIMES = {"statement": "", "commit": "DEFERRABLE INITIALLY DEFERRED"}


@pytest.fixture(params=TIMES)
async def conflicting(db: Any, request: pytest.FixtureRequest) -> Any:
    """The client, on a database that refuses the first two users."""
    for statement in CONFLICTS:
        await db.execute_raw(statement.format(TIMES[request.param]))
    yield db
    await db.execute_raw('DROP TRIGGER conflict ON "User"')


async def create(tx: Any) -> None:
    await tx.user.create({"name": "Ada", "posts": {"create": [{"title": "one"}]}})


async def test_a_conflict_is_p2034(conflicting: Any) -> None:
    with pytest.raises(DataError) as caught:
        async with conflicting.tx() as tx:
            await create(tx)
    assert (caught.value.code, caught.value.retriable) == ("P2034", True)


async def test_with_transaction_repeats_all_of_it(conflicting: Any) -> None:
    attempts: list[Any] = []

    async def work(tx: Any) -> None:
        attempts.append(tx)
        await create(tx)

    await with_transaction(conflicting, work, backoff=Backoff(first=0.01))
    assert (len(attempts), await conflicting.user.count(), await conflicting.post.count()) == (3, 1, 1)


def test_what_it_lacks_is_no_argument(driver: str, packages: Any) -> None:
    types = import_module(f"{packages.get('blog', driver).__name__}.types")
    assert (get_args(types.IsolationLevel), "search" in types.StringFilter.__annotations__) == (
        ("ReadCommitted", "Serializable"),
        False,
    )
    assert ["mode" in types.StringFilter.__annotations__, "lt" in types.JsonFilter.__annotations__] == [True, False]
