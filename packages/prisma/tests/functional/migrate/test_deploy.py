"""Deploying migrations on a real server: which ones are applied, recorded or refused."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from prisma.drivers.postgresql.asyncpg import AsyncpgPool
from prisma.drivers.postgresql.url import parse_url
from prisma.engine.errors import EngineConnectionError
from prisma.errors import DataError
from prisma.migrate import Deployment, MigrateError, Status, create_database, deploy, status

FIRST = "20250101000000_first"
SECOND = "20250102000000_second step"
SCRIPTS = {
    FIRST: "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n",
    SECOND: "DO $$ BEGIN INSERT INTO a VALUES (1); END $$;\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "migrations", SCRIPTS)


def write(folder: Path, scripts: Mapping[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "migration_lock.toml").write_text('provider = "postgresql"\n')
    for name, script in scripts.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "migration.sql").write_bytes(script.encode())
    return folder


async def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    pool = AsyncpgPool(parse_url(url))
    connection = await pool.acquire()
    try:
        return [tuple(row) for row in (await connection.query_raw(sql, [])).rows]
    finally:
        await pool.release(connection)
        await pool.close()


async def run(url: str, script: str) -> None:
    pool = AsyncpgPool(parse_url(url))
    connection = await pool.acquire()
    await connection.command(script)
    await pool.release(connection)
    await pool.close()


def history(url: str):
    return ask(
        url,
        "SELECT migration_name, checksum, finished_at >= started_at, rolled_back_at, logs, applied_steps_count, "
        "length(id) FROM _prisma_migrations ORDER BY started_at",
    )


def checksum(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()


async def test_new_migrations_are_applied_and_recorded_as_by_prisma(folder: Path, database: str):
    heard: list[str] = []

    deployment = await deploy(folder, database, on_apply=heard.append)

    assert deployment == Deployment(found=(FIRST, SECOND), applied=(FIRST, SECOND), edited=(), missing=())
    assert heard == [FIRST, SECOND]
    assert await history(database) == [
        (name, checksum(SCRIPTS[name]), True, None, None, 1, 36) for name in (FIRST, SECOND)
    ]
    assert await ask(database, "SELECT id FROM a") == [(1,)]


async def test_a_second_time_applies_nothing(folder: Path, database: str):
    await deploy(folder, database)

    assert await deploy(folder, database) == Deployment(found=(FIRST, SECOND), applied=(), edited=(), missing=())
    assert await ask(database, "SELECT id FROM a") == [(1,)]


async def test_edited_and_removed_migrations_are_named(folder: Path, database: str):
    await deploy(folder, database)
    (folder / SECOND / "migration.sql").unlink()
    (folder / SECOND).rmdir()
    write(folder, {FIRST: SCRIPTS[FIRST] + "-- later\n"})

    assert await deploy(folder, database) == Deployment(found=(FIRST,), applied=(), edited=(FIRST,), missing=(SECOND,))


async def test_other_line_ends_are_no_edit(folder: Path, database: str):
    await deploy(folder, database)
    write(folder, {name: script.replace("\n", "\r\n") for name, script in SCRIPTS.items()})

    assert (await deploy(folder, database)).edited == ()


async def test_no_folder_is_no_migration(tmp_path: Path, database: str):
    assert await deploy(tmp_path / "none", database) == Deployment((), (), (), ())
    assert await ask(database, "SELECT to_regclass('_prisma_migrations')::text") == [(None,)]


@pytest.mark.parametrize("script", ["", "-- This is an empty migration.\n", ";\n"], ids=["nothing", "comment", "end"])
async def test_a_migration_may_be_empty(tmp_path: Path, database: str, script: str):
    await deploy(write(tmp_path, {FIRST: script}), database)

    assert [(row[0], row[2]) for row in await history(database)] == [(FIRST, True)]


async def test_takes_statements_that_refuse_a_transaction(tmp_path: Path, database: str):
    index = "CREATE INDEX CONCURRENTLY a_id ON a (id);"
    await deploy(write(tmp_path, {FIRST: SCRIPTS[FIRST], "2_index": index}), database)

    assert await ask(database, "SELECT to_regclass('a_id')::text") == [("a_id",)]


async def test_a_script_may_change_the_search_path(tmp_path: Path, database: str):
    script = "CREATE TABLE a (id int); SELECT set_config('search_path', '', false);"
    await deploy(write(tmp_path, {FIRST: script}), database)

    assert [row[0] for row in await history(database)] == [FIRST]


async def test_the_schema_of_the_url_is_made_and_used(folder: Path, database: str):
    url = f"{database}&schema=plat%22form"
    await deploy(folder, url)

    assert await ask(
        database,
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_)' ORDER BY tablename",
    ) == [('plat"form', "_prisma_migrations"), ('plat"form', "a"), ('plat"form', "b")]


async def test_two_at_once_apply_each_migration_once(folder: Path, database: str):
    deployments = await asyncio.gather(deploy(folder, database), deploy(folder, database))

    assert sorted(len(deployment.applied) for deployment in deployments) == [0, 2]


@pytest.mark.parametrize("script", ["SELECT 1/0;", "BEGIN; SELECT 1/0; COMMIT;"], ids=["plain", "own transaction"])
async def test_a_failing_script_leaves_nothing_but_its_record(tmp_path: Path, database: str, script: str):
    broken = "CREATE TABLE c (id int);" + script
    folder = write(tmp_path, {FIRST: SCRIPTS[FIRST], "2_broken": broken, "3_later": "CREATE TABLE d (id int);"})

    with pytest.raises(MigrateError) as caught:
        await deploy(folder, database)

    assert (caught.value.code, caught.value.migration, caught.value.sqlstate) == ("P3018", "2_broken", "22012")
    assert "Migration name: 2_broken" in str(caught.value)
    assert (await history(database))[1:] == [("2_broken", checksum(broken), None, None, str(caught.value), 0, 36)]
    assert await ask(database, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") == [
        ("_prisma_migrations",),
        ("a",),
        ("b",),
    ]


async def test_a_failed_migration_stops_later_deployments(tmp_path: Path, database: str):
    folder = write(tmp_path, {"1_broken": "SELECT 1/0"})
    with pytest.raises(MigrateError):
        await deploy(folder, database)

    with pytest.raises(MigrateError, match=r"The `1_broken` migration started at .* failed") as caught:
        await deploy(folder, database)
    assert (caught.value.code, caught.value.migration) == ("P3009", "1_broken")


async def test_a_migration_marked_as_rolled_back_is_tried_again(tmp_path: Path, database: str):
    with pytest.raises(MigrateError):
        await deploy(write(tmp_path, {"1_broken": "SELECT 1/0"}), database)
    await run(database, "UPDATE _prisma_migrations SET rolled_back_at = now()")

    assert (await deploy(write(tmp_path, {"1_broken": "SELECT 1"}), database)).applied == ("1_broken",)


async def test_tables_without_history_are_refused(folder: Path, database: str):
    await run(database, "CREATE TABLE someone_elses (id int)")

    with pytest.raises(MigrateError, match="The database schema is not empty") as caught:
        await deploy(folder, database)
    assert caught.value.code == "P3005"
    assert await ask(database, "SELECT to_regclass('_prisma_migrations')::text, to_regclass('a')::text") == [
        (None, None)
    ]


async def test_a_script_that_vanished_after_it_was_applied_counts_as_edited(folder: Path, database: str):
    await deploy(folder, database)
    (folder / FIRST / "migration.sql").unlink()

    assert (await deploy(folder, database)).edited == (FIRST,)
    with pytest.raises(MigrateError, match="Could not find the migration file") as caught:
        await status(folder, database)
    assert caught.value.code == "P3015"


async def test_the_status_changes_nothing(folder: Path, database: str):
    url = f"{database}&schema=platform"

    assert await status(folder, url) == Status(
        found=(FIRST, SECOND), unapplied=(FIRST, SECOND), missing=(), failed=(), has_history=False
    )
    assert await ask(database, "SELECT to_regnamespace('platform')::text") == [(None,)]


async def test_a_missing_database_is_created_once(server: Any, database: str):
    absent = database.replace("/test_", "/absent_")
    try:
        created = await asyncio.gather(create_database(absent), create_database(absent))
        assert (sorted(created), await create_database(absent)) == ([False, True], False)
    finally:
        server.run(f'DROP DATABASE IF EXISTS "{absent.split("/")[3].split("?")[0]}" WITH (FORCE)')


async def test_a_user_who_may_not_create_databases_gets_an_error(server: Any, database: str):
    server.run("CREATE ROLE poor LOGIN")
    try:
        with pytest.raises(DataError, match="permission denied to create database"):
            await create_database(database.replace("postgres@", "poor@").replace("/test_", "/absent_"))
    finally:
        server.run("DROP ROLE poor")


def _no_script(folder: Path) -> None:
    (folder / "3_empty").mkdir()


def _no_text(folder: Path) -> None:
    (folder / FIRST / "migration.sql").write_bytes(b"SELECT '\xff'")


def _mysql(folder: Path) -> None:
    (folder / "migration_lock.toml").write_text('provider = "mysql"\n')


@pytest.mark.parametrize(
    ("spoil", "code"), [(_no_script, "P3015"), (_no_text, "P3015"), (_mysql, "P3019")], ids=["missing", "bytes", "lock"]
)
async def test_a_folder_that_can_not_be_right_is_refused_before_anything_runs(folder: Path, database: str, spoil, code):
    spoil(folder)

    with pytest.raises(MigrateError) as caught:
        await deploy(folder, database)
    assert caught.value.code == code
    assert await ask(database, "SELECT to_regclass('_prisma_migrations')::text") == [(None,)]


async def test_an_unreachable_server_is_a_connection_error(folder: Path, tmp_path: Path):
    with pytest.raises(EngineConnectionError) as caught:
        await deploy(folder, f"postgresql://someone:secret@localhost/x?host={tmp_path}")
    assert caught.value.code == "P1001"
    assert "secret" not in str(caught.value)


async def test_a_lock_that_is_never_released_is_an_error(folder: Path, database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("prisma.migrate.postgresql.session.LOCK_SECONDS", 1)
    pool = AsyncpgPool(parse_url(database))
    other = await pool.acquire()
    await other.command("SELECT pg_advisory_lock(72707369)")  # the key that Prisma's command line locks with

    with pytest.raises(MigrateError) as caught:
        await deploy(folder, database)
    assert caught.value.code == "P1002"
    assert len((await deploy(folder, database, lock=False)).applied) == 2
    await pool.release(other)
    await pool.close()
