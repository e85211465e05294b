"""The datasource: the URL that a client connects to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypedDict

from prisma.dialects import dialect_of
from prisma.drivers.urls import parse_database_url
from prisma.errors import data_error
from prisma.faults import DriverFault
from prisma.schema.metadata import Schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prisma.drivers.urls import Options

_URL: Final = "DATABASE_URL"
_REPLICA_URLS: Final = "DATABASE_REPLICA_URLS"


class DatasourceOverride(TypedDict):
    """Another URL than the schema's; `name` is the datasource's name in the schema."""

    url: str
    name: NotRequired[str]
    env: NotRequired[str]


def load_env(*, override: bool = False, **options: Any) -> None:
    """Load `.env`, then `prisma/.env`, into the environment; variables that are set stay, unless `override`."""
    for path in (Path(".env"), Path("prisma/.env")):
        if not options and not path.exists():
            continue
        # Imported where there is a file to read.
        from dotenv import load_dotenv

        load_dotenv(path, override=override, **options)


def connection_options(schema: Schema, override: DatasourceOverride | None) -> Options:
    """Return what to connect to; the path of a database file starts in the folder of the schema.

    Raises what `connection_url` raises, and DriverFault for a URL that is not valid.
    """
    # Where the project was, if it is there still; else the working directory.
    path = Path(schema.root, schema.path)
    # Unlike a Path's own question, this one has an answer for folders that may not be entered.
    if not os.path.exists(path):  # noqa: PTH110
        path = Path(schema.path)
    # A schema of several files has a folder for a path.
    folder = path.parent if path.suffix == ".prisma" else path
    return parse_database_url(schema.provider, connection_url(schema, override), folder.resolve())


def replica_options(schema: Schema, urls: Sequence[str]) -> list[Options]:
    """Return what to connect to for replicas.

    Raises:
        DriverFault: a URL is not valid, or names several servers; its field `replica` is the number, from 1.
    """
    if not urls:
        return []
    # Imported when asked for: few programs have replicas.
    from prisma.drivers.url_parameters import invalid_url

    dialect = dialect_of(schema.provider)
    if not dialect.has_replicas:
        raise invalid_url(f"replicas of {dialect.name} can't be asked how far they are behind")
    found: list[Options] = []
    for number, url in enumerate(urls, 1):
        try:
            found.append(_one_replica(url))
        except DriverFault as fault:
            fault.fields |= {"replica": number, "message": f"Replica {number}: {fault.fields['message']}"}
            raise
    return found


def _one_replica(url: str) -> Options:
    from prisma.drivers.postgresql.addresses import TargetSession
    from prisma.drivers.postgresql.url import parse_url
    from prisma.drivers.url_parameters import invalid_url

    options = parse_url(url)
    if options.others:
        raise invalid_url("a replica is one server, because each is asked how far it is behind")
    # A server that was promoted is no replica any more, and says so when it is dialled.
    return options.__replace__(target=TargetSession.STANDBY)


def replica_urls(schema: Schema, override: DatasourceOverride | None) -> tuple[str, ...]:
    """Return the URLs of replicas in the environment: none for a database that DATABASE_URL does not name."""
    if override is not None or schema.url.literal is not None or schema.url.env not in (None, _URL):
        return ()
    return tuple(filter(None, map(str.strip, os.environ.get(_REPLICA_URLS, "").split(","))))


def connection_url(schema: Schema, override: DatasourceOverride | None) -> str:
    """Return the URL to connect to.

    Raises:
        UnsupportedDatabaseError: the runtime has no driver for the schema's provider.
        DataError: P1012, the schema's environment variable is not set.
    """
    _ = dialect_of(schema.provider, "Connecting")
    if override is not None:
        return override["url"]
    if schema.url.literal is not None:
        return schema.url.literal
    variable = schema.url.env or _URL
    url = os.environ.get(variable)
    if not url:
        raise data_error(
            "P1012",
            f"Environment variable not found: {variable}. Set it, or pass `datasource={{'url': …}}` to the client.",
            {"variable": variable},
        )
    return url
