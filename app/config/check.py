"""The check of the settings: errors and warnings about the databases and the web application."""

from __future__ import annotations

from dataclasses import dataclass

from app.config.database_url import DEFAULT_PORT, DatabaseUrl, DatabaseUrlError, parse_database_url
from app.config.settings import Environment, Settings, WebApplication
from app.errors import FatalError

SHORTEST_SECRET = 32  # characters
_EXAMPLE = "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
_REPLICAS = "DATABASE_REPLICA_URLS"
_REPLICAS_EXAMPLE = (
    f"Write it as {_EXAMPLE}, with commas between the URLs of several replicas; a comma inside a URL is %2C."
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """The databases to use, and the warnings.

    `pooled` serves queries, `direct` migrations; both are None when the embedded server is to be used. `replicas` serve
    reads that may be old.
    """

    pooled: DatabaseUrl | None
    direct: DatabaseUrl | None
    warnings: tuple[str, ...]
    replicas: tuple[DatabaseUrl, ...] = ()

    def summary(self) -> str:
        """Return one line for the log, without passwords."""
        if self.pooled is None or self.direct is None:
            return "embedded PostgreSQL"
        pooled, direct = self.pooled.redacted(), self.direct.redacted()
        migrations = "" if pooled == direct else f", migrations {direct}"
        replicas = ", ".join(url.redacted() for url in self.replicas)
        return f"{pooled}{migrations}{', replicas ' if replicas else ''}{replicas}"


def check_configuration(settings: Settings) -> Configuration:
    """Return the databases of the settings, checked.

    Raises:
        FatalError: a URL can't be used, or production has none.
    """
    production = settings.environment is Environment.PRODUCTION
    if settings.database_url is None:
        if production:
            raise FatalError("DATABASE_URL is not set in production.", f"Set DATABASE_URL={_EXAMPLE}")
        if settings.direct_database_url is not None:
            raise FatalError(
                "DIRECT_DATABASE_URL is set, but DATABASE_URL is not.",
                "Set both, or neither to use the embedded PostgreSQL.",
            )
        if settings.replica_urls:
            raise FatalError(
                "DATABASE_REPLICA_URLS is set, but DATABASE_URL is not.",
                "Name the primary in DATABASE_URL: the embedded PostgreSQL has no replicas.",
            )
        return Configuration(None, None, ())
    pooled = _checked("DATABASE_URL", settings.database_url)
    direct = _checked("DIRECT_DATABASE_URL", settings.direct_database_url or settings.database_url)
    replicas = tuple(_replica(number, text) for number, text in enumerate(settings.replica_urls, 1))
    if settings.pool_size is not None:
        limit = str(settings.pool_size)
        pooled, *others = [url.with_parameter("connection_limit", limit) for url in (pooled, *replicas)]
        replicas = tuple(others)
    warnings = [*_doubts(pooled, direct, replicas), *_web_doubts(settings.web)] if production else []
    return Configuration(pooled, direct, tuple(warnings), replicas)


def _replica(number: int, text: str) -> DatabaseUrl:
    name = f"URL {number} of {_REPLICAS}"
    url = _checked(name, text, _REPLICAS_EXAMPLE)
    if url.others:
        raise FatalError(f"{name} names several servers.", "Give each replica a URL of its own.")
    return url


def _checked(name: str, text: str, fix: str | None = None) -> DatabaseUrl:
    try:
        url = parse_database_url(text)
    except DatabaseUrlError as error:
        raise FatalError(f"{name} can't be used: {error}.", fix or f"Write it as {name}={_EXAMPLE}") from error
    limit = url.parameters.get("connection_limit")
    if limit is not None and (not limit.isascii() or not limit.isdigit() or int(limit) == 0):
        raise FatalError(
            f"connection_limit in {name} is not a positive number.",
            "Write connection_limit=10, or leave it out.",
        )
    return url


def _doubts(pooled: DatabaseUrl, direct: DatabaseUrl, replicas: tuple[DatabaseUrl, ...]) -> list[str]:
    doubts: list[str] = []
    if any(place.port == DEFAULT_PORT for place in pooled.places):
        doubts.append(f"DATABASE_URL uses port {DEFAULT_PORT}, which is PostgreSQL itself: is that the pooler?")
    of_replicas = [(f"URL {number} of {_REPLICAS}", url) for number, url in enumerate(replicas, 1)]
    for name, url in (("DATABASE_URL", pooled), ("DIRECT_DATABASE_URL", direct), *of_replicas):
        local = [place.host for place in url.places if place.is_local]
        if local:
            doubts.append(
                f"{name} names this machine ({local[0]}): right for a pooler or a proxy here, else name the server."
            )
        if len(local) < len(url.places) and "sslmode" not in url.parameters:
            doubts.append(f"{name} has no sslmode: add sslmode=require, so that nothing travels unencrypted.")
    if pooled.others and "target_session_attrs" not in pooled.parameters:
        doubts.append(
            "DATABASE_URL names several servers: add target_session_attrs=primary, so that none is taken for writes "
            "that refuses them."
        )
    return doubts


def _web_doubts(web: WebApplication) -> list[str]:
    doubts: list[str] = []
    if web.url is None:
        doubts.append("NEXTAUTH_URL is not set: the web application needs its own address to sign people in.")
    elif not web.url.startswith("https://"):
        doubts.append("NEXTAUTH_URL does not start with https://: cookies of a sign-in would travel unencrypted.")
    if web.secret is None:
        doubts.append("NEXTAUTH_SECRET is not set: the web application needs it. Make one: openssl rand -base64 32")
    elif len(web.secret) < SHORTEST_SECRET:
        doubts.append(f"NEXTAUTH_SECRET has fewer than {SHORTEST_SECRET} characters: make one: openssl rand -base64 32")
    return doubts
