"""The fair share: a user's transactions wait for each other before they take a connection."""

from __future__ import annotations

import asyncio

import pytest
from httpx import AsyncClient

from app.http.problems import ProblemError
from app.tenancy.fair_share import FairShare
from prisma import Prisma
from tests.conftest import Enrol


async def test_turns_go_to_the_one_that_waits_longest():
    share, order = FairShare(6), list[str]()

    async def work(name: str) -> None:
        await share.enter("ada")
        order.append(f"{name} in")
        await asyncio.sleep(0)
        order.append(f"{name} out")
        share.leave("ada")

    await asyncio.gather(*(work(name) for name in "abcd"))
    assert order == ["a in", "b in", "a out", "b out", "c in", "d in", "c out", "d out"]


async def test_other_users_do_not_wait():
    share = FairShare(3)
    await share.enter("ada")
    await asyncio.wait_for(share.enter("eve"), 1)


async def test_a_turn_that_comes_too_late_and_one_that_is_cancelled():
    share = FairShare(3, max_wait=0)
    await share.enter("ada")
    with pytest.raises(ProblemError) as refused:
        await share.enter("ada")
    patient = FairShare(3)
    await patient.enter("ada")
    waiting = asyncio.create_task(patient.enter("ada"))
    await asyncio.sleep(0)
    patient.leave("ada")
    waiting.cancel()
    await asyncio.wait([waiting])
    # The turn that nobody took is free again.
    await asyncio.wait_for(patient.enter("ada"), 1)
    assert (refused.value.status, waiting.cancelled()) == (503, True)


async def test_racing_requests_of_one_user_leave_connections_for_others(http: AsyncClient, enrol: Enrol, db: Prisma):
    ada, eve = await enrol("ada"), await enrol("eve")
    async with db.tx() as tx:
        # Every request of Ada's that changes her row waits for this.
        await tx.query_raw("SELECT id FROM users WHERE id = 'ada' FOR UPDATE")
        racing = [
            asyncio.create_task(http.patch("/api/v1/users/me", json={"name": "A"}, headers=ada.headers))
            for _ in range(30)
        ]
        seen = await asyncio.wait_for(http.get("/api/v1/users/me", headers=eve.headers), 3)
        assert (seen.status_code, [task.done() for task in racing]) == (200, [False] * 30)
    assert {(await task).status_code for task in racing} == {200}
