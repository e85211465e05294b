"""Where the schema is searched for."""

from __future__ import annotations

from pathlib import Path

import pytest

from prisma.errors import GeneratorError
from prisma.schema.files import find_schema, read_files


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "given", "found"),
    [
        ({"schema.prisma": "", "prisma/schema.prisma": ""}, None, "schema.prisma"),
        ({"prisma/schema.prisma": "", "prisma/schema/a.prisma": ""}, None, "prisma/schema.prisma"),
        ({"prisma/schema/a.prisma": ""}, None, "prisma/schema"),
        ({"schema.prisma": "", "db/a.prisma": "", "pyproject.toml": '[tool.prisma]\nschema = "db"'}, None, "db"),
        ({"schema.prisma": "", "pyproject.toml": "[tool.prisma]\nseed = 1"}, None, "schema.prisma"),
        ({"db/a.prisma": "", "package.json": '{"prisma": {"schema": "db/a.prisma"}}'}, None, "db/a.prisma"),
        ({"schema.prisma": "", "other.prisma": ""}, Path("other.prisma"), "other.prisma"),
    ],
)
def test_found(files: dict[str, str], given: Path | None, found: str, tmp_path: Path) -> None:
    _write(tmp_path, files)
    assert find_schema(tmp_path, given) == tmp_path / found


@pytest.mark.parametrize(
    ("files", "given", "message"),
    [
        ({}, None, "looked for schema.prisma, prisma/schema.prisma, prisma/schema"),
        ({"schema.prisma": ""}, Path("missing.prisma"), "There is no schema at .*missing.prisma"),
        ({"pyproject.toml": '[tool.prisma]\nschema = "gone"'}, None, r"pyproject.toml \(tool.prisma.schema\) names it"),
        ({"pyproject.toml": "[tool"}, None, "pyproject.toml can't be read"),
    ],
)
def test_not_found(files: dict[str, str], given: Path | None, message: str, tmp_path: Path) -> None:
    _write(tmp_path, files)
    with pytest.raises(GeneratorError, match=message):
        find_schema(tmp_path, given)


def test_files_of_a_folder_in_order(tmp_path: Path) -> None:
    _write(tmp_path, {"b.prisma": "2", "a/c.prisma": "1", "notes.md": "x"})
    source = read_files(tmp_path)
    assert source.files == ((str(tmp_path / "a/c.prisma"), "1"), (str(tmp_path / "b.prisma"), "2"))
    assert source.text == "1\n2"


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"holds no \.prisma files"):
        read_files(tmp_path)
