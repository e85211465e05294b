"""The output folder changes as a whole or not at all."""

from __future__ import annotations

import marshal
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from prisma.errors import GeneratorError
from prisma.generator.output_folder import write_folder
from prisma.generator.writer import HEADER

OLD = {"a.py": f"{HEADER}\na = 1\n", "b.py": f"{HEADER}\nb = 1\n"}
NEW = {"a.py": f"{HEADER}\na = 1\n", "c.py": f"{HEADER}\nc = 1\n"}
NOBODY = 65534


def _texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Run as a user whom file permissions bind: root writes to read-only folders."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are private."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        for path in (folder, *folder.iterdir()):
            path.chmod(stat.S_IRWXU)


def test_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where"
    assert write_folder(folder, OLD) == (folder / "a.py", folder / "b.py")
    assert _texts(folder) == OLD


@pytest.mark.parametrize("prevented", [False, True])
def test_modules_are_compiled_unless_python_is_told_not_to(
    prevented: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", prevented)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    folder = tmp_path / "client"
    write_folder(folder, OLD)
    write_folder(folder, NEW)
    compiled = {name: Path(cache_from_source(str(folder / name))) for name in NEW}
    assert [file.exists() for file in compiled.values()] == [not prevented] * 2
    if not prevented:
        # What Python asks of a compiled module before it takes it for the source.
        heads = [int.from_bytes(file.read_bytes()[8:12], "little") for file in compiled.values()]
        assert heads == [int((folder / name).stat().st_mtime) for name in NEW]
        names = [marshal.loads(file.read_bytes()[16:]).co_filename for file in compiled.values()]
        assert names == [str(folder / name) for name in NEW]


def test_stale_files_go_and_other_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "client"
    write_folder(folder, OLD)
    (folder / "types.pyi").write_text("mine", encoding="utf-8")
    (folder / "sub").mkdir()
    assert write_folder(folder, NEW) == (folder / "c.py",)
    assert _texts(folder) == {**NEW, "types.pyi": "mine"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["client"]
    assert (folder / "sub").is_dir()


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print()", encoding="utf-8")
    with pytest.raises(GeneratorError, match="holds files that `prisma generate` did not make"):
        write_folder(tmp_path, OLD)
    assert _texts(tmp_path) == {"main.py": "print()"}


def test_a_file_is_in_the_way(tmp_path: Path) -> None:
    file = tmp_path / "client"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(GeneratorError, match="that is a file"):
        write_folder(file, OLD)


def test_failure_in_the_middle_leaves_the_old_client(tmp_path: Path) -> None:
    folder = tmp_path / "client"
    write_folder(folder, OLD)
    # The second file can't be written: its folder does not exist.
    with pytest.raises(GeneratorError, match=f"can't be written to {folder}"):
        write_folder(folder, {"a.py": f"{HEADER}\na = 2\n", "missing/c.py": "c"})
    assert _texts(folder) == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["client"]


def test_failure_while_swapping_leaves_the_old_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "client"
    write_folder(folder, OLD)
    rename = Path.rename

    def fail_for_new(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_for_new)
    with pytest.raises(GeneratorError, match="Input/output error"):
        write_folder(folder, NEW)
    assert _texts(folder) == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["client"]


def test_read_only_folder(open_folder: Path, unprivileged: None) -> None:
    folder = open_folder / "client"
    if os.getuid() != 0:
        open_folder.chmod(0o555)
    with pytest.raises(GeneratorError) as caught:
        write_folder(folder, OLD)
    assert str(caught.value) == (
        f"The client can't be written to {folder}: Permission denied. Make the folder writable for the user who runs "
        '`prisma generate`, or choose another one with `output = "PATH"` in the generator block.'
    )
    assert not folder.exists()


def test_an_up_to_date_client_needs_no_writing(open_folder: Path, request: pytest.FixtureRequest) -> None:
    folder = open_folder / "client"
    write_folder(folder, OLD)
    folder.chmod(0o555)
    if os.geteuid() != 0:
        open_folder.chmod(0o555)
    request.getfixturevalue("unprivileged")
    assert write_folder(folder, OLD) == ()
