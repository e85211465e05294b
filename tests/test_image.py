"""The image, without Docker: the instructions of `Dockerfile` and `railway.json`, run one after the other.

The container's files lie below a folder; what runs in the container runs as the image's user, who owns and may write
nothing there, and finds no program but those of the image.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from packaging.markers import Marker

from app.config.settings import load_settings
from app.main import create_app
from servers import PATIENCE, RunAs, run_as
from servers.service import ROOT, running
from servers.tls import OTHER_ADDRESS

if TYPE_CHECKING:
    from servers.tls import TlsServer

pytestmark = pytest.mark.long

Find = Callable[[], int]

# Where the instructions put things.
PLACES = re.compile(r"(?<![\w.])/(?=(?:opt|build|service)\b)")
UV = "pip install --no-cache-dir --require-hashes -r requirements-build.txt"
INSTALLED = """
import importlib.metadata, re
for one in importlib.metadata.distributions():
    print(re.sub("[-_.]+", "-", one.name).lower() + "==" + one.version)
"""
ENOUGH = "import sys, ssl, sqlite3; sys.exit(sys.version_info < (3, 11))"


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile as pairs of word and arguments."""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    return [(word, arguments.strip()) for word, _, arguments in (line.partition(" ") for line in lines)]


def stages(text: str) -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage."""
    found: list[list[tuple[str, str]]] = []
    for word, arguments in instructions(text):
        if word == "FROM":
            found.append([])
        found[-1].append((word, arguments))
    return found


@dataclass
class Container:
    """A stage that is being run, its files below `root`."""

    root: Path
    python: str
    environment: dict[str, str] = field(default_factory=dict[str, str])
    folder: Path = Path()
    user: RunAs = field(default_factory=RunAs)
    health: list[str] = field(default_factory=list[str])
    command: list[str] = field(default_factory=list[str])

    def below(self, text: str) -> str:
        return PLACES.sub(f"{self.root}/", text)

    def do(self, word: str, arguments: str) -> None:
        """Follow an instruction."""
        getattr(self, f"_{word.lower()}")(arguments)

    def run(self, command: str | list[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the container as its user."""
        words = shlex.split(command) if isinstance(command, str) else command
        return subprocess.run(
            [self.program(words[0]), *words[1:]], cwd=self.folder, env={**self.environment, **more},
            capture_output=True, text=True, check=False, timeout=PATIENCE, **self.user,
        )  # fmt: skip

    def program(self, name: str) -> str:
        if name == "sh":
            return "/bin/sh"  # of the base image
        found = shutil.which(name, path=self.environment["PATH"])
        assert found is not None, f"{name} is not in the image"
        return found

    def _from(self, arguments: str) -> None:
        assert re.fullmatch(r"python:3\.\d+-slim( AS build)?", arguments)

    def _env(self, arguments: str) -> None:
        for word in shlex.split(arguments):
            name, _, value = word.partition("=")
            value = value.replace("$PATH", self.environment.get("PATH", ""))
            self.environment[name] = self.below(value).removesuffix(":")

    def _workdir(self, arguments: str) -> None:
        self.folder = Path(self.below(arguments))
        self.folder.mkdir(parents=True, exist_ok=True)

    def _copy(self, arguments: str) -> None:
        *sources, target = arguments.split()
        if sources[0] == "--from=build":
            # Both stages lie below one folder, under the same names.
            assert sources[1] == target
            assert Path(self.below(target)).is_dir()
            return
        for source in sources:
            place = self.folder / (source if target == "./" else target)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=IGNORED)
            else:
                shutil.copy2(ROOT / source, place)

    def _run(self, arguments: str) -> None:
        installed = self.root / "usr" / "bin"
        if arguments == UV:
            installed.mkdir(parents=True)
            (installed / "uv").symlink_to(shutil.which("uv") or "uv")
            return
        # No other program of this machine, which may have npm: the image has none, and its build brings its own.
        path = f"{self.environment.get('PATH', '')}:{installed}"
        environment = {**os.environ, **self.environment, "UV_PYTHON": self.python, "PATH": path}
        environment.pop("VIRTUAL_ENV", None)
        subprocess.run(self.below(arguments), shell=True, cwd=self.folder, env=environment, check=True)

    def _user(self, arguments: str) -> None:
        uid, gid = map(int, arguments.split(":"))
        assert uid != 0
        self.user = run_as(uid, gid)

    def _expose(self, arguments: str) -> None:
        assert arguments == self.environment["PORT"]

    def _healthcheck(self, arguments: str) -> None:
        self.health = json.loads(arguments.partition("CMD ")[2])

    def _cmd(self, arguments: str) -> None:
        self.command = json.loads(arguments)


# As in a clean checkout: what builds put beside the sources is not there.
IGNORED = shutil.ignore_patterns("__pycache__", "_generated", "binaries", "node_modules", "page", "tests", ".env*")


