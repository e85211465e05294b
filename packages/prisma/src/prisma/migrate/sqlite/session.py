"""Opens a file for migrations, and runs their scripts statement by statement."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from prisma.drivers.sqlite._async.worker import Worker
from prisma.drivers.sqlite.scripts import statements
from prisma.drivers.sqlite.session import Session
from prisma.faults import DriverFault
from prisma.migrate.database import ScriptRefused
from prisma.migrate.faults import translated
from prisma.migrate.sqlite.history import SqliteHistory

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from typing import Any

    from prisma.drivers.sqlite.file_url import FileOptions

T = TypeVar("T")
_NOT_ENDED = "The script begins a transaction and does not end it, so what the transaction did was rolled back."


class OpenFile:
    """A connection to a file, whose statements run in a thread of its own."""

    def __init__(self, session: Session, worker: Worker) -> None:
        self.session = session
        self._worker = worker

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Return what a function of the session, or on it, returns."""
        return await self._worker.run(function, *args)

    async def run_script(self, script: str) -> None:
        """Run the statements of a script, each by itself as Prisma's engine does; none after one that fails.

        Raises:
            DriverFault: its field `position` is the character of the script, from 1, at which the statement begins.
        """
        begins = 0
        for statement in statements(script):
            try:
                await self.run(self.session.script, statement)
            except DriverFault as fault:
                fault.fields["position"] = begins + len(statement) - len(statement.lstrip()) + 1
                raise
            begins += len(statement)

    async def roll_back(self) -> bool:
        """Roll back what is open; say whether there was something."""
        if not self.session.in_transaction:
            return False
        await self.run(self.session.rollback)
        return True


class SqliteSession:
    """A connection for migrations; see `prisma.migrate.database.Session`."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self.history = SqliteHistory(file.session, file.run)

    async def run_script(self, script: str) -> None:
        try:
            await self._file.run_script(script)
        except DriverFault as fault:
            await self._file.roll_back()
            raise _refusal(fault, script) from fault
        if await self._file.roll_back():
            raise ScriptRefused(None, _NOT_ENDED)


@asynccontextmanager
async def open_file(options: FileOptions) -> AsyncGenerator[OpenFile]:
    """Yield a connection that is closed afterwards; a task that is cancelled ends the statement that runs.

    Raises:
        EngineConnectionError: the file does not exist, or can't be opened.
        DataError: the database refused something else.
    """
    worker = Worker()
    try:
        with translated(connecting=True):
            session = await worker.run(Session, options)
        try:
            with translated(connecting=False):
                yield OpenFile(session, worker)
        finally:
            if worker.is_busy:
                session.interrupt()
            await worker.run(session.close)
    finally:
        worker.stop(None)


def place(script: str, position: int) -> str:
    """Return the line and the column of a character, whose number starts at 1."""
    before = script[: position - 1]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def _refusal(fault: DriverFault, script: str) -> ScriptRefused:
    code: int | None = getattr(fault.__cause__, "sqlite_errorcode", None)
    position = fault.fields.get("position")
    said = [str(fault.fields.get("message") or fault)]
    said += [f"POSITION: {place(script, position)}"] if isinstance(position, int) else []
    return ScriptRefused(None if code is None else str(code), "\n\n".join(said))
