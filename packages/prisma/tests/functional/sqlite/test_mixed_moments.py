"""Columns that hold moments in two forms: all are read, and the log says once what goes wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prisma.engine import stored_moments
from prisma.errors import DataError

NOON = datetime(2024, 2, 3, 12, 4, 5, 789_000, UTC)
HOUR = timedelta(hours=1)
# As programs store them, an hour apart each.
FORMS = [
    "1706961845789",
    "'2024-02-03T13:04:05.789+00:00'",
    "'2024-02-03T16:04:05.789+02:00'",
    "'2024-02-03 15:04:05.789'",
]
URLS = {"numbers": "", "text": "?timestamp_format=iso8601"}
CASES = [
    ("numbers", FORMS, "ISO 8601 text, while this client writes and compares milliseconds since 1970"),
    ("text", FORMS[:2], "milliseconds since 1970, while this client writes and compares ISO 8601 text"),
]


@pytest.fixture(autouse=True)
def warned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was warned of."""
    monkeypatch.setattr(stored_moments, "_warned", set[tuple[str, str]]())


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Give what the log got of it."""
    return lambda: [record.getMessage() for record in caplog.records if record.name == stored_moments.__name__]


@pytest.mark.parametrize(("own", "forms", "said"), CASES)
async def test_a_column_is_named_once_and_converted(
    make_client: Callable[..., Any],
    stored: Callable[[str], Any],
    warnings: Callable[[], list[str]],
    own: str,
    forms: list[str],
    said: str,
) -> None:
    for number, form in enumerate(forms):
        stored(f"INSERT INTO User (email, born, changed) VALUES ('{number}', {form}, {FORMS[own == 'text']})")
    moments = [NOON + HOUR * number for number in range(len(forms))]
    async with make_client(URLS[own]) as db:
        read = [[user.born for user in await db.user.find_many(order={"id": "asc"})] for _ in range(2)]
        told = warnings()
        # The sentence has the statement that ends it.
        (conversion,) = re.findall(r"\((UPDATE .*)\), or ", told[0])
        await db.execute_raw(conversion)
        before = [user.born for user in await db.user.find_many(where={"born": {"lt": NOON + HOUR}})]
        ordered = [user.born for user in await db.user.find_many(order={"born": "desc"})]
    assert (read, len(told), f"The column 'born' of the table 'User' holds moments as {said}" in told[0]) == (
        [moments] * 2,
        1,
        True,
    )
    assert (before, ordered, stored("SELECT count(DISTINCT typeof(born)) FROM User")) == ([NOON], moments[::-1], [(1,)])


async def test_what_is_no_moment(db: Any, stored: Callable[[str], Any]) -> None:
    stored("INSERT INTO User (email, born, changed) VALUES ('a', 1706961845.5, 0)")
    with pytest.raises(DataError) as caught:
        await db.user.find_many()
    reason = "a moment is ISO 8601 text, or milliseconds since 1970 as a whole number"
    sentence = f"Inconsistent column data: the field 'born' has an unexpected form ({reason})"
    assert (caught.value.code, str(caught.value)) == ("P2023", sentence)


async def test_columns_of_aggregates_and_relations(
    db: Any, stored: Callable[[str], Any], warnings: Callable[[], list[str]]
) -> None:
    stored(f"INSERT INTO User (email, born, changed) VALUES ('a', {FORMS[1]}, {FORMS[1]})")
    stored("INSERT INTO posts (id, title, author_id) VALUES ('p', 't', 1)")
    post = await db.post.find_first(include={"author": True})
    (group,) = await db.user.group_by(["email"], max={"changed": True})
    named = [message.split(" holds ")[0] for message in warnings()]
    assert (post.author.born, group["_max"]["changed"], named) == (
        NOON + HOUR,
        NOON + HOUR,
        ["The column 'born' of the table 'User'", "The column 'changed' of the table 'User'"],
    )


@pytest.mark.parametrize("own", ["numbers", "text"])
async def test_what_the_client_writes_itself(
    make_client: Callable[..., Any], warnings: Callable[[], list[str]], own: str
) -> None:
    async with make_client(URLS[own]) as db:
        await db.user.create({"email": "a"})
        await db.user.create_many_and_return([{"email": "b", "born": NOON}, {"email": "c"}])
        users = await db.user.find_many(order={"id": "asc"}, include={"posts": True})
    assert (users[1].born, len(users), warnings()) == (NOON, 3, [])
