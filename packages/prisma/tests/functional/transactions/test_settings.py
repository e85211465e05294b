"""Configuration parameters of a transaction, which are sent together with BEGIN."""

from __future__ import annotations

from typing import Any

import pytest

from prisma import Prisma
from prisma.errors import InputError

LOOK = "SELECT current_setting('app.user_id', true) AS id"
VALUE = "o'neil \\' ; $1 -- \u00e9\U0001f600"


async def user_of(client: Any) -> str | None:
    return (await client.query_raw(LOOK))[0]["id"] or None


async def test_settings_end_with_their_transaction(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        manager = db.tx(isolation_level="Serializable")
        tx = await manager.start({"app.user_id": VALUE})
        inside = await user_of(tx)
        nested = tx.tx()
        inner = await nested.start({"app.user_id": "inner"})
        in_savepoint = await user_of(inner)
        await nested.rollback()
        after_savepoint = await user_of(tx)
        await manager.commit()
        outside = await user_of(db)
    assert (inside, in_savepoint, after_savepoint, outside) == (VALUE, "inner", VALUE, None)


async def test_a_setting_that_is_refused_opens_no_transaction(url: str) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        with pytest.raises(Exception, match="no_such_role"):
            await db.tx().start({"role": "no_such_role"})
        assert await user_of(db) is None


@pytest.mark.parametrize(
    "settings", [{"app.x": "a\ud800b"}, {"app.x": "a\0b"}, {"app.\udfff": "x"}, {"app.x": 1}, {1: "x"}]
)
async def test_a_setting_that_is_no_text_is_an_input_error(url: str, settings: Any) -> None:
    async with Prisma(datasource={"url": f"{url}&connection_limit=1"}) as db:
        with pytest.raises(InputError, match="A setting of a transaction and its name are text"):
            await db.tx().start(settings)
        assert await user_of(db) is None
