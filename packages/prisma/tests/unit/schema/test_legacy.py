"""Schemas that earlier releases accepted are still accepted."""

from __future__ import annotations

import pytest

from prisma.schema.legacy import accepted, asks_for_metrics
from prisma.schema.parser import get_dmmf

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'

GENERATOR = 'generator client {\n  provider = "prisma-client-py"\n  previewFeatures = [%s]\n}\n'
MODEL = "model File {\n  id Int @id\n  data Bytes%s\n  text String @default(%s)\n}\n"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('"metrics"', ""),
        ('"metrics", "views"', ' "views"'),
        ('"views", "metrics"', '"views"'),
        ('"views", "metrics", "relationJoins"', '"views", "relationJoins"'),
        ('"views"', '"views"'),
    ],
)
def test_the_preview_feature_metrics(given: str, kept: str) -> None:
    assert accepted(GENERATOR % given) == GENERATOR % kept
    assert asks_for_metrics(GENERATOR % given) == ("metrics" in given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (' @default("foo")', ' @default("Zm9v")'),
        ('[] @default(["foo", "aGk="])', '[] @default(["Zm9v", "aGk="])'),
        ('? @default("") @map("x y")', '? @default("") @map("x y")'),
        ('[] @map("foo")', '[] @map("foo")'),
    ],
)
def test_defaults_of_bytes(given: str, expected: str) -> None:
    assert accepted(MODEL % (given, '"foo"')) == MODEL % (expected, '"foo"')


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("id Int @id", "id Int @unique"),
        ('id Int @id @map("@id") // @id', 'id Int @unique @map("@id") // @id'),
        ('id Int @id(map: "key") @default(autoincrement())', "id Int @unique @default(autoincrement())"),
        ('id Int @id(map: "key") @unique(map: "x")', "id Int  @unique"),
        ("id Int @unique @id", "id Int @unique "),
        ("id Int\n  @@id([id])", "id Int\n  @@unique([id])"),
        ('id Int\n  @@id([id], name: "a")\n  @@index([id])', 'id Int\n  @@unique([id], name: "a")\n  '),
        ('id Int\n  @@id([id], name: "a", map: "b")', 'id Int\n  @@unique([id], name: "a")'),
        ('id Int\n  @@unique(map: "b", fields: [id])', "id Int\n  @@unique( fields: [id])"),
        ("id Int @unique\n  @@index(fields: [id(sort: Desc)])", "id Int @unique\n  "),
    ],
)
def test_keys_of_views(given: str, expected: str) -> None:
    view = "view V {\n  %s\n}\n"
    rest = DATASOURCE + GENERATOR % '"views"' + MODEL % ("", '"x"')
    assert accepted(rest + view % given) == rest + view % expected
    assert get_dmmf([("schema.prisma", rest + view % given)])["datamodel"]["models"][1]["name"] == "V"


def test_keys_of_models_stay() -> None:
    text = "model A {\n  id Int @id\n  b Int\n  @@index([b])\n}\nmodel view {\n  a Int\n  @@id([a])\n}\n"
    assert accepted(text) == text


def test_urls_go_and_lines_stay() -> None:
    text = 'datasource db {\n  provider = "postgresql"\n  url = env("URL")\n}\n' + MODEL % (' @default("foo")', '"x"')
    assert accepted(text).count("\n") == text.count("\n")
    assert "URL" not in accepted(text)
