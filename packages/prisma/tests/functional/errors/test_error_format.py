"""The text of errors in each format."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from prisma import Prisma
from prisma.errors import DataError

SENTENCE = (
    "The field `emial` does not exist on User (at `where.OR[1].emial`). Did you mean `email`? "
    "(Could not find field at `findManyUser.where.OR.emial`.)"
)
COLORLESS = f"""\
Invalid `db.user.find_many()` invocation in test_error_format.py:{{line}}:

{{{{
  take: int
  where: {{{{
    name: str
    OR: [1] = {{{{
      emial: str
      ~~~~~
    }}}}
  }}}}
}}}}

{SENTENCE}"""
MISSING = """\
Invalid `db.user.create()` invocation in test_error_format.py:{line}:

{{
  data: {{
    name: str
    email: ?
    ~~~~~
  }}
}}

`data.email`: A value is required but not set."""
UNIQUE = """\
Invalid `db.user.create()` invocation in test_error_format.py:{line}:

Unique constraint failed on the fields: (`email`)"""


async def raised(url: str, error_format: Any, call: Any) -> str:
    """Return the message of the error that a call raises, with {line} for the line below that awaits it."""
    async with Prisma(datasource={"url": url}, error_format=error_format) as db:
        await db.user.delete_many()
        await db.user.create({"email": "ada@example.com"})
        with pytest.raises(DataError) as caught:
            await call(db)
    source, first = inspect.getsourcelines(raised)
    line = first + source.index("            await call(db)\n")
    return str(caught.value).replace(f"py:{line}:", "py:{line}:")


WRONG: Any = {"name": "secret", "OR": [{"email": "a"}, {"emial": "secret"}]}
LACKING: Any = {"name": "secret"}


async def test_minimal(url: str) -> None:
    assert await raised(url, "minimal", lambda db: db.user.find_many(take=3, where=WRONG)) == SENTENCE


async def test_colorless(url: str) -> None:
    messages = [
        await raised(url, "colorless", lambda db: db.user.find_many(take=3, where=WRONG)),
        await raised(url, "colorless", lambda db: db.user.create(LACKING)),
        await raised(url, "colorless", lambda db: db.user.create({"email": "ada@example.com"})),
    ]
    assert messages == [text.format(line="{line}") for text in (COLORLESS, MISSING, UNIQUE)]


async def test_pretty(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = await raised(url, "pretty", lambda db: db.user.find_many(where=WRONG))
    monkeypatch.setenv("NO_COLOR", "1")
    plain = await raised(url, "pretty", lambda db: db.user.find_many(where=WRONG))
    assert ("\x1b[31memial\x1b[0m: str" in coloured, "\x1b" in plain) == (True, False)


def test_unknown_format() -> None:
    wrong: Any = "loud"
    with pytest.raises(ValueError, match="There is no error format 'loud'; use pretty, colorless, minimal"):
        Prisma(error_format=wrong)
