from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prisma.compiler import CompilerError, PlanStore, QueryCompiler, plan_store


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty cache folder of our own; the module itself was loaded before."""
    QueryCompiler("", provider="postgresql")._open()
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path))
    return tmp_path / "plans"


@pytest.fixture
def find(requests):
    return requests["findMany"]


@pytest.fixture
def answer(datamodel, find):
    """Answer as a new process would: the plans, and whether the compiler was started for them."""

    def ask(*texts, text=datamodel, **options):
        compiler = QueryCompiler(text, provider="postgresql", **options)
        plans = PlanStore(compiler).compile(*(texts or (find,)))
        return plans, compiler._host is not None

    return ask


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_shape_is_compiled_once(folder, answer, datamodel, find):
    expected = QueryCompiler(datamodel, provider="postgresql").compile(find)
    assert [answer(), answer()] == [([expected], True), ([expected], False)]
    assert [(path.suffix, path.stat().st_mode & 0o777) for path in files(folder)] == [(".json", 0o600)]


def test_what_a_plan_depends_on_tells_the_files_apart(folder, answer, requests, find, datamodel):
    answer()
    others = [
        answer(requests["findUnique"]),
        answer(find, find),
        answer(schema_name="tenant"),
        answer(text=f"{datamodel}\nenum Another {{\n  A\n}}\n"),
    ]
    assert [compiled for _, compiled in others] == [True] * 4
    assert len(files(folder)) == 5
    assert not answer()[1]


def test_a_refusal_is_not_kept(folder, answer):
    with pytest.raises(CompilerError):
        answer('{"modelName":"Nobody","action":"findMany","query":{"selection":{}}}')
    assert files(folder) == []


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"SELECT", b"DELETE"))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def empty(path: Path) -> None:
    path.write_bytes(b"")


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners of files are POSIX's")
ROOT = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")


@pytest.mark.parametrize("spoil", [change, truncate, empty, Path.unlink])
def test_a_file_that_is_damaged_is_written_anew(folder, answer, spoil):
    before, _ = answer()
    spoil(*files(folder))
    assert [answer(), answer()] == [(before, True), (before, False)]


@POSIX
def test_a_file_that_others_may_write_is_written_anew(folder, answer):
    answer()
    files(folder)[0].chmod(0o622)
    assert [answer()[1], answer()[1]] == [True, False]


@ROOT
def test_a_file_of_somebody_else_is_written_anew(folder, answer):
    answer()
    os.chown(files(folder)[0], 65534, 65534)
    assert [answer()[1], answer()[1]] == [True, False]


@POSIX
def test_a_folder_that_others_may_write_is_not_used(folder, answer):
    answer()
    files(folder)[0].parent.chmod(0o777)
    assert [answer()[1], answer()[1]] == [True, True]


@POSIX
def test_a_link_is_not_followed(folder, answer, tmp_path):
    answer()
    (path,) = files(folder)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert answer()[1]


def test_without_a_place_to_write_plans_are_compiled(tmp_path, monkeypatch, folder, answer):
    # A file where the folder should be stops root, too, whom a mode would not stop.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(tmp_path / "file"))
    assert [answer()[1], answer()[1]] == [True, True]


def test_a_store_that_is_not_used_touches_nothing(folder, datamodel, find):
    compiler = QueryCompiler(datamodel, provider="postgresql")
    assert PlanStore(compiler, is_used=False).compile(find) == [compiler.compile(find)]
    assert not folder.exists()


def shapes(count: int) -> list[str]:
    return [
        f'{{"modelName":"Tag","action":"findMany","query":{{"arguments":{{"take":{number}}},"selection":{{"name":true}}}}}}'
        for number in range(1, count + 1)
    ]


def test_the_oldest_plans_of_a_schema_go_first(folder, answer, monkeypatch):
    monkeypatch.setattr(plan_store, "MAX_PLANS", 4)
    for age, shape in enumerate(shapes(4)):
        answer(shape)
        (newest,) = [path for path in files(folder) if path.stat().st_mtime > 1000]
        os.utime(newest, (age, age))
    answer(find := shapes(5)[4])
    # Four were the limit: down to three, and the new one.
    assert len(files(folder)) == 4
    assert [answer(shape)[1] for shape in (*shapes(4)[2:], find)] == [False] * 3


def test_the_oldest_schemas_go_first(folder, answer, monkeypatch):
    monkeypatch.setattr(plan_store, "MAX_SCHEMAS", 4)
    for age in range(5):
        find = f'{{"modelName":"M{age}","action":"findMany","query":{{"selection":{{"id":true}}}}}}'
        answer(find, text=f"model M{age} {{\n  id Int @id\n}}")
        (newest,) = [path for path in folder.iterdir() if path.stat().st_mtime > 1000]
        os.utime(newest, (age, age))
    assert len(list(folder.iterdir())) == 4


def test_one_process_writes_a_bounded_number(folder, datamodel, monkeypatch):
    monkeypatch.setattr(plan_store, "MAX_WRITES", 3)
    store = PlanStore(QueryCompiler(datamodel, provider="postgresql"))
    for shape in shapes(5):
        store.compile(shape)
    assert len(files(folder)) == 3


def test_a_plan_that_is_too_long_is_not_kept(folder, answer, monkeypatch):
    monkeypatch.setattr(plan_store, "MAX_BYTES", 100)
    assert [answer()[1], answer()[1]] == [True, True]
    assert files(folder) == []


def test_renewing_makes_a_plan_readable_for_everybody(folder, answer, datamodel, find):
    PlanStore(QueryCompiler(datamodel, provider="postgresql")).renew(find)
    assert [path.stat().st_mode & 0o777 for path in files(folder)] == [0o644]
    assert not answer()[1]


def test_what_is_kept_can_be_listed(folder, answer, datamodel, find):
    answer()
    answer(schema_name="tenant")
    answer(shapes(1)[0])
    truncate(files(folder)[0])
    store = PlanStore(QueryCompiler(datamodel, provider="postgresql"))
    listed = {(kept.schema_name, kept.requests) for kept in store.kept()}
    everything = {("public", (find,)), ("tenant", (find,)), ("public", (shapes(1)[0],))}
    # The damaged one is gone.
    assert (len(listed), listed <= everything, len(files(folder))) == (2, True, 2)


@pytest.mark.usefixtures("folder")
def test_several_processes_write_at_once(answer, tmp_path, datamodel):
    texts = shapes(20)
    expected = [answer(text)[0] for text in texts]
    for path in files(tmp_path / "plans"):
        path.unlink()
    writer = (
        "import sys\nfrom prisma.compiler.plan_store import *\nfrom prisma.compiler.plan_store import _PRIVATE\n"
        "from prisma.compiler import QueryCompiler\n"
        "texts, plans, datamodel = eval(sys.stdin.read())\n"
        "store = PlanStore(QueryCompiler(datamodel, provider='postgresql'))\n"
        "for _ in range(5):\n"
        "    for text, plan in zip(texts, plans):\n"
        "        store._write(store._path((text,)), Kept('public', (text,), plan), _PRIVATE)\n"
    )
    given = repr((texts, expected, datamodel)).encode()
    processes = [subprocess.Popen([sys.executable, "-c", writer], stdin=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
    # While they write, every reader finds a whole file or none.
    assert [answer(text)[0] for _ in range(3) for text in texts] == expected * 3
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert [answer(text) for text in texts] == [(plan, False) for plan in expected]
