"""`prisma migrate` on a file of SQLite: what it writes, applies, says, refuses and leaves behind."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from prisma.cli.consent import AGENTS
from prisma.cli.main import run
from prisma.migrate import Deployment, MigrateError, Status, deploy, mark_applied, status
from prisma.migrate.sqlite import history

# Fixtures are typed loosely: with importlib mode a test module can't import from conftest.
Project = Any
Outcome = tuple[int, str, str]
Command = Callable[..., Outcome]

URL = "file:data/dev.db?socket_timeout=1"
SCHEMA = f"""\
datasource db {{
  provider = "sqlite"
  url      = "{URL}"
}}

model Author {{
  id    Int    @id @default(autoincrement())
  name  String @unique
  books Book[]
}}

model Book {{
  id       Int    @id
  author   Author @relation(fields: [authorId], references: [id])
  authorId Int
}}
"""
ROWS = "INSERT INTO Author (name) VALUES ('Ann'); INSERT INTO Book VALUES (1, 1)"
A, B = "20240101000000_a", "20240102000000_b"

HEAD = f'Prisma schema loaded from schema.prisma\nDatasource "db": SQLite database "dev.db" at "{URL}"\n\n'
MADE = f"SQLite database dev.db created at {URL}\n\n"
IN_SYNC = "Already in sync, no schema change or pending migration was found.\n"
NOW_IN_SYNC = "Your database is now in sync with your schema.\n"
CREATED = """
The following migration(s) have been created and applied from new schema changes:

migrations/
  └─ STAMP_{}/
    └─ migration.sql

"""
APPLIED = """
The following migration(s) have been applied:

migrations/
  └─ {}/
    └─ migration.sql
"""
LOSS = """
⚠️  Warnings for the current datasource:

  • You are about to drop the column `name` on the `Author` table, which still contains 1 non-null values.

"""
NOT_INTERACTIVE = "Error: Prisma Migrate has detected that the environment is non-interactive, which is not supported."
RESET = f"""\
We need to reset the SQLite database "dev.db" at "{URL}"

You may use prisma migrate reset to drop the development database.
All data will be lost.
"""
MUST = """\
Added the required column `must` to the `Author` table without a default value. There are 1 rows in this table, it is \
not possible to execute this step.
"""
# As Prisma's engine writes it.
HISTORY_TABLE = """\
CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)"""
RECORDS = """
SELECT migration_name, CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back' WHEN finished_at IS NULL THEN 'failed'
    ELSE 'applied' END, applied_steps_count FROM _prisma_migrations ORDER BY started_at
"""
TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%sqlite%' ORDER BY 1"


@pytest.fixture
def folder(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project whose database is a file."""
    project.write("schema.prisma", SCHEMA)
    for _, variable, _ in AGENTS:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("NO_COLOR", "1")
    return project.folder


