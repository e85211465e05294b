"""A relative path starts in the schema's folder, whatever the working directory of the program is."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest

from prisma.generator import generate
from servers.sqlite import make_file

SCHEMA = """
datasource db {
  provider = "sqlite"
  url      = "file:./data/dev.db"
}
generator client {
  provider  = "prisma-client-py"
  interface = "sync"
  output    = "%s"
}
model User {
  id Int @id
}
"""


@pytest.mark.parametrize(
    ("output", "is_moved"), [("../client_inside", False), ("../client_moved", True), ("../../client_beside", False)]
)
def test_the_working_directory_has_no_meaning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, is_moved: bool
) -> None:
    project = tmp_path / "project"
    schema = project / "prisma" / "schema.prisma"
    (schema.parent / "data").mkdir(parents=True)
    schema.write_text(SCHEMA % output)
    make_file(schema.parent / "data" / "dev.db", [(str(schema), schema.read_text())])
    generate(schema, root=project)
    if is_moved:
        project = Path(shutil.move(project, tmp_path / "other"))
    # Another project, with a file of the same name.
    (tmp_path / "elsewhere" / "prisma" / "data").mkdir(parents=True)
    shutil.copy(project / "prisma" / "schema.prisma", tmp_path / "elsewhere" / "prisma")
    monkeypatch.chdir(tmp_path / "elsewhere")
    package = (project / "prisma" / output).resolve()
    monkeypatch.syspath_prepend(package.parent)
    with importlib.import_module(package.name).Prisma(use_dotenv=False) as db:
        assert db.user.count() == 0


def test_a_client_without_its_project_starts_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    schema = project / "schema.prisma"
    schema.parent.mkdir()
    schema.write_text(SCHEMA % "../client_alone")
    generate(schema, root=project)
    shutil.move(schema, tmp_path)
    (tmp_path / "data").mkdir()
    make_file(tmp_path / "data" / "dev.db", [(str(schema), SCHEMA % "../client_alone")])
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with importlib.import_module("client_alone").Prisma(use_dotenv=False) as db:
        assert db.user.count() == 0
