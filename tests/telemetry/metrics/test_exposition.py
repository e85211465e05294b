"""The folder that several processes share for their metrics."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.errors import FatalError
from app.telemetry.metrics.exposition import FOLDER, exposition, shared_folder


def test_a_new_folder_that_goes_away(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(FOLDER, raising=False)
    with shared_folder():
        folder = Path(os.environ[FOLDER])
        assert folder.is_dir()
    assert (folder.exists(), FOLDER in os.environ) == (False, False)


def test_the_one_that_is_named_without_old_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "new" / "folder"
    monkeypatch.setenv(FOLDER, str(folder))
    with shared_folder():
        (folder / "counter_1.db").write_bytes(b"old")
        (folder / "mine.txt").write_text("kept")
    with shared_folder():
        assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert os.environ[FOLDER] == str(folder)


def test_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(FOLDER, str(tmp_path / "file"))
    with pytest.raises(FatalError, match="There is no folder in which several workers"), shared_folder():
        pass


def test_a_process_that_is_about_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its file is there before anything is in it."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    (tmp_path / "counter_1.db").touch()
    assert exposition() == b""
