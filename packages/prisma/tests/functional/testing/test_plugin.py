"""pytest's plugin in the projects of users: every test runs pytest in a folder of its own."""

from __future__ import annotations

import os
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import conninfo_to_dict

from prisma.generator import generate
from servers.prepared import PreparedPython
from servers.prisma_command import IMPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Server

_SCHEMA = """
datasource db {{
  provider = "{provider}"
  url      = env("TRIED_URL")
}}

generator client {{
  provider  = "prisma-client-py"
  interface = "{interface}"
  output    = "client"
}}

model User {{
  id    Int    @id @default(autoincrement())
  email String @unique
}}
"""
_SETTINGS = """
[tool.pytest.ini_options]
asyncio_mode = "{mode}"
asyncio_default_fixture_loop_scope = "function"
pythonpath = ["."]
"""
_ASYNC = """
import os
import pytest
from prisma import get_client
from prisma.errors import UniqueViolationError
@pytest.mark.parametrize("time", [1, 2])
async def test_is_undone(db, prisma_database, time):
    with pytest.raises(UniqueViolationError):
        async with db.tx() as inner:
            await inner.user.create_many([{"email": "ada@example.com"}, {"email": "ada@example.com"}])
    await db.user.create({"email": "ada@example.com"})
    assert (await db.user.count(), get_client() is db, os.environ["TRIED_URL"]) == (1, True, prisma_database)
"""
_SYNC = """
import os
import pytest
from prisma import get_client

@pytest.mark.parametrize("time", [1, 2])
def test_is_undone(db, prisma_database, time):
    with db.tx() as inner:
        inner.user.create({"email": "ada@example.com"})
    assert (db.user.count(), get_client() is db, os.environ["TRIED_URL"]) == (1, True, prisma_database)
"""


@pytest.fixture(scope="module")
def prepared() -> Iterator[PreparedPython]:
    """The process that becomes pytest in milliseconds."""
    prepared = PreparedPython(("pytest", "pytest_asyncio", *IMPORTS), "servers.prisma_command:rehearse")
    yield prepared
    prepared.close()


@dataclass(frozen=True)
class _Run:
    """How many tests passed, failed and so on, and what pytest said."""

    outcome: dict[str, int]
    said: str


