"""`prisma migrate dev` beside Prisma's own command: the same files, and each finds nothing to do after the other."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.cli.official.options import OFFICIAL_SWITCH

pytestmark = pytest.mark.long

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
OFFICIAL = {OFFICIAL_SWITCH: "1"}
LONG = "L" * 63
SCHEMA = f"""\
datasource db {{
  provider   = "postgresql"
  url        = env("DATABASE_URL")
  schemas    = ["public", "crm"]
}}

generator client {{
  provider        = "prisma-client-py"
  output          = "client"
  previewFeatures = ["views"]
}}

enum Kind {{
  SMALL
  LARGE @map("large")

  @@schema("crm")
}}

model Author {{
  id    String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  email String
  kind  Kind   @default(SMALL)
  tags  String[]
  books Book[]

  @@unique([email])
  @@schema("crm")
}}

model Book {{
  id       BigInt   @id @default(autoincrement())
  authorId String   @db.Uuid
  author   Author   @relation(fields: [authorId], references: [id], onDelete: Cascade)
  data     Json
  price    Decimal  @db.Decimal(10, 2)
  made     DateTime @default(now()) @db.Timestamptz(3)

  @@index([data(ops: JsonbPathOps)], type: Gin)
  @@map("{LONG}")
  @@schema("public")
}}

view Totals {{
  id    Int @unique
  total Int

  @@schema("public")
}}
"""


def migrations(project: Project) -> dict[str, bytes]:
    """The files in the folder, without the times in the names."""
    folder = project.folder / "migrations"
    return {str(path.relative_to(folder))[14:]: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_same_files_and_nothing_left_to_do(project: Project, database: str, official_cli: None) -> None:
    project.use(f"{database}&schema=public")
    project.write("schema.prisma", SCHEMA)
    words = ("migrate", "dev", "--skip-generate", "--name", "First One")
    drafted = project.run(*words, "--create-only", more=OFFICIAL)
    assert drafted.code == 0, drafted
    theirs = migrations(project)
    for path in sorted((project.folder / "migrations").glob("*/migration.sql")):
        path.unlink()
        path.parent.rmdir()
    made = project.run(*words)
    assert (made.code, migrations(project)) == (0, theirs), made
    for environment in (OFFICIAL, {}):
        again = project.run(*words, more=environment)
        assert (again.code, "Already in sync" in again.out, migrations(project)) == (0, True, theirs), again
