"""What schemas for earlier releases hold is there again after the schema engine has changed them."""

from __future__ import annotations

import re

import pytest

from prisma.schema.legacy import accepted
from prisma.schema.parser import format
from prisma.schema.restoration import restored

SCHEMA = """\
datasource db {
  provider          = "postgresql"
  url               = env("DATABASE_URL")
  directUrl         = env("DIRECT_DATABASE_URL")
  shadowDatabaseUrl = "postgresql://localhost/shadow"
  relationMode      = "prisma"
}

generator one {
  provider        = "prisma-client-py"
  previewFeatures = ["metrics", "views"]
}

generator two {
  provider        = "prisma-client-py"
  output          = "two"
  previewFeatures = ["metrics"]
  interface       = "sync"
}

generator three {
  provider        = "prisma-client-py"
  previewFeatures = ["views"]
}

model Blob {
  id    Int     @id
  plain Bytes   @default("foo!")
  coded Bytes   @default("aGVsbG8=")
  list  Bytes[] @default(["foo!", "it's"])
  text  String  @default("Zm9vIQ==")
}
"""


def through_the_engine(text: str) -> str:
    """Return a schema as the engine gives it back, which leaves no lines empty where URLs were."""
    return re.sub(r"^ +\n", "", accepted(text), flags=re.MULTILINE)


def test_a_schema_that_the_engine_left_alone() -> None:
    given = [("schema.prisma", SCHEMA)]
    assert format(restored(given, [("schema.prisma", through_the_engine(SCHEMA))])) == given


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('  previewFeatures = ["metrics"]\n', "", id="no preview features"),
        pytest.param("  plain Bytes   @default", "  plain Bytes?  @default", id="optional"),
        pytest.param('  coded Bytes   @default("aGVsbG8=")\n', "", id="column gone"),
    ],
)
def test_a_schema_that_the_engine_changed(before: str, after: str) -> None:
    """The engine leaves out empty lists of features."""
    assert before in SCHEMA
    given = [("schema.prisma", SCHEMA)]
    changed = through_the_engine(SCHEMA.replace(before, after))
    wanted = SCHEMA if "metrics" in before else SCHEMA.replace(before, after)
    assert format(restored(given, [("schema.prisma", changed)])) == format([("schema.prisma", wanted)])


def test_files_apart() -> None:
    """The URL goes where the datasource is, and a default where its model is."""
    datasource, model = SCHEMA[: SCHEMA.index("model")], SCHEMA[SCHEMA.index("model") :]
    given = [("main.prisma", datasource), ("models.prisma", model)]
    answered = [(path, through_the_engine(text)) for path, text in given]
    assert format(restored(given, [*answered, ("introspected.prisma", "model New {\n  id Int @id\n}\n")])) == format(
        [*given, ("introspected.prisma", "model New {\n  id Int @id\n}\n")]
    )


def test_a_schema_without_url() -> None:
    text = 'datasource db {\n  provider = "postgresql"\n}\n'
    assert restored([("a", text)], [("a", text)]) == [("a", text)]


PARTIAL = """\
generator client {
  provider        = "prisma-client-py"
  previewFeatures = ["partialIndexes"]
}

model Post {
  id    Int    @id
  title String @unique(map: "title", where: raw("(a = 'where: (')")) @db.VarChar(100)
  where String @unique
  slug  String @db.VarChar(9) @unique(where: { where: "a" })

  @@index([id(sort: Desc)], map: "recent", where: raw("(id > 0)"))
}

model Tag {
  id Int @id

  @@index([id])
  @@unique([id], where: raw("x"))
}
"""
WITHOUT_PARTIAL = """\
generator client {
  provider = "prisma-client-py"
}

model Post {
  id    Int    @id
  title String @db.VarChar(100)
  where String @unique
  slug  String @db.VarChar(9)
}

model Tag {
  id Int @id

  @@index([id])
}
"""


@pytest.mark.parametrize("given", [PARTIAL, WITHOUT_PARTIAL], ids=["asked for", "not asked for"])
def test_partial_indexes(given: str) -> None:
    assert format(restored([("a", given)], [("a", PARTIAL)])) == format([("a", given)])
