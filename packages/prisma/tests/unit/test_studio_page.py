"""The distribution `prisma-studio`: the page of the release that the query compiler comes from, unchanged."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import prisma_studio

PACKAGE = Path(prisma_studio.__file__).parents[2]


def test_the_pin_is_that_of_the_query_compiler() -> None:
    page, client = (
        tomllib.loads((folder / "pyproject.toml").read_text()) for folder in (PACKAGE, PACKAGE.with_name("prisma"))
    )
    pin, compiler = (
        project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"] for project in (page, client)
    )
    version = page["project"]["version"]
    assert (pin["package"], pin["integrity"], prisma_studio.__version__) == (
        f"prisma@{compiler['version']}",
        compiler["integrity"],
        version,
    )
    assert f"version {version}." in (PACKAGE / "NOTICE").read_text()


def test_the_assets_are_there_with_prismas_marks() -> None:
    script, stylesheet = map(prisma_studio.read_asset, (prisma_studio.SCRIPT, prisma_studio.STYLESHEET))
    assert (b"Prisma Studio" in script, b"__STUDIO_CONFIG__" in script, len(stylesheet) > 100_000) == (True,) * 3
    with pytest.raises(ValueError, match="no asset"):
        prisma_studio.read_asset("../__init__.py")
