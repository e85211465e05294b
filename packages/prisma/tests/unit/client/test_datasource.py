"""The URLs of replicas: which clients take those of the environment, and which replica an error names."""

from __future__ import annotations

import pytest

from prisma.client.datasource import DatasourceOverride, replica_options, replica_urls
from prisma.faults import DriverFault
from prisma.schema.metadata import Schema, Url

OTHER: DatasourceOverride = {"url": "postgresql://u@h/other"}


def schema(url: Url, provider: str = "postgresql") -> Schema:
    return Schema("", provider, "db", url, "schema.prisma", (), {}, {})


@pytest.mark.parametrize(
    ("value", "url", "override", "expected"),
    [
        (None, Url(env="DATABASE_URL"), None, ()),
        ("", Url(env="DATABASE_URL"), None, ()),
        (" , ", Url(env="DATABASE_URL"), None, ()),
        ("a", Url(env="DATABASE_URL"), None, ("a",)),
        (" a , b%2Cc,", Url(env="DATABASE_URL"), None, ("a", "b%2Cc")),
        ("a", Url(), None, ("a",)),
        ("a", Url(env="SHOP_URL"), None, ()),
        ("a", Url(literal="postgresql://u@h/d"), None, ()),
        ("a", Url(env="DATABASE_URL"), OTHER, ()),
    ],
)
def test_replicas_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
    url: Url,
    override: DatasourceOverride | None,
    expected: tuple[str, ...],
) -> None:
    monkeypatch.delenv("DATABASE_REPLICA_URLS", raising=False)
    if value is not None:
        monkeypatch.setenv("DATABASE_REPLICA_URLS", value)
    assert replica_urls(schema(url), override) == expected


@pytest.mark.parametrize(
    ("urls", "number", "reason"),
    [
        (["postgresql://u:secret@a,b/d"], 1, "a replica is one server, because each is asked how far it is behind"),
        (["postgresql://u:secret@a/d", "postgresql://u:secret@a/d?sslmode=best"], 2, "sslmode must be one of disable"),
        (["postgresql://u:secret@a/d", "postgresql://u:secret@a/d", "u:secret@a"], 3, "it must start with postgresql"),
    ],
)
def test_an_error_names_the_replica(urls: list[str], number: int, reason: str) -> None:
    with pytest.raises(DriverFault) as caught:
        replica_options(schema(Url()), urls)
    start = f"Replica {number}: The database URL is not valid: {reason}"
    text = str(caught.value.fields["message"])
    found = (text[: len(start)], caught.value.fields["replica"], "secret" in f"{caught.value} {caught.value.fields}")
    assert found == (start, number, False)


def test_a_database_without_standbys_has_no_replicas() -> None:
    with pytest.raises(DriverFault, match="replicas of SQLite can't be asked"):
        replica_options(schema(Url(), "sqlite"), ["postgresql://u@h/d"])
