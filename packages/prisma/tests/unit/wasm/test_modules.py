from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import wasmtime

from prisma.wasm import modules
from prisma.wasm.cache_files import cache_folder
from prisma.wasm.errors import ModuleMismatchError
from prisma.wasm.runtime import engine, portable_engine

ANSWER = '(module (func (export "answer") (result i32) (i32.const 42)))'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache folder of our own."""
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path))
    return tmp_path / "wasm"


@pytest.fixture
def compilations(monkeypatch):
    """The modules that were compiled, in order: what came from the cache is not among them."""
    compiled = []
    module = wasmtime.Module

    class Counted(module):
        def __init__(self, engine, wasm):
            compiled.append(wasm)
            super().__init__(engine, wasm)

    monkeypatch.setattr(wasmtime, "Module", Counted)
    return compiled


def load(text=ANSWER):
    """Load as a new process would, and run the module."""
    modules._modules.pop("test", None)
    module = modules.load_text("test", text)
    store = wasmtime.Store(engine())
    function = wasmtime.Instance(store, module, []).exports(store)["answer"]
    assert isinstance(function, wasmtime.Func)
    modules._modules.pop("test", None)
    return function(store)


def the_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_module_is_compiled_once(folder, compilations):
    assert [load(), load()] == [42, 42]
    assert compilations == [ANSWER.encode()]
    assert the_file(folder).name.startswith("test-")


def test_another_text_is_another_module(folder, compilations):
    assert [load(), load(ANSWER.replace("42", "43")), load()] == [42, 43, 42]
    assert len(compilations) == 2


def test_a_process_keeps_what_it_loaded(folder, compilations):
    first = modules.load_text("kept", ANSWER)
    assert modules.load_text("kept", ANSWER) is first
    del modules._modules["kept"]


def corrupt(path: Path) -> None:
    path.write_bytes(b"\x7fELF" + b"\0" * 1000)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def change_version(path: Path) -> None:
    major = version("wasmtime").split(".")[0].encode()
    before = bytes([len(major)]) + major
    path.write_bytes(path.read_bytes().replace(before, bytes([len(major)]) + b"9" * len(major), 1))


@pytest.mark.parametrize("spoil", [corrupt, truncate, change_version, Path.unlink])
def test_a_file_that_cannot_be_loaded_is_written_anew(folder, compilations, spoil):
    load()
    spoil(the_file(folder))
    assert [load(), load()] == [42, 42]
    assert len(compilations) == 2


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners of files are POSIX's")
ROOT = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")


@POSIX
@pytest.mark.parametrize("which", [Path.parent.fget, Path], ids=["folder", "file"])
def test_what_others_may_write_is_not_loaded(folder, compilations, which):
    load()
    which(the_file(folder)).chmod(0o777)
    assert load() == 42
    assert len(compilations) == 2


@ROOT
@pytest.mark.parametrize("which", [Path.parent.fget, Path], ids=["folder", "file"])
def test_what_belongs_to_others_is_not_loaded(folder, compilations, which):
    load()
    os.chown(which(the_file(folder)), 65534, 65534)
    assert load() == 42
    assert len(compilations) == 2


@POSIX
def test_a_link_is_not_followed(folder, compilations, tmp_path):
    load()
    path = the_file(folder)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert load() == 42
    assert len(compilations) == 2


def test_without_a_place_to_write_modules_are_compiled_in_memory(tmp_path, monkeypatch, compilations, caplog):
    # A file where the folder should be stops root, too, whom a mode would not stop.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path / "file"))
    modules._warn.cache_clear()  # other tests may have been warned
    assert [load(), load()] == [42, 42]
    assert len(compilations) == 2
    warning = (
        "Compiled modules are not kept, so each process compiles them again: "
        f"{tmp_path / 'file'} can't be written: Not a directory. "
        "Set PRISMA_CACHE_DIR to a folder that this user may write."
    )
    assert [record.getMessage() for record in caplog.records] == [warning]


def test_a_half_written_file_is_removed(folder, monkeypatch):
    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    assert load() == 42
    assert list(folder.iterdir()) == []


def test_portable_code_runs_on_its_engine(folder, compilations, tmp_path, monkeypatch):
    (tmp_path / "answer.wasm").write_bytes(wasmtime.wat2wasm(ANSWER))
    monkeypatch.setattr(modules, "WASM_FOLDER", tmp_path)
    answers = []
    for _ in range(2):
        module = modules.load_portable("answer.wasm")
        del modules._modules["answer.wasm"]
        store = wasmtime.Store(portable_engine())
        function = wasmtime.Instance(store, module, []).exports(store)["answer"]
        assert isinstance(function, wasmtime.Func)
        answers.append(function(store))
    assert (answers, len(compilations)) == ([42, 42], 1)
    with pytest.raises(wasmtime.WasmtimeError, match="pulley64"):
        wasmtime.Module.deserialize_file(engine(), str(the_file(folder)))


def test_a_missing_module_is_named():
    with pytest.raises(ModuleMismatchError, match=r"missing\.wasm can't be used: .* Reinstall") as caught:
        modules.load_file("missing.wasm")
    assert caught.value.module == "missing.wasm"


@pytest.mark.skipif(sys.platform != "linux", reason="the convention of Linux")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PRISMA_CACHE_DIR": "/a"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/prisma-python"),
        ({"XDG_CACHE_HOME": "", "HOME": "/c"}, "/c/.cache/prisma-python"),
    ],
)
def test_the_cache_folder(monkeypatch, environment, expected):
    monkeypatch.delenv("PRISMA_CACHE_DIR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(expected)
