"""README's commands without DATABASE_URL: they use the embedded PostgreSQL, with the service running or not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import pytest

from app.config.settings import DEFAULT_PORT
from app.database.embedded import embedded_server

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def data_folder() -> Generator[Path]:
    # Not pytest's tmp_path: a socket's path may have 103 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="app-"))
    yield folder / "my däta"
    shutil.rmtree(folder, ignore_errors=True)


def test_commands_find_the_embedded_server(data_folder: Path, clean_environment: dict[str, str]):
    environment = {**clean_environment, "DATA_FOLDER": str(data_folder), "NO_COLOR": "1"}

    def prisma(*words: str, stdin: str = "") -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "prisma", *words],
            cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr.splitlines()[0]

    alone = prisma("migrate", "deploy")
    stopped = not (data_folder / "postgres" / "postmaster.pid").exists()
    with embedded_server(data_folder):
        beside = [
            prisma("migrate", "status"),
            prisma("db", "seed"),
            prisma("db", "execute", "--stdin", stdin="UPDATE users SET name = 'Ada' WHERE id = 'seed_ada'"),
        ]
    url = f"postgresql://postgres@localhost/ainative?host={quote(str(data_folder / 'postgres'), safe='')}"
    said = {line for _, _, line in (alone, *beside)}
    assert ([code for code, _, _ in (alone, *beside)], said) == ([0] * 4, {f"Database of this project: {url}"}), beside
    assert ("All migrations have been successfully applied." in alone[1], stopped) == (True, True)
    assert "Database schema is up to date!" in beside[0][1]
    assert "rows now: user 12," in beside[1][1]


def test_the_documentation_is_not_served_on_the_port_of_the_service():
    address = re.search(r"^dev_addr: [\d.]+:(\d+)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert address is not None
    assert int(address[1]) != DEFAULT_PORT
