"""One schema for Python and TypeScript: this repository's own, unedited, with the commands of both sides."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from servers.nodejs import Node, find_node
from servers.npm import installed_packages, official_prisma

pytestmark = pytest.mark.long

Project = Any
ROOT = Path(__file__).parents[4]
TYPESCRIPT = Path(__file__).with_name("typescript")
TABLE = '[tool.prisma.generator]\ninterface = "asyncio"\noutput = "client"\n'
DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
MODELS = (
    "User,Account,Session,VerificationToken,ApiKey,UsageMetric,"
    "Subscription,BillingInfo,Invoice,Credit,Project,RateLimit"
)


@pytest.fixture(scope="session")
def node() -> Node:
    return find_node()


@pytest.fixture(scope="session")
def npm_packages(node: Node) -> Path:
    """The npm packages of a TypeScript application."""
    return installed_packages(TYPESCRIPT, node) / "node_modules"


@pytest.fixture
def shared(project: Project, node: Node, npm_packages: Path) -> Project:
    """A project of both sides, whose PATH has no Python."""
    shutil.copy(ROOT / "schema.prisma", project.folder)
    shutil.copytree(ROOT / "migrations", project.folder / "migrations")
    project.write("pyproject.toml", TABLE)
    project.write("package.json", '{"name": "application", "private": true}')
    modules = project.folder / "node_modules"
    shutil.copytree(npm_packages / "@prisma", modules / "@prisma")
    (modules / ".bin").mkdir()
    (modules / "prisma").symlink_to(official_prisma(node))
    (modules / ".bin" / "prisma").symlink_to("../prisma/build/index.js")
    project.environment |= {
        "PATH": os.pathsep.join((str(Path(node.program).parent), os.defpath)),
        "DATABASE_URL": "postgresql://x",
        "DIRECT_DATABASE_URL": "postgresql://x",
        "CHECKPOINT_DISABLE": "1",
        # No native engine is downloaded: nothing here starts one.
        "PRISMA_QUERY_ENGINE_LIBRARY": node.program,
        "PRISMA_SCHEMA_ENGINE_BINARY": node.program,
    }
    return project


def test_both_sides_generate_their_clients(shared: Project, node: Node) -> None:
    """`npm exec` is `npx`."""
    npx = [shared.start([*node.npm, "exec", "--no", "--", "prisma", command]) for command in ("generate", "validate")]
    models = "console.log(Object.keys(require('@prisma/client').Prisma.ModelName).join())"
    typescript = shared.start([node.program, "--eval", models])
    assert ([done.code for done in npx], typescript.out.strip()) == ([0, 0], MODELS), (npx, typescript)

    before = (shared.folder / "schema.prisma").read_text(encoding="utf-8")
    python = [shared.run(*words) for words in (["generate"], ["validate"], ["format", "--check"], ["format"])]
    assert [done.code for done in python] == [0, 0, 0, 0], python
    assert "✔ Generated Prisma Client for Python to ./client in" in python[0].out
    assert (shared.folder / "schema.prisma").read_text(encoding="utf-8") == before
    assert "RelationLoadStrategy" in (shared.folder / "client" / "actions.py").read_text(encoding="utf-8")


def test_npx_generates_our_client_too_where_the_schema_names_it(shared: Project, node: Node) -> None:
    shared.write(
        "schema.prisma",
        f'''{DATASOURCE}
generator client {{
  provider = "{sys.executable} -m prisma"
  output   = "named"
}}

model Author {{
  id Int @id
}}
''',
    )
    done = shared.start([*node.npm, "exec", "--no", "--", "prisma", "generate"])
    assert (done.code, "Generated Prisma Client for Python" in done.out) == (0, True), done
    assert (shared.folder / "named" / "models.py").exists()


def test_our_migrations_generate_the_python_client_only(shared: Project, database: str) -> None:
    shared.environment |= {"DATABASE_URL": database, "DIRECT_DATABASE_URL": database}
    commands = (["migrate", "deploy"], ["migrate", "status"], ["db", "push"], ["migrate", "dev"])
    done = [shared.run(*words) for words in commands]
    assert [each.code for each in done] == [0, 0, 0, 0], done
    assert ["Generated Prisma Client for Python" in each.out for each in done] == [False, False, True, True], done
    assert not (shared.folder / "node_modules" / ".prisma").exists()


def test_without_options_migrations_generate_nothing(shared: Project, database: str) -> None:
    """A project in TypeScript may use our commands, too; its Python has no client to replace."""
    shared.environment |= {"DATABASE_URL": database, "DIRECT_DATABASE_URL": database}
    (shared.folder / "pyproject.toml").unlink()
    done = shared.run("db", "push")
    assert (done.code, "Generated" in done.out) == (0, False), done
