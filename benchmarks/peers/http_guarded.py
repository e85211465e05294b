"""FastAPI and asyncpg by hand, with the service's guarantees: the limit that the service is compared with.

It finds the key by its hash, counts the request exactly under the same three limits, counts violations and blocks,
reads and writes under row-level security, does a POST once for each Idempotency-Key, and sends the same headers.

It is written for these three routes alone, and at its best: two round trips for each request. The first statement
admits the request. The second calls a function that takes on the tenant's role and does the work. It knows only API
keys, and no other way to sign in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import FastAPI, Header, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from benchmarks.peers import http_bare
from benchmarks.peers.asyncpg_raw import pool_of

ADMIT: Final = """
WITH clock AS (SELECT date_trunc('milliseconds', now() AT TIME ZONE 'UTC') AS at),
caller AS (
  SELECT k.id, k."userId" AS user_id, u.role::text AS role, k."rateLimit" AS hourly, k."lastUsedAt" AS used,
         (SELECT max(o."rateLimit") FROM api_keys o WHERE o."userId" = u.id AND o."isActive") AS total
  FROM api_keys k JOIN users u ON u.id = k."userId", clock
  WHERE k.key = ANY ($1::text[]) AND k."isActive" AND (k."expiresAt" IS NULL OR k."expiresAt" > at) LIMIT 1
),
used AS (
  UPDATE api_keys k SET "lastUsedAt" = at FROM caller, clock
  WHERE k.id = caller.id AND (used IS NULL OR used <= at - interval '1 minute')
),
wanted AS (
  SELECT 'user:' || user_id AS identifier, $2::text AS endpoint, GREATEST($3::int, (hourly + 59) / 60) AS quota,
         60 AS seconds, 1 AS place
  FROM caller
  UNION ALL SELECT 'key:' || id, 'key', hourly, 3600, 2 FROM caller
  UNION ALL SELECT 'user:' || user_id, 'keys', total, 3600, 3 FROM caller
  UNION ALL SELECT $4::text, 'auth', 5, 60, 1 WHERE NOT EXISTS (SELECT FROM caller)
),
violator AS (SELECT coalesce((SELECT 'key:' || id FROM caller), $4::text) AS identifier),
blocked AS (
  SELECT r."resetAt" FROM rate_limits r JOIN violator USING (identifier), clock
  WHERE r.endpoint = 'abuse' AND r.count >= 10 AND r."resetAt" > clock.at
),
hits AS (
  INSERT INTO rate_limits AS r (id, identifier, endpoint, count, "resetAt", "createdAt")
  SELECT gen_random_uuid()::text, identifier, endpoint, 1, at + make_interval(secs => seconds), at
  FROM wanted, clock WHERE NOT EXISTS (SELECT FROM blocked) ORDER BY place
  ON CONFLICT (identifier, endpoint) DO UPDATE SET
    count = CASE WHEN r."resetAt" <= excluded."createdAt" THEN 1 ELSE least(r.count, 2147483646) + 1 END,
    "resetAt" = CASE WHEN r."resetAt" <= excluded."createdAt" THEN excluded."resetAt" ELSE r."resetAt" END
  RETURNING identifier, endpoint, count, "resetAt"
),
abuse AS (
  INSERT INTO rate_limits AS r (id, identifier, endpoint, count, "resetAt", "createdAt")
  SELECT gen_random_uuid()::text, identifier, 'abuse', 1, at + make_interval(secs => 3600), at
  FROM violator, clock
  WHERE EXISTS (SELECT FROM hits JOIN wanted USING (identifier, endpoint) WHERE hits.count > wanted.quota)
  ON CONFLICT (identifier, endpoint) DO UPDATE SET
    count = CASE WHEN r."resetAt" <= excluded."createdAt" THEN 1 ELSE r.count + 1 END,
    "resetAt" = CASE WHEN r."resetAt" <= excluded."createdAt" THEN excluded."resetAt"
                     WHEN r.count = 9 THEN excluded."createdAt" + make_interval(secs => 86400)
                     ELSE r."resetAt" END,
    "createdAt" = excluded."createdAt"
  WHERE r."createdAt" <= excluded."createdAt" - interval '1 second'
  RETURNING count, "resetAt"
)
SELECT place, endpoint, quota, seconds AS w, hits.count, ceil(extract(epoch FROM hits."resetAt" - at))::int AS seconds,
       caller.id AS key_id, user_id, role
FROM hits JOIN wanted USING (identifier, endpoint) CROSS JOIN clock LEFT JOIN caller ON true
UNION ALL
SELECT 9, 'abuse', 10, 3600, 10, ceil(extract(epoch FROM b."resetAt" - at))::int, NULL, NULL, NULL
FROM (SELECT "resetAt" FROM blocked UNION ALL SELECT "resetAt" FROM abuse WHERE count >= 10) b, clock
ORDER BY 1
"""
FUNCTIONS: Final = """
CREATE SCHEMA IF NOT EXISTS guarded;
CREATE OR REPLACE FUNCTION guarded.read_user(tenant text) RETURNS SETOF users LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', 'ainative_tenant', true), set_config('app.user_id', tenant, true);
  RETURN QUERY SELECT * FROM users WHERE id = tenant;
