"""Database URLs: how they are parsed, which are refused, and how they are shown."""

from __future__ import annotations

import logging
from types import MappingProxyType

import pytest

from prisma.drivers.addresses import Address, HostOrder
from prisma.drivers.postgresql.addresses import TargetSession
from prisma.drivers.postgresql.url import ConnectionOptions, SslAccept, SslMode, TlsFiles, parse_url, redact
from prisma.drivers.url_parameters import cpu_count
from prisma.faults import DriverFault, FaultKind

LIMIT = cpu_count() * 2 + 1


def options(**changes: object) -> ConnectionOptions:
    settings = MappingProxyType(dict(changes.pop("settings", {})))  # type: ignore[call-overload]
    plain: dict[str, object] = {"user": "u", "password": "p", "host": "h", "port": 5432, "database": "db"}
    return ConnectionOptions(**(plain | {"connection_limit": LIMIT, "settings": settings} | changes))  # type: ignore[arg-type]


URLS: list[tuple[str, ConnectionOptions]] = [
    ("postgresql://u:p@h/db", options()),
    ("postgres://u:p@h:6543/db", options(port=6543)),
    ("postgresql://u@h/db", options(password=None)),
    ("postgresql://u:@h/db", options(password="")),
    ("postgresql://us%40er:p%2F%3A%40%23%3Fw@h/d%20b", options(user="us@er", password="p/:@#?w", database="d b")),
    ("postgresql://u:p@x@h/db", options(password="p@x")),
    ("postgresql://u:p@[::1]:6543/db", options(host="::1", port=6543)),
    ("postgresql://u:p@h/db?schema=platform", options(schema="platform", schema_given=True)),
    ("postgresql://u:p@localhost/db?host=/run/pg&port=1", options(host="localhost", port=1, socket_folder="/run/pg")),
    ("postgresql://u:p@/db?host=/run/pg", options(host="localhost", socket_folder="/run/pg")),
    ("postgresql://u:p@%2Frun%2Fpg/db", options(host="localhost", socket_folder="/run/pg")),
    ("postgresql://u:p@h/db?host=other", options(host="other")),
    ("postgresql://u:p@h:1,g:2/db", options(port=1, others=(Address("g", 2),))),
    ("postgresql://u:p@x,y@h,g:2/db", options(password="p@x,y", others=(Address("g", 2),))),
    (
        "postgresql://u:p@[::1]:1,[fe80::1%25eth0],h/db",
        options(host="::1", port=1, others=(Address("fe80::1%eth0", 5432), Address("h", 5432))),
    ),
    ("postgresql://u:p@a%2Dh,%2Frun%2Fpg:7/db", options(host="a-h", others=(Address("localhost", 7, "/run/pg"),))),
    ("postgresql://u:p@h,g/db?port=7", options(port=7, others=(Address("g", 7),))),
    ("postgresql://u:p@:7/db?host=h,g", options(port=7, others=(Address("g", 7),))),
    ("postgresql://u:p@/db?host=h,/run/pg&port=1,2", options(port=1, others=(Address("localhost", 2, "/run/pg"),))),
    (
        "postgresql://u:p@h/db?target_session_attrs=prefer-standby&load_balance_hosts=random",
        options(target=TargetSession.PREFER_STANDBY, host_order=HostOrder.RANDOM),
    ),
    (
        "postgresql://u:p@h/db?connection_limit=5&pool_timeout=2.5&connect_timeout=1&socket_timeout=30",
        options(connection_limit=5, pool_timeout=2.5, connect_timeout=1.0, socket_timeout=30.0),
    ),
    (
        "postgresql://u:p@h/db?pool_timeout=0&connect_timeout=0&socket_timeout=0",
        options(pool_timeout=None, connect_timeout=None, socket_timeout=None),
    ),
    ("postgresql://u:p@h/db?statement_cache_size=7", options(statement_cache_size=7)),
    ("postgresql://u:p@h/db?statement_cache_size=7&pgbouncer=true", options(statement_cache_size=0, pgbouncer=True)),
    ("postgresql://u:p@h/db?pgbouncer=false", options()),
    (
        "postgresql://u:p@h/db?sslmode=verify-full&sslrootcert=a&sslcert=b&sslkey=c&sslpassword=s&sslidentity=d",
        options(sslmode=SslMode.VERIFY_FULL, tls_files=TlsFiles("a", "b", "c", "d", "s")),
    ),
    ("postgresql://u:p@h/db?sslaccept=strict", options(sslaccept=SslAccept.STRICT)),
    ("postgresql://u:p@h/db?application_name=a%20b", options(settings={"application_name": "a b"})),
    ("postgresql://u:p@h/db?fallback_application_name=a", options(settings={"application_name": "a"})),
    (
        "postgresql://u:p@h/db?application_name=a+b&fallback_application_name=c",
        options(settings={"application_name": "a+b"}),
    ),
    (
        "postgresql://u:p@h/db?options=-c%20search_path%3Da,b%20--statement-timeout=5s%20-cjit=off",
        options(settings={"search_path": "a,b", "statement_timeout": "5s", "jit": "off"}),
    ),
    (
        "postgresql://u:p@h/db?statement_timeout=5&app.tenant=t&TimeZone=UTC&Jit=off&keepalives=1&foo=bar&client_encoding=x",
        options(settings={"statement_timeout": "5", "app.tenant": "t", "timezone": "UTC", "jit": "off"}),
    ),
    ("postgresql://u:p@h/db?connection_limit=", options()),
    ("  postgresql://u:p@h/db\n", options()),
]

