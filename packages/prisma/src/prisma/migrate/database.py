"""What migrations ask of a database: `migrate.postgresql`, `migrate.mysql` and `migrate.sqlite` have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from prisma.migrate.history import History
    from prisma.schema_engine import SchemaEngine


SERVER_PROVIDERS: Final = ("postgresql", "postgres")
"""The words of schemas for PostgreSQL; the first is the one that is written."""
FILE_PROVIDERS: Final = ("sqlite",)
"""The word of schemas for SQLite."""
COCKROACH_PROVIDERS: Final = ("cockroachdb",)
"""The word of schemas for CockroachDB."""
MYSQL_PROVIDERS: Final = ("mysql",)
"""The word of schemas for MySQL and MariaDB."""


class ScriptRefused(Exception):
    """The database refused a migration's script.

    Attributes:
        code: the database's own code, if it gave one.
        said: the database's words.
    """

    def __init__(self, code: str | None, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


class Session(Protocol):
    """A connection that migrations run in."""

    @property
    def history(self) -> History:
        """The history of the database."""
        ...

    async def run_script(self, script: str) -> None:
        """Run a migration's script; afterwards no transaction is open.

        Raises ScriptRefused.
        """
        ...


class MigrationDatabase(Protocol):
    """A database that migrations are about; it need not exist yet."""

    @property
    def providers(self) -> Sequence[str]:
        """The words of its kind in schemas; the first is the one that is written."""
        ...

    async def create(self) -> bool:
        """Create the database unless it exists, and tell whether that was necessary."""
        ...

    def session(self, *, lock: bool, create_schema: bool = True) -> AbstractAsyncContextManager[Session]:
        """Open a connection.

        Args:
            lock: whether other migrations are kept away meanwhile, where that is the connection's work.
            create_schema: whether a schema that the URL names is created if it is missing.
        """
        ...

    def engine(
        self,
        files: Sequence[tuple[str, str]],
        *,
        shadow_url: str | None = None,
        lock: bool,
        on_create: Callable[[], object] | None = None,
    ) -> AbstractContextManager[SchemaEngine]:
        """Open the schema engine; see `prisma.migrate.engine_session`.

        Args:
            files: the schema, without which the engine can't tell which schemas of the database it may empty, or make
                migrations for.
            shadow_url: a database that may be emptied to try migrations in.
            lock: whether other migrations are kept away meanwhile.
            on_create: called if the database did not exist and was created, which only happens with it on a server.
        """
        ...

    def empty(self, engine: SchemaEngine) -> None:
        """Remove everything from the database, on which `engine` is."""
        ...

    async def run_script(self, script: str) -> None:
        """Run a script of the user's; statement by statement, or as one where the database can."""
        ...
