"""Faults from errors of the operating system and of asyncpg that no server can be made to cause."""

from __future__ import annotations

import socket
import ssl

import pytest
from asyncpg import exceptions

from prisma.drivers.postgresql.asyncpg.translation import connect_fault, fault
from prisma.drivers.postgresql.url import parse_url
from prisma.faults import FaultKind

OPTIONS = parse_url("postgresql://u:secret@h:1/db")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), FaultKind.DATABASE_NOT_REACHABLE),
        (ConnectionResetError(), FaultKind.DATABASE_NOT_REACHABLE),
        (socket.gaierror(-2, "unknown"), FaultKind.DATABASE_NOT_REACHABLE),
        (PermissionError(), FaultKind.DATABASE_NOT_REACHABLE),
        (FileNotFoundError(), FaultKind.DATABASE_NOT_REACHABLE),
        (OSError(113, "no route"), FaultKind.DATABASE_NOT_REACHABLE),
        (TimeoutError(), FaultKind.DATABASE_NOT_REACHABLE),
        (ssl.SSLCertVerificationError(), FaultKind.TLS_CONNECTION_ERROR),
        (ConnectionError("rejected SSL upgrade"), FaultKind.TLS_CONNECTION_ERROR),
        (ConnectionError("unexpected connection_lost() call"), FaultKind.DATABASE_NOT_REACHABLE),
        (exceptions.ConnectionDoesNotExistError("closed"), FaultKind.CONNECTION_CLOSED),
        (exceptions.InterfaceError("unsupported"), FaultKind.DATABASE_ERROR),
        (exceptions.ProtocolError("odd"), FaultKind.DATABASE_ERROR),
        (exceptions.ClientConfigurationError("wrong"), FaultKind.INVALID_URL),
    ],
)
def test_dialling(error: Exception, kind: FaultKind) -> None:
    found = connect_fault(error, OPTIONS)
    place = {name: found.fields[name] for name in ("host", "port", "database", "user")}
    assert (found.kind, place) == (kind, {"host": "h", "port": 1, "database": "db", "user": "u"})
    assert found.fields["message"]
    assert "secret" not in f"{found} {found.fields}"


@pytest.mark.parametrize(
    ("error", "closed", "kind"),
    [
        (TimeoutError(), False, FaultKind.SOCKET_TIMEOUT),
        (ConnectionResetError(), False, FaultKind.CONNECTION_CLOSED),
        (BrokenPipeError(), False, FaultKind.CONNECTION_CLOSED),
        (exceptions.ConnectionDoesNotExistError("closed"), True, FaultKind.CONNECTION_CLOSED),
        (exceptions.InterfaceError("connection is closed"), True, FaultKind.CONNECTION_CLOSED),
        (exceptions.InterfaceError("another operation is in progress"), False, FaultKind.DATABASE_ERROR),
        (exceptions.InternalClientError("another operation is in progress"), True, FaultKind.CONNECTION_CLOSED),
        (exceptions.InternalClientError("bug"), False, FaultKind.DATABASE_ERROR),
        (exceptions.OutdatedSchemaCacheError("old"), False, FaultKind.DATABASE_ERROR),
        (OverflowError("date value out of range"), False, FaultKind.DATABASE_ERROR),
    ],
)
def test_statements(error: Exception, closed: bool, kind: FaultKind) -> None:
    assert fault(error, closed=closed).kind is kind


def test_the_last_word_of_a_server_that_hangs_up_counts() -> None:
    error = exceptions.ConnectionDoesNotExistError("closed in the middle of operation")
    error.__cause__ = exceptions.PostgresError.new({"S": "FATAL", "C": "57P01", "M": "going down"})
    found = fault(error, closed=True)
    assert (found.kind, found.fields["message"]) == (FaultKind.CONNECTION_CLOSED, "going down")
