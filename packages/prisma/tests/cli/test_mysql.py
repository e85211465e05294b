"""The commands on a schema for MySQL: what works, and what is said of the rest."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from prisma.migrate import MigrateError, deploy

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any

URL = "mysql://ada:s3cret@127.0.0.1:1/shop"
SCHEMA = """\
datasource db {
  provider = "mysql"
  url      = env("DATABASE_URL")
}

generator client {
  provider = "prisma-client-py"
  output   = "client"
}

model Author {
  id   Int    @id @default(autoincrement())
  name String
}
"""
NO_ENGINE = "Error: Prisma's schema engine has no WebAssembly connector for MySQL, so this command can't work on it.\n"
NO_STUDIO = "Error: Studio shows databases of PostgreSQL and SQLite, and not of MySQL.\n"
WRONG_URL = "Error: P1012\n\nError validating datasource `db`: the URL must start with the protocol `mysql://`.\n"
NEED_ENGINE = (
    ("migrate", "dev", "--name", "x"),
    ("migrate", "dev", "--create-only"),
    ("migrate", "reset", "--force"),
    ("migrate", "diff", "--from-empty", "--to-schema-datamodel", "schema.prisma", "--script", "--output", "x.sql"),
    ("migrate", "diff", "--from-empty", "--to-schema-datasource", "schema.prisma"),
    ("migrate", "diff", "--from-empty", "--to-config-datasource"),
    ("migrate", "diff", "--from-migrations", "migrations", "--to-empty"),
    ("migrate", "diff", "--from-url", URL, "--to-empty"),
    ("migrate", "diff", "--from-empty", "--to-empty", "--shadow-database-url", URL),
    ("db", "push"),
    ("db", "push", "--force-reset"),
    ("db", "pull"),
    ("db", "pull", "--print"),
    ("db", "pull", "--print", "--url", URL),
)


@pytest.fixture
def project(project: Project) -> Project:
    """A project whose schema is for MySQL."""
    project.write("schema.prisma", SCHEMA)
    project.write("migrations/1_first/migration.sql", "CREATE TABLE a (id INT);")
    project.write("migrations/migration_lock.toml", 'provider = "mysql"\n')
    return project


def files(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("url", [URL, None], ids=["url", "no url"])
@pytest.mark.parametrize("words", NEED_ENGINE, ids=" ".join)
def test_what_needs_the_schema_engine_says_so(project: Project, words: tuple[str, ...], url: str | None) -> None:
    if url:
        project.use(url)
    before = files(project)
    done = project.run(*words)
    first, _, fix = done.err.partition("\n")
    assert (done.code, done.out, f"{first}\n", "`npx prisma migrate dev`" in fix, files(project)) == (
        1,
        "",
        NO_ENGINE,
        True,
        before,
    ), done


@pytest.mark.parametrize("words", [("studio",), ("studio", "--url", URL)], ids=" ".join)
def test_studio_says_so(project: Project, words: tuple[str, ...]) -> None:
    done = project.run(*words)
    assert (done.code, done.out, done.err[: len(NO_STUDIO)]) == (1, "", NO_STUDIO), done


def test_commands_without_a_database_work(project: Project) -> None:
    done = [project.run(*words) for words in (("validate",), ("format", "--check"), ("generate",))]
    assert [each.code for each in done] == [0, 0, 0], done
    assert (project.folder / "client" / "__init__.py").exists()


@pytest.mark.parametrize("url", ["postgresql://ada:s3cret@h/x", "file:./dev.db", "s3cret"])
def test_a_url_of_another_database(project: Project, url: str) -> None:
    project.use(url)
    done = project.run("db", "execute", "--stdin", stdin="SELECT 1")
    assert (done.code, done.out, done.err) == (
        1,
        "",
        f"{WRONG_URL}Its form: mysql://user:password@localhost:3306/database\n",
    )


A, B = "20240101000000_a", "20240102000000_b"
RECORDS = (
    "SELECT migration_name, IF(rolled_back_at IS NULL, IF(finished_at IS NULL, 'failed', 'applied'), 'rolled back'), "
    "applied_steps_count FROM _prisma_migrations ORDER BY started_at, migration_name"
)
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
APPLIED = """
The following migration(s) have been applied:

migrations/
  └─ {}/
    └─ migration.sql

All migrations have been successfully applied.
"""
FAILED = f"""\
Error: P3018

A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how \
to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve

Migration name: {B}

Database error code: 1100

