from __future__ import annotations

import re
from pathlib import Path

import pytest

from prisma.schema.errors import SchemaError
from prisma.schema.parser import format, get_config, get_dmmf, validate

ROOT_SCHEMA = Path(__file__).parents[5] / "schema.prisma"
HEAD = """datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_DATABASE_URL") // for migrations
}
"""
USER = "model User {\n  id    Int    @id\n  posts Post[]\n}\n"
POST = "model Post {\n  id     Int  @id\n  user   User @relation(fields: [userId], references: [id])\n  userId Int\n}\n"


def root_schema() -> list[tuple[str, str]]:
    return [("schema.prisma", ROOT_SCHEMA.read_text(encoding="utf-8"))]


def test_dmmf_of_the_root_schema():
    text = root_schema()[0][1]
    dmmf = get_dmmf(root_schema())
    named = {kind: re.findall(rf"^{kind} (\w+) \{{", text, re.MULTILINE) for kind in ("model", "enum")}
    assert named == {
        "model": [model["name"] for model in dmmf["datamodel"]["models"]],
        "enum": [enum["name"] for enum in dmmf["datamodel"]["enums"]],
    }


def test_config_has_generators_and_datasources():
    config = get_config(root_schema())
    assert (
        [(generator["name"], generator["previewFeatures"]) for generator in config["generators"]],
        [(source["name"], source["activeProvider"]) for source in config["datasources"]],
    ) == ([("client", ["relationJoins"])], [("db", "postgresql")])


def test_several_files_are_one_schema():
    files = [("base.prisma", HEAD), ("models/user.prisma", USER), ("models/post.prisma", POST)]
    validate(files)
    assert [model["name"] for model in get_dmmf(files)["datamodel"]["models"]] == ["User", "Post"]


@pytest.mark.parametrize("question", [validate, get_dmmf])
def test_a_fault_is_shown_with_file_line_and_excerpt(question):
    with pytest.raises(SchemaError) as caught:
        question([("base.prisma", HEAD), ("user.prisma", USER)])
    assert (caught.value.code, caught.value.message) == (
        "P1012",
        (
            'error: Type "Post" is neither a built-in type, nor refers to another model, composite type, or enum.\n'
            "  -->  user.prisma:3\n"
            "   | \n"
            " 2 |   id    Int    @id\n"
            " 3 |   posts Post[]\n"
            "   | \n"
            "\n"
            "Validation Error Count: 1"
        ),
    )


BELOW_THE_URL = """datasource db {
  provider = "postgresql"
  url      = "postgresql://ann:s3cret@localhost/app"
  colour   = "blue"
}
"""


def test_lines_that_the_module_may_not_see_stand_in_excerpts_without_passwords():
    with pytest.raises(SchemaError) as caught:
        validate([("schema.prisma", BELOW_THE_URL)])
    assert caught.value.message == (
        'error: Property not known: "colour".\n'
        "  -->  schema.prisma:4\n"
        "   | \n"
        ' 3 |   url      = "postgresql://ann:***@localhost/app"\n'
        ' 4 |   colour   = "blue"\n'
        "   | \n"
        "\n"
        "Validation Error Count: 1"
    )


def test_config_of_a_faulty_schema_is_refused():
    with pytest.raises(SchemaError) as caught:
        get_config([("schema.prisma", HEAD + "model {\n")])
    assert (caught.value.code, caught.value.message) == (
        "P1012",
        (
            "error: Error validating: This line is invalid. It does not start with any known Prisma schema keyword.\n"
            "  -->  schema.prisma:6\n"
            "   | \n"
            " 5 | }\n"
            " 6 | model {\n"
            " 7 | \n"
            "   | \n"
            "\n"
            "Validation Error Count: 1"
        ),
    )


def test_no_files_are_no_schema():
    with pytest.raises(SchemaError, match="no files"):
        validate([])
    assert format([]) == []


UNTIDY = """datasource db {
 provider="postgresql"
   url=env("DATABASE_URL")
 directUrl = "postgresql://localhost/app"   // for migrations
}
model User {
 id Int @id
}
model Post {
  id Int @id
  author User
}
"""
TIDY = """datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = "postgresql://localhost/app" // for migrations
}

model User {
  id    Int    @id
  posts Post[]
}

model Post {
  id     Int  @id
  author User @relation(fields: [userId], references: [id])
  userId Int
}
"""


def test_format_keeps_urls_completes_relations_and_is_idempotent():
    once = format([("schema.prisma", UNTIDY)])
    assert (once, format(once)) == ([("schema.prisma", TIDY)], once)


def test_format_leaves_the_root_schema_alone():
    assert format(root_schema()) == root_schema()


def test_format_takes_several_files():
    files = [("base.prisma", HEAD.replace("  ", "\t")), ("user.prisma", USER), ("post.prisma", POST)]
    assert format(files) == [("base.prisma", HEAD), ("user.prisma", USER), ("post.prisma", POST)]