END $$;
CREATE OR REPLACE FUNCTION guarded.list_projects(tenant text, most int, "time" timestamp, last text)
RETURNS SETOF projects LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', 'ainative_tenant', true), set_config('app.user_id', tenant, true);
  RETURN QUERY SELECT * FROM projects WHERE "userId" = tenant
    AND ("time" IS NULL OR ("createdAt", id) < ("time", last)) ORDER BY "createdAt" DESC, id DESC LIMIT most;
END $$;
CREATE OR REPLACE FUNCTION guarded.create_project(
  tenant text, who text, key_ text, print text, name_ text, description_ text, settings_ jsonb, active boolean,
  OUT outcome text, OUT headers_ text, OUT body_ text) LANGUAGE plpgsql AS $$
DECLARE
  made projects;
  kept service.idempotency_keys;
  at CONSTANT timestamp(3) := now() AT TIME ZONE 'UTC';
BEGIN
  PERFORM set_config('role', 'ainative_tenant', true), set_config('app.user_id', tenant, true);
  IF key_ IS NOT NULL THEN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(json_build_array(who, tenant, key_)::text, 0)) THEN
      outcome := 'busy';
      RETURN;
    END IF;
    SELECT * INTO kept FROM service.idempotency_keys k
    WHERE caller = who AND subject = tenant AND key = key_ AND "expiresAt" > now() AT TIME ZONE 'UTC';
    IF FOUND THEN
      outcome := CASE WHEN kept.fingerprint = print THEN 'kept' ELSE 'other' END;
      headers_ := kept.headers;
      body_ := kept.body;
      RETURN;
    END IF;
  END IF;
  INSERT INTO projects (id, name, description, "userId", settings, "isActive", "createdAt", "updatedAt")
  VALUES ('c' || left(replace(gen_random_uuid()::text, '-', ''), 24), name_, description_, tenant, settings_, active,
          at, at)
  RETURNING * INTO made;
  outcome := 'made';
  body_ := json_build_object(
    'id', made.id, 'name', made.name, 'description', made.description, 'settings', made.settings,
    'isActive', made."isActive", 'createdAt', to_char(made."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'updatedAt', to_char(made."updatedAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
  headers_ := json_build_object(
    'Location', '/api/v1/projects/' || made.id,
    'ETag', '"' || to_hex((extract(epoch FROM made."updatedAt") * 1000)::bigint) || '"');
  IF key_ IS NOT NULL THEN
    INSERT INTO service.idempotency_keys AS k (caller, subject, key, fingerprint, status, headers, body, "expiresAt")
    VALUES (who, tenant, key_, print, 201, headers_::jsonb, body_, now() AT TIME ZONE 'UTC' + interval '1 day')
    ON CONFLICT (caller, subject, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
      headers = excluded.headers, body = excluded.body, "expiresAt" = excluded."expiresAt";
  END IF;
END $$;
GRANT USAGE ON SCHEMA guarded TO ainative_tenant;
"""
READ: Final = (
    'SELECT id, email, "emailVerified", name, avatar, role::text AS role, "createdAt", "updatedAt" '
    "FROM guarded.read_user($1)"
)
LIST: Final = (
    'SELECT id, name, description, settings, "isActive", "createdAt", "updatedAt" '
    "FROM guarded.list_projects($1, $2, $3, $4)"
)
CREATE: Final = "SELECT outcome, headers_, body_ FROM guarded.create_project($1, $2, $3, $4, $5, $6, $7, $8)"

_SANE_ID = re.compile(r"[A-Za-z0-9._:+/=@-]{1,128}")
_KEY = re.compile(r"[\x21-\x7e]{1,512}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VARY = "Authorization, X-API-Key, Cookie"

RecordID = Annotated[str, Path(max_length=64, pattern="^[A-Za-z0-9_-]+$")]


class ProjectIn(BaseModel):
    """A new project."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    description: str | None = None
    settings: Any = None
    isActive: bool = True


class ProjectOut(BaseModel):
    """A project."""

    id: str
    name: str
    description: str | None
    settings: Any
    isActive: bool
    createdAt: datetime
    updatedAt: datetime


class PageOut(BaseModel):
    """A part of the list of projects."""

    items: list[ProjectOut]
    next: str | None


def create_app() -> FastAPI:
    """Return the application: a factory for uvicorn."""
    app = FastAPI(lifespan=_lifespan)

    @app.get("/api/v1/users/{id}")
    async def read_user(request: Request, response: Response, id: RecordID) -> http_bare.UserOut:  # pyright: ignore[reportUnusedFunction]
        async with request.state.pool.acquire() as connection:
            _, user_id, role = await _admit(connection, request, response, "readonly")
            wanted = user_id if id == "me" else id
            if wanted != user_id and role != "ADMIN":
                raise HTTPException(404)
            row = await connection.fetchrow(READ, wanted)
        if row is None:
            raise HTTPException(404)
        user = _aware(row)
        tag = f'"{(user["updatedAt"] - _EPOCH) // timedelta(milliseconds=1):x}"'
        if tag in request.headers.get("if-none-match", ""):
            raise HTTPException(304)
        response.headers["ETag"] = tag
        return http_bare.UserOut(**user)

    @app.get("/api/v1/projects")
    async def list_projects(  # pyright: ignore[reportUnusedFunction]
        request: Request,
        response: Response,
        take: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[str | None, Query(max_length=1024)] = None,
    ) -> PageOut:
        time, last = _edge(cursor) if cursor else (None, None)
        async with request.state.pool.acquire() as connection:
            _, user_id, _ = await _admit(connection, request, response, "readonly")
            rows = await connection.fetch(LIST, user_id, take + 1, time, last)
        more = len(rows) > take
        following = _cursor(rows[take - 1]) if more else None
        links = f'<{request.url.path}>; rel="first"'
        response.headers["Link"] = (
            f'{links}, <{request.url.path}?cursor={following}>; rel="next"' if following else links
        )
        return PageOut(items=[ProjectOut(**_aware(row)) for row in rows[:take]], next=following)

    @app.post("/api/v1/projects", status_code=201, response_model=ProjectOut)
    async def create_project(  # pyright: ignore[reportUnusedFunction]
        request: Request,
        response: Response,
        body: ProjectIn,
        idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
    ) -> Response:
        raw = await request.body()
        print_ = hashlib.sha256(b"\0".join((b"POST", request.url.path.encode(), raw))).hexdigest()
        settings = None if body.settings is None else json.dumps(body.settings)
        async with request.state.pool.acquire() as connection:
            _, user_id, _ = await _admit(connection, request, response, "api")
            row = await connection.fetchrow(
                CREATE, user_id, user_id, idempotency_key, print_, body.name, body.description, settings, body.isActive
            )
        if row["outcome"] in ("busy", "other"):
            raise HTTPException(409 if row["outcome"] == "busy" else 422)
        headers = {**dict(response.headers), **json.loads(row["headers_"])}
        headers.pop("content-length", None)
        if row["outcome"] == "kept":
            headers["Idempotent-Replayed"] = "true"
        return Response(row["body_"], 201, headers=headers, media_type="application/json")

    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
    async with pool_of(os.environ["DATABASE_SOCKET"], int(os.environ["DATABASE_POOL_SIZE"])) as pool:
        await pool.execute(FUNCTIONS)
        yield {"pool": pool}


async def _admit(connection: Any, request: Request, response: Response, tier: str) -> tuple[str, str, str]:
    """Return the key's id, its user and their role, after counting the request; HTTPException if it may not go on."""
    key = request.headers.get("x-api-key", "")
    forms = [f"sha256:{hashlib.sha256(key.encode()).hexdigest()}", key] if _KEY.fullmatch(key) else []
    address = request.client.host if request.client else "unknown"
    rows = await connection.fetch(ADMIT, forms, tier, 60, f"ip:{address}")
    headers = response.headers
    headers["RateLimit-Policy"] = ", ".join(f'"{row["endpoint"]}";q={row["quota"]};w={row["w"]}' for row in rows)
    headers["RateLimit"] = ", ".join(
        f'"{row["endpoint"]}";r={max(0, row["quota"] - row["count"])};t={row["seconds"]}' for row in rows
    )
    given = request.headers.get("x-request-id", "")
    headers["X-Request-ID"] = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "private, no-cache"
    headers["Vary"] = _VARY
    if any(row["count"] > row["quota"] or row["place"] == 9 for row in rows):
        raise HTTPException(429, headers=dict(headers))
    first = rows[0]
    if first["user_id"] is None:
        raise HTTPException(401, headers=dict(headers))
    return first["key_id"], first["user_id"], first["role"]


def _aware(row: Any) -> dict[str, Any]:
    return {
        name: value.replace(tzinfo=UTC)
        if isinstance(value, datetime)
        else json.loads(value)
        if name == "settings" and value is not None
        else value
        for name, value in row.items()
    }


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([row["createdAt"].isoformat(), row["id"]]).encode()).decode().rstrip("=")


def _edge(cursor: str) -> tuple[datetime, str]:
    try:
        time, last = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(time), str(last)
    except ValueError as error:
        raise HTTPException(422) from error