@pytest.fixture
def prisma(folder: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process, without what differs from run to run."""

    def command(*words: str) -> Outcome:
        code = run(words)
        out, err = capfd.readouterr()
        return code, told(out, folder), told(err, folder)

    return command


def told(text: str, folder: Path) -> str:
    text = re.sub(r"\b\d{14}(?=_)(?<!20240101000000)(?<!20240102000000)", "STAMP", text)
    return text.replace(str(folder), "FOLDER")


def sql(script: str) -> None:
    Path("data").mkdir(exist_ok=True)
    with closing(sqlite3.connect("data/dev.db", isolation_level=None)) as connection:
        connection.executescript(script)


def found(query: str) -> list[Any]:
    with closing(sqlite3.connect("data/dev.db")) as connection:
        rows = connection.execute(query).fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def change(before: str, after: str) -> None:
    Path("schema.prisma").write_text(Path("schema.prisma").read_text().replace(before, after))


def add(name: str, script: str) -> None:
    path = Path("migrations", name, "migration.sql")
    path.parent.mkdir(parents=True)
    path.write_text(script)


def dev(prisma: Command, *words: str) -> Outcome:
    return prisma("migrate", "dev", "--skip-generate", *words)


def test_from_nothing(prisma: Command) -> None:
    assert dev(prisma, "--name", "init") == (0, HEAD + MADE + CREATED.format("init") + NOW_IN_SYNC, "")
    assert dev(prisma) == (0, HEAD + IN_SYNC, "")
    assert prisma("migrate", "status") == (
        0,
        f"{HEAD}1 migration found in prisma/migrations\n\nDatabase schema is up to date!\n",
        "",
    )
    columns = "typeof(id), length(checksum), typeof(started_at), typeof(finished_at), logs, applied_steps_count"
    assert (
        found("SELECT sql FROM sqlite_master WHERE name = '_prisma_migrations'"),
        found(f"SELECT {columns} FROM _prisma_migrations"),
        Path("migrations/migration_lock.toml").read_text().splitlines()[-1],
        sorted(path.name for path in Path("data").iterdir()),
    ) == (
        [HISTORY_TABLE],
        [("text", 64, "integer", "integer", None, 1)],
        'provider = "sqlite"',
        ["dev.db"],
    )


def test_losses_need_a_terminal(prisma: Command) -> None:
    dev(prisma)
    sql(ROWS)
    change("  name  String @unique\n", "")
    code, out, err = dev(prisma, "--name", "lost")
    assert (code, out, err.splitlines()[0]) == (1, HEAD + LOSS, NOT_INTERACTIVE)
    assert found("SELECT name FROM Author") == ["Ann"]


def test_losses_are_confirmed(prisma: Command, project: Project) -> None:
    dev(prisma)
    sql(ROWS)
    change("  name  String @unique\n", "  title String?\n")
    with project.on_terminal("migrate", "dev", "--skip-generate", "--name", "lost") as terminal:
        terminal.expect("Are you sure you want to create and apply this migration?")
        terminal.type("y\n")
        code = terminal.end()
    rows = found("SELECT Author.id, title, Book.id FROM Author JOIN Book ON authorId = Author.id")
    assert (code, rows, found("PRAGMA foreign_key_check")) == (0, [(1, None, 1)], [])


def test_steps_that_are_impossible(prisma: Command) -> None:
    dev(prisma)
    sql(ROWS)
    change("  books Book[]\n", "  books Book[]\n  must  Int\n")
    code, _, err = dev(prisma, "--name", "must")
    assert (code, MUST in err, len(list(Path("migrations").iterdir()))) == (1, True, 2)
    code, out, err = dev(prisma, "--name", "must", "--create-only")
    assert (code, MUST in err, "without applying it STAMP_must\n" in out, found(RECORDS)[1:]) == (0, True, True, [])


def drift() -> None:
    sql("CREATE TABLE other (x INTEGER)")


def edited() -> None:
    (path,) = Path("migrations").glob("*/migration.sql")
    path.write_text(f"{path.read_text()}-- more\n")


def missing() -> None:
    (path,) = Path("migrations").glob("*/migration.sql")
    path.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (drift, "Drift detected: Your database schema is not in sync with your migration history.\n"),
        (edited, "The migration `STAMP_init` was modified after it was applied.\n"),
        (missing, "- The following migration(s) are applied to the database but missing from the local migrations"),
    ],
)
def test_reasons_for_a_reset(prisma: Command, spoil: Callable[[], None], reason: str) -> None:
    dev(prisma, "--name", "init")
    sql(ROWS)
    spoil()
    code, out, err = dev(prisma)
    assert (code, out.startswith(HEAD), reason in out, out.endswith(RESET), err) == (130, True, True, True, "")
    assert found("SELECT name FROM Author") == ["Ann"]


def test_a_script_that_fails_in_the_shadow(prisma: Command) -> None:
    add(A, "CREATE TABLE a (id INTEGER);\nSELECT absent FROM a;\n")
    code, _, err = dev(prisma)
    assert (code, "P3006" in err, "no such column: absent" in err, found(TABLES)) == (1, True, True, [])


def test_reset(prisma: Command) -> None:
    dev(prisma, "--name", "init")
    sql(ROWS + "; CREATE VIEW v AS SELECT name FROM Author; CREATE VIRTUAL TABLE words USING fts5(text)")
    sql('CREATE TABLE "a""b" (x); CREATE TRIGGER t AFTER INSERT ON Author BEGIN DELETE FROM Book; END')
    done = prisma("migrate", "reset", "--force", "--skip-generate")
    objects = found("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    assert (done, found(TABLES), found("SELECT count(*) FROM Author"), objects) == (
        (0, f"{HEAD}\nDatabase reset successful\n{APPLIED.format('STAMP_init')}", ""),
        ["Author", "Book", "_prisma_migrations"],
        [0],
        [],
    )


def test_a_reset_that_is_refused(prisma: Command) -> None:
    dev(prisma)
    sql(ROWS)
    code, _, err = prisma("migrate", "reset", "--skip-generate")
    assert (code, "Use --force to run this command without user interaction." in err) == (1, True)
    Path("migrations", A).mkdir()
    code, _, err = prisma("migrate", "reset", "--force", "--skip-generate")
    assert (code, "P3015" in err, found("SELECT name FROM Author")) == (1, True, ["Ann"])


FAILED = f"""\
Error: P3018

A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how \
to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve

Migration name: {B}

Database error code: 1

Database error:
no such table: absent

POSITION: line 2, column 1
"""


def test_a_failure_is_resolved(prisma: Command) -> None:
    add(A, "CREATE TABLE a (id INTEGER)")
    add(B, "CREATE TABLE b (id INTEGER);\nINSERT INTO absent VALUES (1);\nCREATE TABLE c (id INTEGER);")
    code, _, err = prisma("migrate", "deploy")
    # Statement by statement: what was before the failure stays.
    assert (code, err, found(RECORDS), found(TABLES)) == (
        1,
        FAILED,
        [(A, "applied", 1), (B, "failed", 0)],
        ["_prisma_migrations", "a", "b"],
    )
    again = prisma("migrate", "deploy")
    state = prisma("migrate", "status")
    assert ("P3009" in again[2], f"The `{B}` migration started at " in again[2], state[0], B in state[2]) == (
        True,
        True,
        1,
        True,
    )
    Path("migrations", B, "migration.sql").write_text("CREATE TABLE c (id INTEGER)")
    assert prisma("migrate", "resolve", "--rolled-back", B)[0] == 0
    assert prisma("migrate", "deploy")[0] == 0
    assert found(RECORDS) == [(A, "applied", 1), (B, "rolled back", 0), (B, "applied", 1)]


def test_a_database_with_tables_is_baselined(prisma: Command) -> None:
    sql("CREATE TABLE a (id INTEGER)")
    add(A, "CREATE TABLE a (id INTEGER)")
    assert "P3005" in prisma("migrate", "deploy")[2]
    assert prisma("migrate", "resolve", "--applied", A) == (0, f"{HEAD}Migration {A} marked as applied.\n", "")
    assert (prisma("migrate", "deploy")[0], found("SELECT logs, applied_steps_count FROM _prisma_migrations")) == (
        0,
        [("", 0)],
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--applied", B), "P3017"),
        (("--applied", A), "P3008"),
        (("--rolled-back", B), "P3011"),
        (("--rolled-back", A), "P3012"),
    ],
)
def test_resolutions_that_are_refused(prisma: Command, words: tuple[str, str], code: str) -> None:
    add(A, "CREATE TABLE a (id INTEGER)")
    prisma("migrate", "deploy")
    done = prisma("migrate", "resolve", *words)
    assert (done[0], done[2].startswith(f"Error: {code}\n")) == (1, True)


def test_a_transaction_that_is_left_open(prisma: Command) -> None:
    add(A, "BEGIN;\nCREATE TABLE a (id INTEGER);")
    code, _, err = prisma("migrate", "deploy")
    assert (code, "begins a transaction and does not end it" in err, found(TABLES), found(RECORDS)) == (
        1,
        True,
        ["_prisma_migrations"],
        [(A, "failed", 0)],
    )


def test_scripts_with_transactions_and_triggers(prisma: Command) -> None:
    add(A, "BEGIN;\nCREATE TABLE a (t TEXT DEFAULT ';');\nCOMMIT;\n-- over; really\n")
    add(B, "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; SELECT 1; END;\r\nPRAGMA user_version = 3")
    assert (prisma("migrate", "deploy")[0], found(RECORDS), found("PRAGMA user_version")) == (
        0,
        [(A, "applied", 1), (B, "applied", 1)],
        [3],
    )


def test_migrations_for_another_database(prisma: Command) -> None:
    add(A, "CREATE TABLE a (id INTEGER)")
    Path("migrations/migration_lock.toml").write_text('provider = "postgresql"\n')
    text = "P3019\n\nThe datasource provider `sqlite` specified in your schema does not match"
    commands = (("deploy",), ("status",), ("dev", "--skip-generate"), ("reset", "--force", "--skip-generate"))
    assert [text in prisma("migrate", *words)[2] for words in commands] == [True] * 4


DIFFERENCES = {
    ("--from-empty", "--to-schema-datamodel", "schema.prisma", "--script"): (0, 'CREATE TABLE "Author"'),
    ("--from-empty", "--to-url", "file:data/dev.db", "--script", "--exit-code"): (2, 'CREATE TABLE "Author"'),
    ("--from-config-datasource", "--to-schema-datamodel", "schema.prisma"): (0, "No difference detected."),
    ("--from-schema-datasource", "schema.prisma", "--to-empty"): (0, "[-] Removed tables"),
    ("--from-migrations", "migrations", "--to-config-datasource", "--exit-code"): (0, "No difference detected."),
    ("--from-empty", "--to-migrations", "migrations", "--script"): (0, 'CREATE TABLE "Author"'),
    ("--from-migrations", "migrations", "--to-schema-datamodel", "schema.prisma", "--exit-code"): (
        0,
        "No difference detected.",
    ),
}


def test_differences(prisma: Command) -> None:
    dev(prisma)
    # Without migrations of its own, the history is no difference.
    answers = {words: prisma("migrate", "diff", *words) for words in DIFFERENCES}
    assert {words: (code, DIFFERENCES[words][1] in out, err) for words, (code, out, err) in answers.items()} == {
        words: (code, True, "") for words, (code, _) in DIFFERENCES.items()
    }
    prisma("migrate", "diff", "--from-empty", "--to-config-datasource", "--script", "--output", "made.sql")
    sql("DROP TABLE Book; DROP TABLE Author; " + Path("made.sql").read_text())
    assert dev(prisma) == (0, HEAD + IN_SYNC, "")


async def test_the_functions(folder: Path) -> None:
    add(A, "CREATE TABLE a (id INTEGER)")
    add(B, "CREATE TABLE b (id INTEGER)")
    # Beside the folder of migrations is where the schema is.
    sql("")
    assert await deploy(folder / "migrations", "file:data/dev.db") == Deployment(
        found=(A, B), applied=(A, B), edited=(), missing=()
    )
    assert await status(folder / "migrations", "file:data/dev.db") == Status((A, B), (), (), (), True)
    with pytest.raises(MigrateError, match="already recorded"):
        await mark_applied(folder / "migrations", A, "file:data/dev.db")


RACE = """
import asyncio, sys
from pathlib import Path
from prisma.migrate import deploy
print(len(asyncio.run(deploy(Path("migrations"), "file:data/dev.db")).applied))
"""


def test_processes_share_the_work(folder: Path) -> None:
    sql("")
    for number in range(10):
        add(f"2024010100000{number}_m", f"CREATE TABLE t{number} (id INTEGER); INSERT INTO t{number} VALUES (1)")
    command = [sys.executable, "-c", RACE]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) for _ in range(3)]
    applied = [int(racer.communicate()[0]) for racer in racers]
    assert (sum(applied), [racer.returncode for racer in racers], {state for _, state, _ in found(RECORDS)}) == (
        10,
        [0, 0, 0],
        {"applied"},
    )


START = "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('x', 'y', ?, ?)"


@pytest.mark.parametrize("when", ["before", "between"])
async def test_a_migration_that_another_process_is_at(folder: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    add(A, "CREATE TABLE a (id INTEGER)")
    sql(HISTORY_TABLE)
    other = sqlite3.connect("data/dev.db", isolation_level=None)

    def begin() -> None:
        other.execute(START, [A, int(datetime.now(UTC).timestamp() * 1000)])

    async def ends(_seconds: float) -> None:
        other.execute("UPDATE _prisma_migrations SET finished_at = ?", [1])

    monkeypatch.setattr("prisma.migrate.sqlite.history.asyncio.sleep", ends)
    if when == "before":
        begin()
    else:
        add(B, "CREATE TABLE b (id INTEGER)")
        claimed = history.SqliteHistory.start

        async def late(self: Any, id: str, migration: Any) -> bool:
            if migration.name == A:
                begin()
            return await claimed(self, id, migration)

        monkeypatch.setattr(history.SqliteHistory, "start", late)
    done = await deploy(folder / "migrations", "file:data/dev.db")
    other.close()
    assert done.applied == (() if when == "before" else (B,))


async def test_a_migration_that_was_killed(folder: Path) -> None:
    add(A, "CREATE TABLE a (id INTEGER)")
    sql(HISTORY_TABLE)
    with closing(sqlite3.connect("data/dev.db", isolation_level=None)) as connection:
        connection.execute(START, [A, "2024-01-01 00:00:00"])
    with pytest.raises(MigrateError, match=f"The `{A}` migration started at 2024-01-01 00:00:00 UTC failed"):
        await deploy(folder / "migrations", "file:data/dev.db")


LOCKED = """\
Error: P1008

Operations timed out after 1 s. Context: the database file is locked. Database: FOLDER/data/dev.db
"""
ALL = (
    ("migrate", "status"),
    ("migrate", "deploy"),
    ("migrate", "dev", "--skip-generate"),
    ("migrate", "reset", "--force", "--skip-generate"),
    ("migrate", "diff", "--from-empty", "--to-config-datasource"),
    ("db", "push", "--skip-generate"),
    ("db", "pull", "--print"),
    ("db", "execute", "--file", "script.sql", "--schema", "schema.prisma"),
)


def test_a_file_that_is_locked(prisma: Command) -> None:
    sql("PRAGMA journal_mode = DELETE; CREATE TABLE a (id INTEGER)")
    Path("script.sql").write_text("INSERT INTO a VALUES (1)")
    with closing(sqlite3.connect("data/dev.db", isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        answers = [prisma(*words) for words in ALL]
    assert {(code, err) for code, _, err in answers} == {(1, LOCKED)}


def test_a_file_that_is_being_written_to(prisma: Command) -> None:
    dev(prisma)
    change("  books Book[]\n", "  books Book[]\n  more  Int?\n")
    before = found(TABLES), sorted(Path("migrations").iterdir())
    with closing(sqlite3.connect("data/dev.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        reset = prisma("migrate", "reset", "--force", "--skip-generate")
        push = prisma("db", "push", "--skip-generate")
        executed = prisma("db", "execute", "--file", "schema.prisma", "--schema", "schema.prisma")
    assert (reset[0], reset[2], push[0], push[2]) == (1, LOCKED, 1, LOCKED)
    assert (executed[0], before) == (1, (found(TABLES), sorted(Path("migrations").iterdir())))


def test_a_file_that_is_no_database(prisma: Command) -> None:
    Path("data").mkdir()
    Path("data/dev.db").write_text("text " * 1000)
    Path("script.sql").write_text("SELECT 1")
    answers = [prisma(*words) for words in ALL]
    text = "Error: P1001\n\nCan't open the database file `FOLDER/data/dev.db`: file is not a database.\n"
    assert {(code, err) for code, _, err in answers} == {(1, text)}
    assert Path("data/dev.db").read_text() == "text " * 1000


def test_a_file_that_does_not_exist(prisma: Command) -> None:
    Path("script.sql").write_text("SELECT 1")
    add(A, "CREATE TABLE a (id INTEGER);")
    resolve = [("migrate", "resolve", word, A) for word in ("--applied", "--rolled-back")]
    answers = [prisma(*words) for words in (ALL[0], ALL[4], ALL[7], *resolve)]
    text = "Error: P1003\n\nDatabase `dev.db` does not exist at `FOLDER/data/dev.db`\n"
    assert {(code, err) for code, _, err in answers} == {(1, text)}
    assert not Path("data").exists()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;"


def test_ctrl_c_ends_a_script(folder: Path, project: Project) -> None:
    sql("")
    add(A, f"CREATE TABLE a (id INTEGER);\n{ENDLESS}\nCREATE TABLE b (id INTEGER);")
    with project.on_terminal("migrate", "deploy") as terminal:
        while found("SELECT 1 FROM sqlite_master WHERE name = 'a'") == []:
            assert terminal.process.poll() is None
        terminal.process.send_signal(2)
        code = terminal.end()
    assert (code, found(RECORDS), found(TABLES), found("PRAGMA integrity_check")) == (
        130,
        [(A, "failed", 0)],
        ["_prisma_migrations", "a"],
        ["ok"],
    )
    assert sorted(path.name for path in Path("data").iterdir()) == ["dev.db"]


# Names in a URL, and the files that they mean.
NAMES = {
    "my data/é b.db": "my data/é b.db",
    "a%20b%25.db": "a b%.db",
    "it's #1 & \\u00fc;.db": "it's #1 & \\u00fc;.db",
    "日本/データ.db": "日本/データ.db",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files(prisma: Command, name: str) -> None:
    change("data/dev.db", name.replace("\\", "\\\\"))
    Path("script.sql").write_text(ROWS)
    # The last one is for the working directory, which is the schema's folder here.
    url = f"file:{name}?socket_timeout=1"
    words: tuple[tuple[str, ...], ...] = (
        ("migrate", "dev", "--skip-generate", "--name", "first"),
        ("db", "execute", "--file", "script.sql", "--schema", "schema.prisma"),
        ("migrate", "status"),
        ("db", "pull"),
        ("migrate", "reset", "--force", "--skip-generate"),
        ("db", "push", "--skip-generate"),
        ("migrate", "diff", "--from-url", url, "--to-schema-datamodel", "schema.prisma", "--exit-code"),
    )
    answers = [(code, err) for code, _, err in (prisma(*each) for each in words)]
    made = [path for path in Path().rglob("*") if ".db" in path.name]
    assert (answers, made) == ([(0, "")] * len(words), [Path(NAMES[name])])
