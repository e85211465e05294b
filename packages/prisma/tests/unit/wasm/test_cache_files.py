from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from prisma.wasm.cache_files import cache_folder, is_trusted, write_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners of files are POSIX's")
ROOT = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")
BOTH = pytest.mark.parametrize("which", [Path.parent.fget, Path], ids=["folder", "file"])


@pytest.fixture
def file(tmp_path):
    """A file as `write_whole` leaves it."""
    path = tmp_path / "folder" / "file"
    write_whole(path, b"data", mode=0o644)
    return path


def test_what_was_written_is_trusted(file):
    assert (is_trusted(file), file.read_bytes()) == (True, b"data")


@POSIX
@BOTH
def test_what_others_may_write_is_not_trusted(file, which):
    which(file).chmod(0o777)
    assert not is_trusted(file)


@ROOT
@BOTH
def test_what_belongs_to_others_is_not_trusted(file, which):
    os.chown(which(file), 65534, 65534)
    assert not is_trusted(file)


@POSIX
def test_a_link_is_not_followed(file, tmp_path):
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert not is_trusted(file)


@pytest.mark.parametrize("durable", [False, True])
def test_a_half_written_file_is_removed(file, monkeypatch, durable):
    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(file.with_name("other"), b"", mode=0o644, durable=durable)
    assert list(file.parent.iterdir()) == [file]


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
