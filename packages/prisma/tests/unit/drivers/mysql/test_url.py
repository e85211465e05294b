from __future__ import annotations

import pytest

from prisma.drivers.addresses import Address, HostOrder
from prisma.drivers.mysql.url import MysqlOptions, SslAccept, TargetSession, TlsFiles, parse_mysql_url
from prisma.faults import DriverFault, FaultKind


def test_every_part_of_a_url() -> None:
    url = (
        "mysql://us%40er:p%23ss%2F@[::1]:3307/my%20shop?connection_limit=3&pool_timeout=0&connect_timeout=1.5"
        "&socket_timeout=7&socket=/run/s.sock&sslaccept=strict&sslcert=ca.pem&sslidentity=me.p12&sslpassword=secret"
        "&statement_cache_size=50&wsrep_sync_wait=1&unknown=1"
    )
    options = parse_mysql_url(url)
    assert options == MysqlOptions(
        user="us@er",
        password="p#ss/",
        host="::1",
        port=3307,
        schema="my shop",
        socket="/run/s.sock",
        connection_limit=3,
        pool_timeout=None,
        connect_timeout=1.5,
        socket_timeout=7.0,
        sslaccept=SslAccept.STRICT,
        tls_files=TlsFiles(authority="ca.pem", identity="me.p12", password="secret"),
        wsrep_sync_wait=1,
    )
    assert "p#ss" not in repr(options)
    assert "secret" not in repr(options)


def test_defaults() -> None:
    options = parse_mysql_url("mysql://root@/shop?connection_limit=1")
    assert options == MysqlOptions(user="root", host="localhost", port=3306, schema="shop")
    assert not options.asks_for_tls


def test_several_servers() -> None:
    options = parse_mysql_url(
        "mysql://a:p,x@b@one,[fe80::1]:3307,two:3308/shop?load_balance_hosts=random&target_session_attrs=read-write"
    )
    assert (options.password, options.addresses, options.place, options.host_order, options.target) == (
        "p,x@b",
        (Address("one", 3306), Address("fe80::1", 3307), Address("two", 3308)),
        "one:3306,[fe80::1]:3307,two:3308",
        HostOrder.RANDOM,
        TargetSession.READ_WRITE,
    )
    assert options.at(options.addresses[1]).addresses == (Address("fe80::1", 3307),)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "it is empty"),
        ("postgresql://a:b@c/d", "it must start with mysql://"),
        ("mariadb://a:b@c/d", "it must start with mysql://"),
        ("mysql://host/shop", "it names no user"),
        ("mysql://a:b@host", "it names no database"),
        ("mysql://a:b@host:port/shop", "its port is not a number"),
        ("mysql://a:b@host:0/shop", "its port must be between 1 and 65535"),
        ("mysql://a:b@[::1/shop", "its host is malformed"),
        ("mysql://a:b@one,,two/shop", "it names no host before or after a comma"),
        ("mysql://a:b@one,two/shop?socket=/run/s.sock", "it names a socket and several hosts"),
        ("mysql://a:b@one,two/shop?load_balance_hosts=always", "load_balance_hosts must be one of disable, random"),
        ("mysql://a:b@one, two/shop", "its host holds a blank"),
        ("mysql://a:b@one..two/shop", "its host is no name of a machine"),
        ("mysql://a:b#c@host/shop", "percent-encoded"),
        ("mysql://a:b/c@host/shop", "percent-encoded"),
        ("mysql://a:%ff@host/shop", "the password is not percent-encoded UTF-8"),
        ("mysql://a:b@host/%00", "holds a zero byte"),
        ("mysql://a:b@host/shop?connection_limit=0", "connection_limit must be a whole number"),
        ("mysql://a:b@host/shop?sslaccept=maybe", "sslaccept must be one of accept_invalid_certs, strict"),
        ("mysql://a:b@host/shop?wsrep_sync_wait=16", "from 0 to 15"),
    ],
)
def test_urls_that_are_not_valid(url: str, reason: str) -> None:
    with pytest.raises(DriverFault) as caught:
        parse_mysql_url(url)
    assert caught.value.kind is FaultKind.INVALID_URL
    assert reason in str(caught.value.fields["message"])
