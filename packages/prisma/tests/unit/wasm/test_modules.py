from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import requires, version
from pathlib import Path

import pytest
import wasmtime

from prisma.wasm import modules, runtime
from prisma.wasm.errors import ModuleMismatchError

PACKAGE = Path(__file__).parents[3]
TEXTS = PACKAGE / "src" / "prisma" / "compiler"
LOAD = "from prisma.wasm import modules; print(len(modules.load('bridge').exports))"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the package's small modules, from which the process loads as if it were new."""
    for name in ("manifest.json", "bridge.cwasm", "call_log.cwasm"):
        shutil.copy(modules.FOLDER / name, tmp_path)
    monkeypatch.setattr(modules, "FOLDER", tmp_path)
    monkeypatch.setattr(modules, "_modules", {})
    modules.manifest.cache_clear()
    yield tmp_path
    modules.manifest.cache_clear()


def refusal(name="bridge"):
    with pytest.raises(ModuleMismatchError) as caught:
        modules.load(name)
    return caught.value


def change_manifest(folder, **facts):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


def test_a_process_loads_a_module_once(folder):
    first = modules.load("bridge")
    assert modules.load("bridge") is first
    assert [export.name for export in first.exports] == ["start", "new", "compile"]


def test_threads_that_come_first_together_get_one_module(folder):
    with ThreadPoolExecutor(8) as threads:
        assert len(set(map(id, threads.map(modules.load, ["bridge"] * 40)))) == 1


def test_processes_that_come_first_together_need_no_place_to_write(tmp_path):
    nowhere = {"HOME": "/dev/null", "PRISMA_CACHE_DIR": "/dev/null/cache", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-B", "-c", LOAD]
    processes = [
        subprocess.Popen(
            command, env=nowhere, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(4)
    ]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["3\n"] * 4


def test_a_missing_module_is_named():
    error = refusal("missing")
    assert (error.module, str(error)) == (
        "missing.cwasm",
        "missing.cwasm can't be used: the installed package does not hold it. Reinstall the package `prisma`.",
    )


def damaged(data: bytes) -> bytes:
    return b"\0" * 1000 + data


def empty(data: bytes) -> bytes:
    return b""


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("spoil", [damaged, empty, cut])
def test_a_damaged_module_is_named(folder, spoil):
    path = folder / "bridge.cwasm"
    path.write_bytes(spoil(path.read_bytes()))
    message = str(refusal())
    assert message.startswith("bridge.cwasm can't be used: the file is damaged (")
    assert message.endswith("). Reinstall the package `prisma`.")


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (Path.unlink, "the installed package does not hold it"),
        (lambda path: path.write_text("{"), "the file is damaged"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_named(folder, spoil, problem):
    spoil(folder / "manifest.json")
    with pytest.raises(ModuleMismatchError) as caught:
        modules.manifest()
    assert str(caught.value) == f"manifest.json can't be used: {problem}. Reinstall the package `prisma`."


def test_another_wasmtime_is_named_with_the_command_that_helps(folder):
    """As after `pip install wasmtime==51`: the modules are of another major version than the one that loads them."""
    change_manifest(folder, wasmtime="49.0.3")
    path = folder / "bridge.cwasm"
    installed = modules.major(version("wasmtime")).encode()
    data = path.read_bytes()
    path.write_bytes(data.replace(bytes([len(installed)]) + installed, bytes([2]) + b"49", 1))
    assert path.read_bytes() != data
    assert str(refusal()) == (
        "bridge.cwasm can't be used: it was compiled for wasmtime 49, "
        f"and wasmtime {version('wasmtime')} is installed. Run `pip install 'wasmtime==49.*'`."
    )


@pytest.mark.parametrize(("place", "value"), [("byteorder", "big"), ("maxsize", 2**31 - 1)])
def test_other_processors_are_refused(folder, monkeypatch, place, value):
    monkeypatch.setattr(sys, place, value)
    assert str(refusal()) == (
        "bridge.cwasm can't be used: it is code for 64-bit little-endian processors. "
        "Run the program in a 64-bit Python on a little-endian processor, such as x86-64 or ARM64."
    )


def test_the_pins_of_wasmtime_are_one_and_the_modules_are_made_for_it():
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))
    built_with, run_with = (
        [line for line in lines if line.startswith("wasmtime")]
        for lines in (project["build-system"]["requires"], project["project"]["dependencies"])
    )
    (installed,) = (line for line in requires("prisma") or [] if line.startswith("wasmtime"))
    major = int(modules.major(modules.manifest().wasmtime))
    assert built_with == run_with == [f"wasmtime>={major},<{major + 1}"]
    assert sorted(installed.removeprefix("wasmtime").split(",")) == [f"<{major + 1}", f">={major}"]


def test_the_modules_are_made_from_these_sources_for_this_engine():
    """Where this fails, `uv sync` makes them anew."""
    facts = json.loads((modules.FOLDER / "manifest.json").read_text())
    texts = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in TEXTS.glob("*.wat")}
    config = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))
    hook = config["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
    assert (facts["prisma"], facts["integrity"]) == (hook["version"], hook["integrity"])
    assert facts["settings"] == runtime.SETTINGS
    assert facts["modules"].items() >= texts.items()
    assert {path.stem for path in modules.FOLDER.glob("*.cwasm")} == facts["modules"].keys()


def test_code_of_another_target_is_not_run(folder):
    native = wasmtime.Engine()
    (folder / "bridge.cwasm").write_bytes(wasmtime.Module(native, "(module)").serialize())
    assert "damaged" in str(refusal())
