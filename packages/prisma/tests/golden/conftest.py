"""Schemas, and the clients that are generated from them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from prisma.generator import generate

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[3]


@pytest.fixture
def generated(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Generate the client of a case and return its files, by name."""

    def generate_case(case: str) -> dict[str, str]:
        schema = tmp_path / "schema.prisma"
        file = HERE / "cases" / f"{case}.prisma"
        output = tmp_path / case
        if file.exists():
            shutil.copy(file, schema)
        else:
            # This repository's own schema has no block for our generator.
            shutil.copy(REPOSITORY / "schema.prisma", schema)
            options = f'[tool.prisma.generator]\noutput = "{case}"\n'
            (tmp_path / "pyproject.toml").write_text(options, encoding="utf-8")
        shutil.copy(HERE / "cases" / "partials.py", tmp_path)
        generate(schema, root=tmp_path, environment={"GOLDEN_OUTPUT": str(output)})
        return {file.name: file.read_text(encoding="utf-8") for file in sorted(output.glob("*.py"))}

    return generate_case


@pytest.fixture
def expected() -> Callable[[str], Path]:
    """The folder with the expected files of a case."""
    return lambda case: HERE / "expected" / case


@pytest.fixture
def update_golden() -> bool:
    """Whether to write the expected files instead of comparing with them: UPDATE_GOLDEN=1."""
    return os.environ.get("UPDATE_GOLDEN") == "1"


@pytest.fixture
def client_package(expected: Callable[[str], Path]) -> Iterator[Callable[[str], ModuleType]]:
    """Import the expected files of a case as a package."""
    names: list[str] = []

    def import_case(case: str) -> ModuleType:
        folder = expected(case)
        names.append(f"golden_{case}")
        spec = importlib.util.spec_from_file_location(names[-1], folder / "__init__.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[names[-1]] = module
        spec.loader.exec_module(module)
        return module

    yield import_case
    for name in [module for module in sys.modules if module.partition(".")[0] in names]:
        del sys.modules[name]
