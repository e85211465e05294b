"""`select` with a class types the results as that class."""

from dataclasses import dataclass
from typing import NamedTuple, TypedDict, assert_type

from client import Prisma, enums
from pydantic import BaseModel


class OrderState(BaseModel):
    state: enums.OrderState


class CustomerCard(BaseModel):
    email: str
    orders: list[OrderState]


@dataclass
class CustomerData:
    email: str


class CustomerRow(TypedDict):
    email: str


class CustomerPair(NamedTuple):
    id: int
    email: str


async def shapes(db: Prisma) -> None:
    cards = await db.customers.find_many(where={"email": {"contains": "@"}}, select=CustomerCard)
    assert_type(cards, list[CustomerCard])
    assert_type(cards[0].orders[0].state, enums.OrderState)
    assert_type(await db.customers.find_unique({"id": 1}, select=CustomerData), CustomerData | None)
    assert_type(await db.customers.find_first_or_raise(select=CustomerRow), CustomerRow)
    assert_type(await db.customers.update({"email": "b"}, {"id": 1}, select=CustomerPair), CustomerPair | None)
    assert_type(await db.customers.create({"email": "a"}, select=CustomerCard), CustomerCard)
    assert_type(await db.customers.delete({"id": 1}, select=CustomerCard), CustomerCard | None)
    async for each in db.customers.stream(select=CustomerPair, include={}):
        assert_type(each, CustomerPair)
    found = await db.customers.find_many(select=CustomerCard, include={"orders": {"take": 3}})
    assert_type(found, list[CustomerCard])

    print(cards[0].name)  # error: reportAttributeAccessIssue | attr-defined
    await db.customers.find_many(select=cards[0])  # error: reportCallIssue, reportArgumentType
    await db.customers.find_many(select=CustomerCard, include={"o": True})  # error: reportCallIssue, reportArgumentType
    await db.customers.find_many(select=CustomerCard, omit={"email": True})  # error: reportCallIssue
