"""A session for asyncio, on asyncmy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from prisma.drivers.mysql.answer import Answer, answer_of
from prisma.drivers.mysql.dialling import CLIENT_SSL, arguments, check_role, missing, refusal, unknown_login
from prisma.drivers.mysql.faults import fault_of
from prisma.drivers.mysql.session_state import setup
from prisma.drivers.mysql.tls import not_offered
from prisma.drivers.receive_buffers import keep_receive_buffers
from prisma.faults import DriverFault, FaultKind

try:
    import asyncmy.errors
    from asyncmy.connection import Connection
    from asyncmy.cursors import SSCursor
except ImportError as error:
    raise missing("asyncmy", error) from error

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Sequence
    from typing import TypeVar

    from prisma.drivers.mysql.url import MysqlOptions

    _T = TypeVar("_T")

FAILURES: tuple[type[Exception], ...] = (asyncmy.errors.MySQLError, OSError)


class _Connection(Connection):
    """asyncmy's connection, which encrypts what it sends where the server offers it."""

    must_encrypt: bool = False

    async def _request_authentication(self) -> Any:
        own: Any = self
        # Known from the server's greeting; asyncmy would send a greeting of TLS to a server that has none.
        if own._ssl_context is not None and not own.server_capabilities & CLIENT_SSL:
            if self.must_encrypt:
                raise not_offered()
            own._ssl_context = None
            own._client_flag &= ~CLIENT_SSL
        try:
            return await cast("Any", super())._request_authentication()
        except RuntimeError as error:
            raise unknown_login(error) from error


class AsyncSession:
    """One connection of asyncmy."""

    __slots__ = ("_connection", "_options", "_stream")

    def __init__(self, connection: Any, options: MysqlOptions) -> None:
        self._connection = connection
        self._options = options
        # The cursor of an answer that is read row by row.
        self._stream: Any = None

    @classmethod
    async def open(cls, options: MysqlOptions, context: ssl.SSLContext | None) -> AsyncSession:
        """Connect, and prepare the session.

        Raises:
            DriverFault: the server can't be reached, or refuses.
        """
        keep_receive_buffers()
        connection: Any = _Connection(**arguments(options), ssl=context)
        connection.must_encrypt = options.asks_for_tls
        try:
            async with asyncio.timeout(options.connect_timeout):
                await connection.connect()
                await connection.query(setup(options))
                while connection._result.has_next:
                    await connection.next_result()
                check_role(answer_of(connection._result).rows, options)
        except BaseException as error:
            _abort(connection)
            if isinstance(error, (*FAILURES, DriverFault)):
                raise refusal(error, options) from error
            raise
        return cls(connection, options)

    @property
    def status(self) -> int:
        """The bits of the server's last answer."""
        return self._connection.server_status

    @property
    def version(self) -> str:
        """What the server says of its version."""
        return self._connection.server_version

    @property
    def thread(self) -> int:
        """The number by which the server knows the session."""
        return self._connection.server_thread_id[0]

    def is_closed(self) -> bool:
        """Return whether the connection is gone."""
        connection = self._connection
        return not connection.connected or connection._stream_broken

    async def run(self, sql: str, before_last: bool = False) -> Answer:
        """Run a statement, or several, and return the answer to the last one, or to the one before it."""
        connection = self._connection
        await self._limited(connection.query(sql))
        result = connection._result
        while result.has_next:
            previous = result
            await self._limited(connection.next_result())
            result = connection._result
            if before_last and not result.has_next:
                result = previous
                break
        return answer_of(result)

    async def open_stream(self, sql: str) -> Sequence[str]:
        """Run a statement whose rows are read by `fetch`; return the names of its columns."""
        self._stream = self._connection.cursor(SSCursor)
        await self._limited(self._stream.execute(sql))
        return [column[0] for column in self._stream.description]

    async def fetch(self, count: int | None) -> Sequence[Sequence[Any]]:
        """Return the next rows, or all that are left."""
        stream = self._stream
        rows = await self._limited(stream.fetchall() if count is None else stream.fetchmany(count))
        if count is None or len(rows) < count:
            self._stream = None
        return rows

    async def close(self, timeout: float) -> None:
        """Say goodbye, or close the connection at once after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._connection.ensure_closed()
        except FAILURES:
            # There is nothing to report: the session is given up anyway.
            _abort(self._connection)

    def terminate(self) -> None:
        """Close the connection at once."""
        _abort(self._connection)

    async def _limited(self, work: Awaitable[_T]) -> _T:
        limit = self._options.socket_timeout
        try:
            if limit is None:
                return await work
            async with asyncio.timeout(limit):
                return await work
        except TimeoutError as error:
            raise DriverFault(FaultKind.SOCKET_TIMEOUT, {"timeout": limit, "message": "no answer in time"}) from error
        except FAILURES as error:
            raise fault_of(error, self._options) from error


def _abort(connection: Any) -> None:
    transport = connection._transport
    connection.close()
    if transport is not None:
        transport.abort()