Database error:
Table 'absent' was not locked with LOCK TABLES
"""


class Shop:
    """A project, and its database on a real server, which does not exist yet."""

    def __init__(self, project: Project, server: Any) -> None:
        self.project = project
        self.server = server
        self.name = f"shop`{uuid.uuid4().hex[:8]}"
        self.url = server.url(self.name)
        self.place = f"127.0.0.1:{server.port}"
        source = f'Datasource "db": MySQL database "{self.name}" at "{self.place}"'
        self.head = f"Prisma schema loaded from schema.prisma\n{source}\n\n"
        project.use(self.url)
        shutil.rmtree(project.folder / "migrations")

    def add(self, name: str, script: str) -> None:
        self.project.write(f"migrations/{name}/migration.sql", script)

    def run(self, *words: str, stdin: str = "") -> tuple[int, str, str]:
        done = self.project.run(*words, stdin=stdin)
        return done.code, done.out.removeprefix(self.head), done.err.replace(self.name, "NAME")

    def deploy(self) -> tuple[int, str, str]:
        return self.run("migrate", "deploy")

    def found(self, sql: str) -> list[tuple[Any, ...]]:
        return self.server.run(sql, self.name)


@pytest.fixture
def shop(project: Project, mysql_server: Any) -> Iterator[Shop]:
    shop = Shop(project, mysql_server)
    yield shop
    mysql_server.run(f"DROP DATABASE IF EXISTS `{shop.name.replace('`', '``')}`")


def test_from_nothing_and_again(shop: Shop) -> None:
    shop.add(A, "CREATE TABLE a (t VARCHAR(9) DEFAULT ';');\nINSERT INTO a VALUES ('é'), ('\\';');\n-- over; really\n")
    found = "1 migration found in prisma/migrations"
    created = f"MySQL database {shop.name} created at {shop.place}\n"
    assert shop.deploy() == (0, f"{created}\n{found}\n\n{APPLIED.format(A)}", "")
    assert shop.deploy() == (0, f"\n{found}\n\n\nNo pending migrations to apply.\n", "")
    assert shop.run("migrate", "status") == (0, f"{found}\n\nDatabase schema is up to date!\n", "")
    assert (shop.found(RECORDS), shop.found("SELECT t FROM a")) == ([(A, "applied", 1)], [("é",), ("';",)])


def test_the_history_is_as_prisma_makes_it(shop: Shop) -> None:
    shop.add(A, "-- This is an empty migration.")
    shop.deploy()
    columns = (
        "SELECT column_name, column_type, is_nullable, column_default, column_key, collation_name "
        "FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY ordinal_position"
    )
    collation = "utf8mb4_unicode_ci"
    assert shop.found(columns) == [
        ("id", "varchar(36)", "NO", None, "PRI", collation),
        ("checksum", "varchar(64)", "NO", None, "", collation),
        ("finished_at", "datetime(3)", "YES", "NULL", "", None),
        ("migration_name", "varchar(255)", "NO", None, "", collation),
        ("logs", "text", "YES", "NULL", "", collation),
        ("rolled_back_at", "datetime(3)", "YES", "NULL", "", None),
        ("started_at", "datetime(3)", "NO", "current_timestamp(3)", "", None),
        ("applied_steps_count", "int(10) unsigned", "NO", "0", "", None),
    ]


def test_a_script_that_fails_and_what_is_done_about_it(shop: Shop) -> None:
    shop.add(A, "CREATE TABLE a (id INT);")
    shop.add(B, "CREATE TABLE b (id INT); LOCK TABLES b WRITE; INSERT INTO absent VALUES (1); CREATE TABLE c (id INT);")
    code, _, err = shop.deploy()
    assert (code, err) == (1, FAILED)
    failed = [(A, "applied", 1), (B, "failed", 0)]
    assert (shop.found(RECORDS), shop.found(TABLES)) == (failed, [("a",), ("b",), ("_prisma_migrations",)])
    assert shop.found("SELECT logs FROM _prisma_migrations WHERE finished_at IS NULL")[0][0] in err.replace(
        "NAME", shop.name
    )
    code, _, err = shop.deploy()
    assert (code, err.startswith("Error: P3009\n"), f"The `{B}` migration started at " in err) == (1, True, True)
    code, _, err = shop.run("migrate", "status")
    assert (code, err.startswith(f"Following migration have failed:\n{B}\n")) == (1, True)

    marked = f"Migration {B} marked as {{}}.\n"
    assert shop.run("migrate", "resolve", "--rolled-back", B) == (0, marked.format("rolled back"), "")
    shop.add(B, "CREATE TABLE c (id INT);")
    assert shop.deploy()[0] == 0
    assert shop.found(RECORDS) == [(A, "applied", 1), (B, "rolled back", 0), (B, "applied", 1)]
    assert shop.run("migrate", "resolve", "--applied", B)[2].startswith("Error: P3008\n")


def test_a_database_with_tables_gets_a_history(shop: Shop) -> None:
    shop.server.create_database(shop.name.replace("`", "``"))
    shop.found("CREATE TABLE a (id INT)")
    shop.add(A, "CREATE TABLE a (id INT);")
    assert shop.deploy()[2].startswith("Error: P3005\n")
    assert shop.run("migrate", "resolve", "--applied", A) == (0, f"Migration {A} marked as applied.\n", "")
    assert (shop.deploy()[0], shop.found(RECORDS)) == (0, [(A, "applied", 0)])


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("START TRANSACTION; CREATE TABLE a (id INT); START TRANSACTION; INSERT INTO a VALUES (1)", "does not end it"),
        ("CREATE TABLE a (id INT); /* no */; CREATE TABLE b (id INT)", "Database error code: 1064"),
        ("CREATE TABLE a (id INT);; CREATE TABLE b (id INT)", "Database error code: 1064"),
    ],
    ids=["transaction", "empty statement", "two semicolons"],
)
def test_a_script_that_does_not_run_to_its_end_has_failed(shop: Shop, script: str, said: str) -> None:
    shop.add(A, script)
    code, _, err = shop.deploy()
    assert (code, said in err, shop.found(RECORDS), shop.found("SELECT * FROM a")) == (1, True, [(A, "failed", 0)], [])


def test_what_a_script_sets_does_not_reach_the_history(shop: Shop) -> None:
    shop.add(
        A,
        "SET autocommit = 0, time_zone = '-09:00', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; SET NAMES latin1; "
        "SET foreign_key_checks = 0; USE mysql;",
    )
    shop.add(
        B, "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END; CREATE TABLE b AS SELECT @@foreign_key_checks AS c;"
    )
    assert shop.deploy()[0] == 0
    soon = "SELECT MAX(ABS(TIMESTAMPDIFF(MINUTE, started_at, UTC_TIMESTAMP()))) < 5 FROM _prisma_migrations"
    assert (shop.found(RECORDS), shop.found(soon), shop.found("SELECT c FROM b")) == (
        [(A, "applied", 1), (B, "applied", 1)],
        [(1,)],
        [(1,)],
    )
    assert shop.found("SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()") == [
        ("p",)
    ]


def test_an_absent_database(shop: Shop) -> None:
    answers = [shop.run("migrate", "status"), shop.run("db", "execute", "--stdin", "--url", shop.url, stdin="SELECT 1")]
    assert {(code, err) for code, _, err in answers} == {
        (1, "Error: P1003\n\nDatabase `NAME` does not exist on the database server.\n")
    }


def test_ctrl_c_ends_a_script(shop: Shop) -> None:
    shop.server.create_database(shop.name.replace("`", "``"))
    shop.add(A, "CREATE TABLE a (id INT); SELECT SLEEP(600); CREATE TABLE b (id INT);")
    running = "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND user = 'prisma'"
    with shop.project.on_terminal("migrate", "deploy") as terminal:
        while ("a",) not in shop.found(TABLES):
            assert terminal.process.poll() is None
        terminal.process.send_signal(2)
        code = terminal.end()
    while shop.found(running):
        time.sleep(0.01)
    assert (code, shop.found(RECORDS), shop.found(TABLES)) == (
        130,
        [(A, "failed", 0)],
        [("a",), ("_prisma_migrations",)],
    )


def test_two_deployments_at_once(shop: Shop) -> None:
    names = [f"2024010100000{number}_m" for number in range(5)]
    for number, name in enumerate(names):
        shop.add(name, f"CREATE TABLE t{number} (id INT); SELECT SLEEP(0.05);")
    with ThreadPoolExecutor() as pool:
        done = [each.result() for each in [pool.submit(shop.deploy) for _ in range(3)]]
    assert [code for code, _, _ in done] == [0, 0, 0], done
    assert shop.found(RECORDS) == [(name, "applied", 1) for name in names]


async def test_a_lock_that_others_keep(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prisma.migrate.mysql.session._LOCK", "SELECT GET_LOCK('prisma_migrate', 0)")
    shop.server.create_database(shop.name.replace("`", "``"))
    with shop.server.connect() as holder, holder.cursor() as cursor:
        cursor.execute("SELECT GET_LOCK('prisma_migrate', 0)")
        with pytest.raises(MigrateError, match="Timed out trying to acquire a lock") as caught:
            await deploy(shop.project.folder / "migrations", shop.url)
    assert caught.value.code == "P1002"


def test_scripts_are_executed(shop: Shop) -> None:
    shop.server.create_database(shop.name.replace("`", "``"))
    execute = ("db", "execute", "--stdin", "--schema", "schema.prisma")
    script = "CREATE TABLE a (id INT); INSERT INTO a VALUES (1); SELECT * FROM a; /* over */ ;\n"
    assert shop.run(*execute, stdin=script) == (0, "Script executed successfully.\n", "")
    code, out, err = shop.run(*execute, stdin="INSERT INTO a VALUES (2); SELECT * FROM absent;")
    assert (code, out, err) == (
        1,
        "",
        "Error: P2010\n\nRaw query failed. Code: `1146`. Message: `Table 'NAME.absent' doesn't exist`\n",
    )
    assert shop.found("SELECT id FROM a") == [(1,), (2,)]


def test_a_seed_gets_the_url(shop: Shop) -> None:
    shop.project.write("pyproject.toml", '[tool.prisma]\nseed = "python seed.py"\n')
    shop.project.write("seed.py", "import os\nprint(os.environ['DATABASE_URL'])\n")
    code, out, _ = shop.run("db", "seed")
    assert (code, shop.url in out) == (0, True)
