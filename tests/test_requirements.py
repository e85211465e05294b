"""What the image installs: its files fit pyproject.toml, have hashes, and nothing for development."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
SETUP = ROOT / "docs" / "service" / "setup.md"
TOOL = ROOT / "tools" / "requirements.py"
_NAME = re.compile(r"^([a-z0-9][a-z0-9-]*)", re.MULTILINE)


def names(requirements: list[str]) -> set[str]:
    return {_NAME.findall(line)[0] for line in requirements}


def test_it_fits_pyproject():
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize(("name", "least"), [("requirements.txt", 30), ("requirements-build.txt", 5)])
def test_every_file_has_a_hash_and_none_an_address(name: str, least: int):
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(
        r"^[a-z0-9-]+==[^ ;]+(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M
    )
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert sum(1 + hashes.count("\n") for hashes in packages) == len(lines)
    assert "://" not in text
    assert len(packages) >= least


def test_nothing_is_for_development():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = names(project["project"]["dependencies"]) | names(groups["otel"])
    others = [line for name in ("dev", "benchmarks", "embedded") for line in groups[name] if isinstance(line, str)]
    found = set(_NAME.findall(REQUIREMENTS.read_text(encoding="utf-8")))
    # The driver is the client's own, too; the client is built, not downloaded.
    assert found & (names(others) - wanted) == {"psycopg"}
    assert wanted - found == {"prisma"}
    assert project["tool"]["uv"]["default-groups"] == ["dev", "benchmarks", "embedded"]


def test_the_documented_command_installs_the_same():
    selection = re.findall(r"^    \"requirements.txt\": \((.+)\),$", TOOL.read_text(encoding="utf-8"), re.MULTILINE)
    command = re.findall(r"^uv sync (.+)$", SETUP.read_text(encoding="utf-8"), re.MULTILINE)
    # Compiled at once, because the service's user may not be allowed to write there.
    assert command == [" ".join([*re.findall('"([^"]+)"', selection[0]), "--compile-bytecode"])]


def test_uv_run_compiles_nothing():
    """It would compile all files of the environment before each command."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "compile-bytecode" not in project["tool"]["uv"]


def test_what_builds_the_image_is_pinned():
    """The build's own requirements, too: uv would take the newest that fits."""
    client = tomllib.loads((ROOT / "packages" / "prisma" / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = set(_NAME.findall((ROOT / "requirements-build.txt").read_text(encoding="utf-8")))
    assert pinned >= {"uv", *names(client["build-system"]["requires"])}
    installs = re.findall(r"^RUN (?:uv )?(?:pip install|build) .*$", (ROOT / "Dockerfile").read_text(), re.M)
    assert [line for line in installs if "--require-hashes" not in line] == [
        "RUN uv pip install --python /opt/service/bin/python --no-deps dist/*.whl"
    ]
