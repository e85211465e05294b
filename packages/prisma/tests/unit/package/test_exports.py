"""The names that `import prisma` offers in addition to the client."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

import prisma
from prisma import errors, types
from prisma.client import registry
from prisma.testing import reset_client, unregister_client


@pytest.fixture
def no_registration() -> Iterator[None]:
    """No registered client, whatever other tests left."""
    previous = registry.replace(None)
    yield
    registry.replace(previous)


def test_client_is_prisma() -> None:
    module = importlib.import_module("prisma.client")
    assert prisma.Client is prisma.Prisma is module.Prisma is module.Client
    assert module.Batch is prisma.Batch


def test_generated_modules() -> None:
    names = ("models", "bases", "partials", "enums", "types", "actions")
    assert [getattr(prisma, name).__name__ for name in names] == [f"prisma._generated.{name}" for name in names]
    assert (prisma.models.User.__mro__[1], prisma.enums.Role.__name__) == (prisma.bases.BaseUser, "Role")


def test_fields_batch_errors_and_config() -> None:
    assert (prisma.Json, prisma.Base64) == (prisma.fields.Json, prisma.fields.Base64)
    assert prisma.Batch.__name__ == "Batch"
    assert prisma.errors.PrismaError is errors.PrismaError
    assert prisma.config.prisma_version.count(".") == 2


@pytest.mark.usefixtures("no_registration")
def test_registry() -> None:
    with pytest.raises(errors.ClientNotRegisteredError, match="No client instance registered"):
        prisma.get_client()
    client = prisma.Prisma(use_dotenv=False, auto_register=True)
    assert (prisma.get_client(), client.is_registered()) == (client, True)
    with pytest.raises(errors.ClientAlreadyRegisteredError, match="already been registered"):
        prisma.register(client)
    registry.replace(None)
    prisma.register(lambda: client)
    assert prisma.get_client() is client
    registry.replace(None)
    with pytest.raises(TypeError, match="Expected either a"):
        prisma.register("client")
    prisma.register(lambda: "client")
    with pytest.raises(TypeError, match="returned client instead of"):
        prisma.get_client()


def test_load_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ONE", "TWO"):
        monkeypatch.setenv(f"LOAD_ENV_{name}", "set")
        monkeypatch.delenv(f"LOAD_ENV_{name}")
    (tmp_path / "prisma").mkdir()
    (tmp_path / ".env").write_text("LOAD_ENV_ONE=first\n")
    (tmp_path / "prisma" / ".env").write_text("LOAD_ENV_ONE=second\nLOAD_ENV_TWO=second\n")
    prisma.load_env()
    assert (os.environ["LOAD_ENV_ONE"], os.environ["LOAD_ENV_TWO"]) == ("first", "second")
    prisma.load_env(override=True)
    assert os.environ["LOAD_ENV_ONE"] == "second"


def test_validate() -> None:
    data = {"email": "a@b.c", "projects": {"create": {"name": 7}}}
    assert prisma.validate(types.UserCreateInput, data) == {
        "email": "a@b.c",
        "projects": {"create": {"name": "7"}},
    }
    where: Any = types.UserWhereUniqueInput
    assert prisma.validate(where, {"email": "a@b.c"}) == {"email": "a@b.c"}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {("email",): "missing"}),
        ({"email": "a", "foo": 1}, {("foo",): "extra_forbidden"}),
        ({"email": "a", "role": "KING"}, {("role",): "enum"}),
        ([], {(): "dict_type"}),
    ],
)
def test_validate_refuses(data: object, errors: dict[tuple[str, ...], str]) -> None:
    with pytest.raises(ValidationError) as caught:
        prisma.validate(types.UserCreateInput, data)
    assert {error["loc"]: error["type"] for error in caught.value.errors()} == errors


def test_validate_takes_typed_dictionaries() -> None:
    for other in (BaseModel, dict, str | int):
        with pytest.raises(TypeError, match="Only TypedDict types are supported"):
            prisma.validate(other, {})  # pyright: ignore[reportArgumentType]


def test_metadata() -> None:
    metrics = prisma.Metrics.model_validate(
        {
            "counters": [{"key": "a", "value": 1, "labels": {}, "description": ""}],
            "gauges": [],
            "histograms": [
                {
                    "key": "b",
                    "value": {"sum": 1.5, "count": 1, "buckets": [[0, 0], [1, 1]]},
                    "labels": {"app": "x"},
                    "description": "",
                }
            ],
        }
    )
    assert metrics.histograms[0].value == prisma.MetricHistogram(sum=1.5, count=1, buckets=[(0, 0), (1, 1)])  # pyright: ignore[reportArgumentType]
    assert prisma.Metric[int].model_fields["key"].is_required()
    assert {"find_many", "query_raw", "group_by"} < set(get_args(prisma.PrismaMethod))
    assert (prisma.SCHEMA_PATH.name, str(prisma.ENGINE_TYPE)) == ("schema.prisma", "binary")
    assert prisma.BINARY_PATHS.query_engine == {}


def test_reset_and_unregister(no_registration: None) -> None:
    for attempt in (unregister_client, reset_client().__enter__):
        with pytest.raises(errors.ClientNotRegisteredError):
            attempt()
    first, second = (prisma.Prisma(use_dotenv=False) for _ in range(2))
    prisma.register(first)
    with reset_client(second):
        assert prisma.get_client() is second
    with reset_client(), pytest.raises(errors.ClientNotRegisteredError):
        prisma.get_client()
    assert prisma.get_client() is first
    unregister_client()
    with pytest.raises(errors.ClientNotRegisteredError):
        prisma.get_client()


@pytest.mark.parametrize(("value", "level"), [("1", logging.DEBUG), ("", logging.NOTSET)])
def test_debug_logging(value: str, level: int) -> None:
    code = "import prisma, logging; print(logging.getLogger('prisma').level)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PRISMA_PY_DEBUG": value}, capture_output=True, text=True
    )
    assert done.stdout == f"{level}\n"


def test_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from prisma._config import Config

    file = tmp_path / "pyproject.toml"
    file.write_text(
        '[tool.prisma]\nprisma_version = "5.0.0"\nhome_dir = "/there"\nuse_global_node = false\nunknown = 1\n'
        'nodeenv_extra_args = ["--verbose"]\n'
    )
    written = Config.load(file)
    assert (written.prisma_version, written.home_dir, written.use_global_node, written.nodeenv_extra_args) == (
        "5.0.0",
        Path("/there"),
        False,
        ["--verbose"],
    )
    monkeypatch.setenv("PRISMA_VERSION", "6.0.0")
    monkeypatch.setenv("PRISMA_USE_GLOBAL_NODE", "1")
    monkeypatch.setenv("PRISMA_NODEENV_EXTRA_ARGS", "--a --b")
    over = Config.load(file)
    assert (over.prisma_version, over.use_global_node, over.nodeenv_extra_args) == ("6.0.0", True, ["--a", "--b"])
    monkeypatch.delenv("PRISMA_VERSION")
    defaults = Config.load(tmp_path / "none.toml")
    assert (defaults.use_nodejs_bin, defaults.binary_platform, defaults.nodeenv_cache_dir.exists()) == (
        True,
        None,
        False,
    )


def test_compatibility_modules() -> None:
    compat = importlib.import_module("prisma._compat")

    class Point(BaseModel):
        x: int
        y: int = 0

    point = compat.model_parse(Point, {"x": "1"})
    assert compat.PYDANTIC_V2
    assert (compat.model_dict(point, exclude_unset=True), compat.model_json(point, exclude={"y"})) == (
        {"x": 1},
        '{"x":1}',
    )
    assert compat.model_parse_json(Point, '{"x": 1}') == point == compat.model_copy(point)
    assert compat.model_json_schema(Point)["required"] == ["x"]
    assert {name: compat.is_field_required(field) for name, field in compat.model_fields(Point).items()} == {
        "x": True,
        "y": False,
    }


def test_get_or_create_event_loop() -> None:
    utils = importlib.import_module("prisma.utils")

    async def answer() -> int:
        assert utils.get_or_create_event_loop() is asyncio.get_running_loop()
        return 42

    def in_a_thread() -> tuple[int, bool]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            first = utils.get_or_create_event_loop()
            result = utils.async_run(answer())
            again = utils.get_or_create_event_loop() is first
            first.close()
            second = utils.get_or_create_event_loop()
            second.close()
        return result, again and second is not first

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(in_a_thread).result() == (42, True)