WRONG: list[tuple[str, str]] = [
    ("", "it is empty"),
    (" ", "it is empty"),
    ("mysql://u:secret@h/db", "it must start with postgresql:// or postgres://"),
    ("prisma+postgres://secret", "it must start with postgresql:// or postgres://"),
    ("secret", "it must start with postgresql:// or postgres://"),
    ("postgresql://u:secret@/db", "it names no host"),
    ("postgresql:///db", "it names no host"),
    ("postgresql://u:secret@h", "it names no database: add /name after the host"),
    ("postgresql://u:secret@h/", "it names no database: add /name after the host"),
    ("postgresql://u:secret@h/?schema=x", "it names no database: add /name after the host"),
    ("postgresql://:secret@h/db", "it names no user"),
    (
        "postgresql://u:secret@h:port/db",
        "its port is not a number; a special character in the password must be percent-encoded",
    ),
    ("postgresql://u:secret@h:65536/db", "its port must be between 1 and 65535"),
    ("postgresql://u:secret@h1,h2:65536/db", "its port must be between 1 and 65535"),
    ("postgresql://u:secret@h1,/db", "it names no host"),
    ("postgresql://u:secret@h1, h2/db", "its host holds a blank"),
    ("postgresql://u:secret@/db?host=h1,%20h2", "its host holds a blank"),
    (f"postgresql://u:secret@{'h' * 64}/db", "its host is no name of a machine"),
    ("postgresql://u:secret@h1,h2,h3/db?port=1,2", "it names 2 ports for 3 hosts"),
    ("postgresql://u:secret@h/db?port=secret", "its port is not a number"),
    ("postgresql://u:secret@h1,[::1/db", "its host is malformed"),
    (
        "postgresql://u:secret@h/db?target_session_attrs=secret",
        "target_session_attrs must be one of any, read-write, read-only, primary, standby, prefer-standby",
    ),
    ("postgresql://u:secret@h/db?load_balance_hosts=secret", "load_balance_hosts must be one of disable, random"),
    ("postgresql://u:secret@[::1/db", "its host is malformed"),
    ("postgresql://u:%FF@h/db", "the password is not percent-encoded UTF-8"),
    ("postgresql://u:secret@h/d%00b", "the name of the database holds a zero byte"),
    *[
        (
            f"postgresql://u:12{character}secret@h/db",
            "its user name or password holds a character that must be percent-encoded (/ as %2F, ? as %3F, # as %23)",
        )
        for character in "/?#"
    ],
    ("postgresql://u:p@h/db?connection_limit=secret", "connection_limit must be a whole number, at least 1"),
    ("postgresql://u:p@h/db?connection_limit=0", "connection_limit must be a whole number, at least 1"),
    ("postgresql://u:p@h/db?pool_timeout=-1", "pool_timeout must be a number of seconds"),
    ("postgresql://u:p@h/db?pgbouncer=secret", "pgbouncer must be true or false"),
    ("postgresql://u:p@h/db?sslmode=secret", "sslmode must be one of disable, prefer, require, verify-ca, verify-full"),
    ("postgresql://u:p@h/db?options=secret", "options must be a list of -c name=value"),
    ("postgresql://u:p@h/db?options=-c", "options must be a list of -c name=value"),
]

SHOWN: list[tuple[str, str]] = [
    ("postgresql://u:secret@h:1/db?schema=x", "postgresql://u:***@h:1/db?schema=x"),
    ("postgresql://u@h/db", "postgresql://u@h/db"),
    ("postgresql://u:secret@h:1,[::1]:2/db", "postgresql://u:***@h:1,[::1]:2/db"),
    ("postgresql://h/db", "postgresql://h/db"),
    ("postgresql://u:se/c?r#e@t@h/db", "postgresql://u:***@h/db"),
    (
        "postgresql://u@h/db?password=secret&sslpassword=secret&x=1",
        "postgresql://u@h/db?password=***&sslpassword=***&x=1",
    ),
    ("secret", "***"),
]


@pytest.mark.parametrize(("url", "expected"), URLS)
def test_urls(url: str, expected: ConnectionOptions) -> None:
    assert parse_url(url) == expected


@pytest.mark.parametrize(("url", "reason"), WRONG)
def test_wrong_urls(url: str, reason: str) -> None:
    with pytest.raises(DriverFault) as caught:
        parse_url(url)
    fault = caught.value
    assert (fault.kind, fault.fields["message"]) == (FaultKind.INVALID_URL, f"The database URL is not valid: {reason}.")
    assert "secret" not in f"{fault} {fault.fields} {fault.__cause__}"


@pytest.mark.parametrize(("url", "expected"), SHOWN)
def test_redacted_urls(url: str, expected: str) -> None:
    assert redact(url) == expected


def test_passwords_are_not_shown() -> None:
    shown = repr(parse_url("postgresql://u:secret@h/db?sslpassword=secret"))
    assert "secret" not in shown


def test_without_a_user_it_is_the_one_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "someone")
    assert parse_url("postgresql://h/db").user == "someone"


def test_unused_parameters_are_logged_by_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "prisma"):
        parse_url("postgresql://u:p@h/db?foo=secret&connection_limit=3")
    assert [record.getMessage() for record in caplog.records] == ["The database URL's parameter foo is not used."]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", None),
        ("?schema=public", '"public"'),
        ('?schema=my "schema"', '"my ""schema"""'),
        ("?schema=a&options=-c search_path=b", "b"),
        ("?search_path=b,c", "b,c"),
    ],
)
def test_search_path(parameters: str, expected: str | None) -> None:
    assert parse_url(f"postgresql://u:p@h/db{parameters}").search_path == expected
