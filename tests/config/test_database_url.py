"""Database URLs: their parts, their errors, and that no password is ever shown."""

from __future__ import annotations

import pytest

from app.config.database_url import DatabaseUrl, DatabaseUrlError, Place, parse_database_url

READ = {
    "postgresql://ann:pw@db.example.com:6543/shop?sslmode=require&pgbouncer=true": DatabaseUrl(
        "ann", "db.example.com", 6543, "shop", "pw", {"sslmode": "require", "pgbouncer": "true"}
    ),
    "postgres://ann@db/shop": DatabaseUrl("ann", "db", 5432, "shop"),
    "postgresql://a%40b:p%2Fw%23@db/my%20shop": DatabaseUrl("a@b", "db", 5432, "my shop", "p/w#"),
    "postgresql://ann:pw@[::1]:6000/shop": DatabaseUrl("ann", "::1", 6000, "shop", "pw"),
    "postgresql://ann@localhost/shop?host=%2Fvar%2Frun": DatabaseUrl("ann", "/var/run", 5432, "shop"),
    "postgresql://ann:secret@db/shop?sslpassword=secret&options=-c%20a%3Db": DatabaseUrl(
        "ann", "db", 5432, "shop", "secret", {"sslpassword": "secret", "options": "-c a=b"}
    ),
    "postgresql://ann:p,w@a:5433,b,[::1]:5434/shop?target_session_attrs=primary": DatabaseUrl(
        "ann", "a", 5433, "shop", "p,w", {"target_session_attrs": "primary"}, (Place("b", 5432), Place("::1", 5434))
    ),
    "postgresql://ann@[::1]:1,[::2]:2/shop": DatabaseUrl("ann", "::1", 1, "shop", others=(Place("::2", 2),)),
    "postgresql://ann@:6000/shop?host=a,b": DatabaseUrl("ann", "a", 6000, "shop", others=(Place("b", 6000),)),
    "postgresql://ann@localhost,b:7/shop?host=%2Frun,b&port=6,7": DatabaseUrl(
        "ann", "/run", 6, "shop", others=(Place("b", 7),)
    ),
}
REFUSED = {
    "mysql://ann:secret@db/shop": "it does not start with postgresql:// or postgres://",
    "postgresql:ann": "it does not start with postgresql:// or postgres://",
    "": "it does not start with postgresql:// or postgres://",
    "postgresql://localhost:5432/ainative": "it names no user",
    "postgresql://ann:secret@/shop": "it names no host",
    "postgresql://ann:secret@db": "it names no database",
    "postgresql://ann:secret@db/": "it names no database",
    "postgresql://ann:secret@db:port/shop": "its port is not a number",
    "postgresql://ann:secret@db:70000/shop": "its port is not a number",
    "postgresql://ann:sec/ret@db/shop": "must be percent-encoded",
    "postgresql://ann:sec?ret@db/shop": "must be percent-encoded",
    "postgresql://ann:sec#ret@db/shop": "must be percent-encoded",
    "postgresql://ann:secret@[db/shop": "its host is malformed",
    "postgresql://ann:secret@a,[db/shop": "its host is malformed",
    "postgresql://ann:secret@a,,b/shop": "it names no host",
    "postgresql://ann:secret@a,b:port/shop": "its port is not a number",
    "postgresql://ann:secret@a,b,c/shop?port=1,2": "it names 2 ports for 3 hosts",
    "postgresql://ann:secret@a,b/shop?host=a,b,c": "it names 2 ports for 3 hosts",
    "postgresql://ann:sec/ret@a,b/shop": "must be percent-encoded",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_reads(text: str, expected: DatabaseUrl):
    assert parse_database_url(text) == expected


@pytest.mark.parametrize("text", READ)
def test_writes_what_it_reads_back(text: str):
    url = parse_database_url(text)
    assert parse_database_url(url.text()) == url


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_refuses_and_quotes_nothing(text: str, reason: str):
    with pytest.raises(DatabaseUrlError) as caught:
        parse_database_url(text)
    assert reason in str(caught.value)
    assert "sec" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ann:secret@db:6543/shop?sslmode=require", "postgresql://ann:***@db:6543/shop?sslmode=require"),
        ("postgresql://ann@db/shop", "postgresql://ann@db:5432/shop"),
        ("postgresql://ann:secret@a,b:6/shop", "postgresql://ann:***@a:5432,b:6/shop"),
        ("postgresql://ann:secret@db/shop?sslpassword=secret", "postgresql://ann:***@db:5432/shop?sslpassword=***"),
        ("postgresql://ann@localhost/shop?host=%2Frun%2Fpg", "postgresql://ann@localhost/shop?host=%2Frun%2Fpg"),
    ],
)
def test_shows_no_password(text: str, shown: str):
    url = parse_database_url(text)
    assert (url.redacted(), "secret" in repr(url)) == (shown, "sslpassword" in text)
