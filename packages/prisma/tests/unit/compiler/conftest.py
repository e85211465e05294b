from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from prisma.compiler import QueryCompiler
from prisma.compiler.wasm_host import WasmHost

from .python_host import PythonHost

FOLDER = Path(__file__).parent
HOSTS = {"wasm": WasmHost, "python": PythonHost}


@pytest.fixture(scope="session")
def datamodel() -> str:
    return (FOLDER / "datamodel.prisma").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def requests() -> dict[str, str]:
    """Requests by what they ask for, one for each action and more."""
    texts = json.loads((FOLDER / "requests.json").read_text(encoding="utf-8"))
    return {name: json.dumps(request) for name, request in texts.items()}


@pytest.fixture(params=HOSTS)
def make_compiler(request: pytest.FixtureRequest, datamodel: str) -> Callable[..., QueryCompiler]:
    """Make a compiler on each of the hosts."""
    return partial(QueryCompiler, datamodel, provider="postgresql", host=HOSTS[request.param])


@pytest.fixture
def compiler(make_compiler: Callable[..., QueryCompiler]) -> Iterator[QueryCompiler]:
    compiler = make_compiler()
    yield compiler
    compiler.close()
