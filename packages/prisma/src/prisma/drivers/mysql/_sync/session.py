"""A session for threads, on PyMySQL."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from typing import TYPE_CHECKING, Any, Final

from prisma.drivers.mysql.answer import Answer, answer_of
from prisma.drivers.mysql.dialling import CLIENT_SSL, arguments, check_role, missing, refusal, unknown_login
from prisma.drivers.mysql.faults import fault_of
from prisma.drivers.mysql.session_state import setup
from prisma.drivers.mysql.tls import not_offered
from prisma.faults import DriverFault, FaultKind

try:
    import pymysql
    from pymysql.connections import Connection
    from pymysql.cursors import SSCursor
except ImportError as error:
    raise missing("PyMySQL", error) from error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from prisma.drivers.mysql.url import MysqlOptions

    _T = TypeVar("_T")

_ALERT: Final = b"\x15"  # the kind of a record of TLS

FAILURES: tuple[type[Exception], ...] = (pymysql.MySQLError, OSError)


class _Connection(Connection):
    """PyMySQL's connection, with a context of TLS that all connections of a pool share."""

    context: ssl.SSLContext | None = None
    must_encrypt: bool = False

    def _request_authentication(self) -> Any:
        own: Any = self
        # Known from the server's greeting.
        if self.context is not None:
            own.ssl, own.ctx = bool(own.server_capabilities & CLIENT_SSL), self.context
            if self.must_encrypt and not own.ssl:
                raise not_offered()
        try:
            return super()._request_authentication()  # pyright: ignore
        except RuntimeError as error:
            raise unknown_login(error) from error


class SyncSession:
    """One connection of PyMySQL."""

    __slots__ = ("_connection", "_options", "_stream")

    def __init__(self, connection: Any, options: MysqlOptions) -> None:
        self._connection = connection
        self._options = options
        # The cursor of an answer that is read row by row.
        self._stream: Any = None

    @classmethod
    def open(cls, options: MysqlOptions, context: ssl.SSLContext | None) -> SyncSession:
        """Connect, and prepare the session.

        Raises:
            DriverFault: the server can't be reached, or refuses.
        """
        # Its own way to TLS would read the machine's certificates for each connection.
        given: dict[str, Any] = {**arguments(options), "ssl_disabled": True, "read_timeout": options.connect_timeout}
        connection: Any = _Connection(**given, defer_connect=True)
        connection.context, connection.must_encrypt = context, options.asks_for_tls
        try:
            connection.connect(None if options.socket is None else _local(options.socket, options.connect_timeout))
            connection.query(setup(options))
            while connection._result.has_next:
                connection.next_result()
            check_role(answer_of(connection._result).rows, options)
        except BaseException as error:
            _abort(connection)
            if isinstance(error, (*FAILURES, DriverFault)):
                raise refusal(error, options) from error
            raise
        connection._read_timeout = options.socket_timeout
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
        return self._connection.thread_id()

    def is_closed(self) -> bool:
        """Return whether the connection is gone."""
        connection = self._connection
        return not connection.open or (self._stream is None and _hung_up(connection._sock))

    def run(self, sql: str, before_last: bool = False) -> Answer:
        """Run a statement, or several, and return the answer to the last one, or to the one before it."""
        connection = self._connection
        self._limited(lambda: connection.query(sql))
        result = connection._result
        while result.has_next:
            previous = result
            self._limited(connection.next_result)
            result = connection._result
            if before_last and not result.has_next:
                result = previous
                break
        return answer_of(result)

    def open_stream(self, sql: str) -> Sequence[str]:
        """Run a statement whose rows are read by `fetch`; return the names of its columns."""
        stream = self._stream = self._connection.cursor(SSCursor)
        self._limited(lambda: stream.execute(sql))
        return [column[0] for column in stream.description]

    def fetch(self, count: int | None) -> Sequence[Sequence[Any]]:
        """Return the next rows, or all that are left."""
        stream = self._stream
        rows = self._limited(stream.fetchall if count is None else lambda: stream.fetchmany(count))
        if count is None or len(rows) < count:
            self._stream = None
        return rows

    def close(self, timeout: float) -> None:
        """Say goodbye, and close the connection."""
        self._stream = None
        with contextlib.suppress(*FAILURES):
            self._connection.close()

    def terminate(self) -> None:
        """Close the connection at once, also below a thread that waits for an answer."""
        _abort(self._connection)

    def _limited(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except FAILURES as error:
            cause = error.__context__
            if isinstance(cause, TimeoutError) and self._options.socket_timeout is not None:
                facts = {"timeout": self._options.socket_timeout, "message": "no answer in time"}
                raise DriverFault(FaultKind.SOCKET_TIMEOUT, facts) from error
            raise fault_of(error, self._options) from error


def _local(path: str, timeout: float | None) -> socket.socket:
    """Return a connection to a socket of the machine; PyMySQL would leave one open that could not be made."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.settimeout(timeout)
        made.connect(path)
    except BaseException:
        made.close()
        raise
    return made


def _abort(connection: Any) -> None:
    # A close alone would not wake the thread that waits for the socket.
    if connection._sock is not None:
        with contextlib.suppress(OSError):
            connection._sock.shutdown(socket.SHUT_RDWR)
    connection._force_close()


def _hung_up(sock: Any) -> bool:
    """Say whether the server has closed an idle connection, or has told that it will."""
    if not _is_readable(sock):
        return False
    try:
        # Not by the method of a TLS socket, which can't look without taking.
        waiting = socket.socket.recv(sock, 1, socket.MSG_PEEK)
    except OSError:
        # The server has reset it.
        return True
    if isinstance(sock, ssl.SSLSocket):
        # Tickets for later sessions may come at any time; an alert is the end.
        return waiting in (b"", _ALERT)
    return True


def _is_readable(sock: Any) -> bool:
    if hasattr(select, "poll"):
        # Unlike `select`, it takes descriptors of any size.
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])
