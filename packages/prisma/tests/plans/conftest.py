"""How recordings are written and replayed: fixed times and random numbers, and Python values as JSON."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from prisma.compiler.query_compiler import QueryCompiler
from prisma.engine.generators import Generators

FOLDER = Path(__file__).parent


def fixed_generators() -> Generators:
    """Return generators with a fixed clock, whose random bytes count up."""
    count = itertools.count(1)
    return Generators(
        clock=lambda: datetime(2024, 5, 6, 7, 8, 9, 123456, UTC),
        random_bytes=lambda size: (next(count) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 256**size).to_bytes(size),
    )


_TAGS: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    # A datetime is a date too: the first type that fits counts.
    "$datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "$date": (date, date.isoformat, date.fromisoformat),
    "$decimal": (Decimal, str, Decimal),
    "$bytes": (bytes, bytes.hex, bytes.fromhex),
    "$uuid": (UUID, str, UUID),
}


def to_json(value: Any) -> Any:
    """Return a value as JSON; what JSON has no word for becomes `{"$type": text}`."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": str(value)}
    for tag, (kind, write, _) in _TAGS.items():
        if isinstance(value, kind):
            return {tag: write(value)}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def from_json(value: Any) -> Any:
    """Return the value that `to_json` wrote."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        if len(value) == 1 and (tag := next(iter(value))).startswith("$"):
            return float(value[tag]) if tag == "$float" else _TAGS[tag][2](value[tag])
        return {key: from_json(item) for key, item in value.items()}
    return value


@pytest.fixture(scope="session")
def compiler() -> Iterator[QueryCompiler]:
    compiler = QueryCompiler((FOLDER / "schema.prisma").read_text(), provider="postgresql")
    yield compiler
    compiler.close()


@pytest.fixture
def generators() -> Generators:
    return fixed_generators()


@pytest.fixture
def fixed() -> Callable[[], Generators]:
    """Makes generators that all start with the same values."""
    return fixed_generators


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "recording" in metafunc.fixturenames:
        paths = sorted((FOLDER / "recorded").glob("*.json"))
        metafunc.parametrize("recording", paths, indirect=True, ids=[path.stem for path in paths])


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A recorded run: request, values, plan, the steps with their answers, and how it ended."""
    recorded = json.loads(request.param.read_text())
    tagged = from_json({key: recorded.get(key) for key in ("values", "steps", "result", "error")})
    return {**recorded, **tagged}
