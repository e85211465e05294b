"""Schemas for the generator, and the folders of its clients."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prisma.generator import Result, generate

HEAD = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
GENERATOR = 'generator client {\n  provider = "prisma-client-py"\n  output = "client"\n}\n'


@pytest.fixture
def generate_from(tmp_path: Path) -> Callable[..., Result]:
    """Generate from models, or from a whole schema, into `tmp_path / "client"`."""

    def run(models: str = "", *, head: str = HEAD, generator: str = GENERATOR, **options: object) -> Result:
        schema = tmp_path / "schema.prisma"
        schema.write_text(head + generator + models, encoding="utf-8")
        return generate(schema, root=tmp_path, **{"environment": {}, **options})  # pyright: ignore[reportArgumentType]

    return run