@dataclass(frozen=True)
class _Project:
    """A folder with a schema."""

    folder: Path
    prepared: PreparedPython

    def run(
        self, *options: str, interface: str = "asyncio", provider: str = "postgresql", mode: str = "auto", **files: str
    ) -> _Run:
        """Generate the client, write the files, and run pytest."""
        schema = self.folder / "schema.prisma"
        schema.write_text(_SCHEMA.format(interface=interface, provider=provider), encoding="utf-8")
        generate(schema, root=self.folder)
        (self.folder / "pyproject.toml").write_text(_SETTINGS.format(mode=mode), encoding="utf-8")
        for name, text in {"conftest": "", **files}.items():
            if name == "conftest":
                text = f'pytest_plugins = ["prisma.testing.plugin"]\n{textwrap.dedent(text)}'
            (self.folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        report = self.folder / "report.txt"
        # The prepared process has imported plugins that pytest would like to see first.
        quiet = [f"-Wignore:{text}" for text in ("Module already imported", "XDG_RUNTIME_DIR", "Unknown config option")]
        words = (*quiet, "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:hypothesispytest", *options)
        with report.open("w", encoding="utf-8") as out:
            streams = (os.open(os.devnull, os.O_RDONLY), out.fileno(), out.fileno())
            self.prepared.start("pytest:main", words, self.folder, os.environ, streams).wait(100)
            os.close(streams[0])
        said = report.read_text(encoding="utf-8")
        return _Run(pytest.RunResult.parse_summary_nouns(said.splitlines()), said)


@pytest.fixture
def project(tmp_path: Path, prepared: PreparedPython) -> _Project:
    return _Project(tmp_path, prepared)


@pytest.fixture
def server_url(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server in the environment; afterwards no database of a run is left on it."""
    url = server.url("postgres")
    monkeypatch.setenv("TRIED_URL", url)
    yield url
    assert os.environ["TRIED_URL"] == url
    left = server.owner.execute("SELECT datname FROM pg_database WHERE datname LIKE 'prisma\\_test\\_%'").fetchall()
    assert left == []


@pytest.mark.usefixtures("server_url")
class TestOnAServer:
    def test_with_pytest_asyncio(self, project: _Project) -> None:
        assert project.run(test_it=_ASYNC).outcome == {"passed": 2}

    def test_with_pytest_asyncio_in_strict_mode(self, project: _Project) -> None:
        run = project.run(mode="strict", test_it=_marked("@pytest.mark.asyncio"))
        assert run.outcome == {"passed": 2}

    @pytest.mark.parametrize("options", [("-p", "no:asyncio"), ()], ids=["alone", "beside pytest-asyncio"])
    def test_with_anyio(self, project: _Project, options: tuple[str, ...]) -> None:
        marks = '@pytest.mark.parametrize("anyio_backend", ["asyncio"])\n@pytest.mark.anyio'
        assert project.run(*options, mode="strict", test_it=_marked(marks)).outcome == {"passed": 2}

    def test_says_that_nothing_runs_asynchronous_tests(self, project: _Project) -> None:
        run = project.run("-p", "no:asyncio", "-p", "no:anyio", test_it="def test_it(db): ...")
        sentence = "`db` is an asynchronous client, and no plugin runs asynchronous tests."
        assert (run.outcome, sentence in run.said) == ({"errors": 1}, True)

    def test_with_threads(self, project: _Project) -> None:
        assert project.run(interface="sync", test_it=_SYNC).outcome == {"passed": 2}

    def test_applies_migrations_where_there_are_some(self, project: _Project) -> None:
        migration = project.folder / "migrations" / "1_first"
        migration.mkdir(parents=True)
        (migration / "migration.sql").write_text('CREATE TABLE "Migrated" (id int)', encoding="utf-8")
        test = """
            async def test_it(db):
                assert await db.query_raw('SELECT count(*)::int AS n FROM "Migrated"') == [{"n": 0}]
        """
        assert project.run(test_it=test).outcome == {"passed": 1}

    def test_takes_the_schema_that_is_named(self, project: _Project) -> None:
        named = project.folder / "database" / "named.prisma"
        named.parent.mkdir()
        schema = _SCHEMA.format(interface="asyncio", provider="postgresql").replace("email String", "mail String")
        named.write_text(schema, encoding="utf-8")
        test = """
            async def test_it(db):
                assert await db.query_raw('SELECT mail FROM "User"') == []
        """
        names = ("-o", "prisma_schema=database/named.prisma", "-o", "prisma_client=client:Prisma")
        assert project.run(*names, test_it=test).outcome == {"passed": 1}

    def test_says_that_the_client_is_missing(self, project: _Project) -> None:
        run = project.run(
            "-o",
            "prisma_schema=named.prisma",
            test_it=_ASYNC,
            conftest="""
            import pathlib
            schema = pathlib.Path("schema.prisma").read_text()
            pathlib.Path("named.prisma").write_text(schema.replace('"client"', '"elsewhere"'))
        """,
        )
        sentence = f"The folder of the client, {project.folder / 'elsewhere'}, does not exist. Run `prisma generate`"
        assert (run.outcome, sentence in run.said) == ({"errors": 2}, True)

    def test_leaves_a_fixture_of_the_project_alone(self, project: _Project) -> None:
        conftest = "import pytest\n@pytest.fixture\ndef db(): return 'theirs'"
        run = project.run(conftest=conftest, test_it="def test_it(db): assert db == 'theirs'")
        assert run.outcome == {"passed": 1}


def test_on_a_file(project: _Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIED_URL", "file:./dev.db")
    run = project.run(interface="sync", provider="sqlite", test_it=_SYNC)
    assert (run.outcome, (project.folder / "dev.db").exists()) == ({"passed": 2}, False)


def test_says_that_it_makes_no_databases_of_mysql(project: _Project) -> None:
    run = project.run(provider="mysql", test_it="def test_it(prisma_database): ...")
    sentence = "`prisma_database` makes databases of PostgreSQL and SQLite."
    assert (run.outcome, sentence in run.said) == ({"errors": 1}, True)


@pytest.fixture
def no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no database."""
    for name in ("TRIED_URL", "DIRECT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_url")
def test_says_that_there_is_no_server(project: _Project) -> None:
    conftest = "from prisma.testing import embedded\nembedded.is_installed = lambda: False"
    run = project.run("-x", conftest=conftest, test_it=_ASYNC)
    sentence = "The tests have no database. Set TRIED_URL to the URL of a PostgreSQL server"
    assert (run.outcome, sentence in run.said) == ({"errors": 1}, True)


@pytest.mark.long
@pytest.mark.usefixtures("no_url")
def test_each_process_has_a_database_of_its_own(project: _Project) -> None:
    seen = project.folder / "seen"
    seen.mkdir()
    test = f"""
        import pathlib
        async def test_it(db, prisma_database):
            name = await db.query_raw("SELECT current_database() AS name")
            pathlib.Path({str(seen)!r}, name[0]["name"].rpartition("_")[2]).write_text(prisma_database)
    """
    run = project.run("-n", "2", "--dist", "each", test_it=test)
    urls = {file.name: file.read_text(encoding="utf-8") for file in seen.iterdir()}
    folders = {Path(str(conninfo_to_dict(url)["host"])) for url in urls.values()}
    assert (run.outcome["passed"], sorted(urls), len(folders)) == (2, ["gw0", "gw1"], 1)
    # The last process stopped the server and removed its data.
    assert [folder for folder in folders if folder.exists()] == []


def _marked(marks: str) -> str:
    return _ASYNC.replace("@pytest.mark.parametrize", f"{marks}\n@pytest.mark.parametrize", 1)