def python_for_all() -> str:
    """Return an interpreter that the image's user can run, or else this one."""
    for candidate in (os.path.realpath(sys.executable), "/usr/local/bin/python3", "/usr/bin/python3"):
        try:
            done = subprocess.run([candidate, "-c", ENOUGH], check=False, cwd="/", **run_as(65534, 65534))
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    return sys.executable


@pytest.fixture(scope="module")
def image() -> Generator[Container]:
    """The finished image: the instructions of all stages followed."""
    # Not pytest's folder, which nobody else may enter.
    root = Path(tempfile.mkdtemp(prefix="image-"))
    root.chmod(0o755)
    container = None
    for stage in stages((ROOT / "Dockerfile").read_text()):
        container = Container(root, python_for_all())
        for word, arguments in stage:
            container.do(word, arguments)
    assert container is not None
    for path in (root / "service", root / "opt"):
        subprocess.run(["chmod", "-R", "a-w", path], check=True)
    yield container
    subprocess.run(["chmod", "-R", "u+w", root], check=True)
    shutil.rmtree(root)


@pytest.fixture
def database_name(tls_server: TlsServer) -> Generator[str]:
    """The name of a database that does not exist yet."""
    name = f"image_{uuid.uuid4().hex[:12]}"
    yield name
    tls_server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def contents(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


async def test_the_image(image: Container, tls_server: TlsServer, database_name: str, unused_port: Find):
    railway = json.loads((ROOT / "railway.json").read_text())
    port = unused_port()
    url = tls_server.url(database_name, host=OTHER_ADDRESS, sslmode="require")
    given = {"DATABASE_URL": url, "PORT": str(port), "HOST": "127.0.0.1", "HOME": "/nonexistent"}
    before = contents(image.root)

    (migrate,) = railway["deploy"]["preDeployCommand"]
    migrated = image.run(migrate, **given)
    assert (migrated.returncode, migrated.stderr) == (0, "There is nothing to record.\n")
    assert "All migrations have been successfully applied." in migrated.stdout
    assert image.run(image.health, **given).returncode == 1

    environment = {**image.environment, **given, "WORKERS": "2", "METRICS_TOKEN": "t", "PUBLIC_STATS": "yes"}
    command = [image.program(image.command[0]), *image.command[1:]]
    async with running(environment, command=command, folder=image.folder, owner=image.user) as service:
        healthy = image.run(image.health, **given)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            stats = await http.get("/api/stats")
            docs = await http.get("/docs")
            metrics = await http.get("/metrics", headers={"Authorization": "Bearer t"})
        code = await service.stop(signal.SIGTERM)

    said = [json.loads(line)["message"] for line in service.lines]
    assert (healthy.returncode, healthy.stdout) == (0, "healthy: database connected\n")
    assert (stats.status_code, stats.json()["users"], docs.status_code, code) == (200, 0, 404, 0)
    assert "service_workers 2.0" in metrics.text
    assert "[3/6] Client up to date" in said
    assert "[5/6] Seed none in production" in said
    assert contents(image.root) == before


def test_no_node_and_no_secret_in_the_image(image: Container):
    files = {path.name for part in ("service", "opt") for path in (image.root / part).rglob("*") if path.is_file()}
    assert shutil.which("node", path=image.environment["PATH"]) is None
    assert not {name for name in files if name in ("node", "npm") or name.startswith((".env", "libnode"))}


def test_what_is_installed_is_what_has_hashes(image: Container):
    installed = image.run(["python", "-c", INSTALLED]).stdout.split()
    text = (ROOT / "requirements.txt").read_text()
    pinned = re.findall(r"^([a-z0-9-]+==[^ ]+)(?: ; (.+?))? \\$", text, re.MULTILINE)
    expected = {package for package, marker in pinned if not marker or Marker(marker).evaluate()}
    assert {package for package in installed if not package.startswith("prisma==")} == expected


def test_the_generated_client_is_compiled(image: Container):
    (package,) = (image.root / "opt" / "service").glob("lib/python3*/site-packages/prisma/_generated")
    modules = {path.stem for path in package.glob("*.py")}
    assert {path.name.partition(".")[0] for path in (package / "__pycache__").glob("*.pyc")} == modules


def test_railway_starts_what_the_image_starts(image: Container):
    railway = json.loads((ROOT / "railway.json").read_text())
    paths = create_app(load_settings({}, ROOT / "migrations")).openapi()["paths"]
    assert shlex.split(railway["deploy"]["startCommand"]) == image.command
    assert (ROOT / railway["build"]["dockerfilePath"]).is_file()
    assert railway["deploy"]["healthcheckPath"] in paths


def test_the_context_holds_what_is_copied_and_nothing_else():
    """`.dockerignore` leaves everything out but what COPY takes."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    copied = {
        source
        for word, arguments in instructions((ROOT / "Dockerfile").read_text())
        if word == "COPY" and not arguments.startswith("--from")
        for source in arguments.split()[:-1]
    }
    assert lines[0] == "*"
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == copied
