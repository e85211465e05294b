"""The benchmark of growth runs, and asks every GET route of the API. What it measures is no test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.config.settings import load_settings
from app.main import create_app
from app.paths import API
from benchmarks.growth import targets

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.long
def test_short_run() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.growth", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [[each.strip() for each in line.split("|")[1:-1]] for line in done.stdout.strip().splitlines()]
    assert [line[0] for line in lines[2:]] == list(targets(12))


def test_every_route_is_asked() -> None:
    paths = create_app(load_settings({}, ROOT / "migrations")).openapi()["paths"]
    routes = {path.removeprefix(API) for path, methods in paths.items() if path.startswith(API) and "get" in methods}
    assert {re.split(r"[?,]", name)[0] for name in targets(12)} == routes
