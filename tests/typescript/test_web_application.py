"""The service and a web application on one database: adapter, sign-ins, addresses and rows, with npm's packages."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from httpx import AsyncClient

from prisma.enums import Role
from tests.conftest import Enrol
from tests.typescript.conftest import WebApplication

pytestmark = pytest.mark.long

PLAIN, HTTPS = "http://localhost:3000", "https://web.example.com"
ODD_TOKEN = "tok /+%=;é"
SESSION_COOKIE = re.compile(r"(__Secure-)?(next-auth|authjs)\.session-token")
RELATIONS = "accounts,sessions,apiKeys,projects,subscriptions,billingInfo,credits,usageMetrics"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def time(hours: float) -> str:
    """Return an instant so many hours from now, as JavaScript writes it."""
    moment = datetime.now(UTC) + timedelta(hours=hours)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cookies(jar: dict[str, str]) -> dict[str, str]:
    """Return the header that a browser with these cookies sends to the service."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}


@pytest.fixture
async def root(enrol: Enrol) -> dict[str, str]:
    """The headers of an ADMIN."""
    return (await enrol("root", role=Role.ADMIN)).headers


@pytest.fixture
async def ada(http: AsyncClient, root: dict[str, str]) -> str:
    """The id of a user whom the service made, with an address in large and small letters."""
    made = await http.post("/api/v1/users", json={"email": "Ada@Example.com", "name": "Ada"}, headers=root)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def me(http: AsyncClient, headers: dict[str, str]) -> Any:
    """Return who the service says that the caller is: the user's id, or the status."""
    answer = await http.get("/api/v1/users/me", headers=headers)
    return answer.json()["id"] if answer.status_code == 200 else answer.status_code


async def test_the_adapter_works_on_rows_of_the_service(
    http: AsyncClient, web: WebApplication, ada: str, root: dict[str, str]
):
    async def adapter(method: str, *arguments: Any) -> Any:
        return await web.result("adapter", method, *arguments)

    session = {"Authorization": "Bearer t"}
    account = {"provider": "github", "providerAccountId": "7"}
    mail = {"identifier": "ada@example.com", "token": "mailed"}
    found = await adapter("getUserByEmail", "ada@example.com")
    seen: dict[str, Any] = {
        "by address": found["id"],
        "by id": await adapter("getUser", ada),
        "as written": await adapter("getUserByEmail", "Ada@Example.com"),
        "account": await adapter("linkAccount", {"userId": ada, "type": "oauth", **account, "access_token": "s3cret"}),
        "by account": (await adapter("getUserByAccount", account))["id"],
        "listed account": (await http.get(f"/api/v1/accounts?userId={ada}", headers=root)).json()["items"],
        "session": await adapter("createSession", {"sessionToken": "t", "userId": ada, "expires": time(1)}),
        "signed in": (await adapter("getSessionAndUser", "t"))["user"]["id"],
        "at the service": await me(http, session),
        "updated": (await adapter("updateUser", {"id": ada, "name": "Countess"}))["name"],
        "shown": (await http.get("/api/v1/users/me", headers=session)).json()["name"],
        "expired": (await adapter("updateSession", {"sessionToken": "t", "expires": time(-1)}))["userId"],
        "with expired": await me(http, session),
        "ended": (await adapter("deleteSession", "t"))["sessionToken"],
        "token": (await adapter("createVerificationToken", {**mail, "expires": time(1)}))["token"],
        "token of another": await adapter("useVerificationToken", {**mail, "identifier": "bea@example.com"}),
        "token used": (await adapter("useVerificationToken", mail))["token"],
        "token again": await adapter("useVerificationToken", mail),
        "unlinked": (await adapter("unlinkAccount", account))["userId"],
        "deleted": (await adapter("deleteUser", ada))["email"],
        "gone": (await http.get(f"/api/v1/users/{ada}", headers=root)).status_code,
    }

    linked = seen.pop("account")
    assert linked["access_token"] == "s3cret"
    assert [row["id"] for row in seen.pop("listed account")] == [linked["id"]]
    assert seen.pop("session")["userId"] == ada
    assert seen == {
        "by address": ada, "by id": found, "as written": None, "by account": ada, "signed in": ada,
        "at the service": ada, "updated": "Countess", "shown": "Countess", "expired": ada, "with expired": 401,
        "ended": "t", "token": "mailed", "token of another": None, "token used": "mailed", "token again": None,
        "unlinked": ada, "deleted": "ada@example.com", "gone": 404,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("library", "origin", "token", "cookie"),
    [
        ("authjs", PLAIN, None, "authjs.session-token"),
        ("authjs", HTTPS, ODD_TOKEN, "__Secure-authjs.session-token"),
        ("nextauth", PLAIN, None, "next-auth.session-token"),
        ("nextauth", HTTPS, ODD_TOKEN, "__Secure-next-auth.session-token"),
    ],
    ids=["authjs http", "authjs https", "nextauth http", "nextauth https"],
)
async def test_one_sign_in_is_good_for_both(
    http: AsyncClient, web: WebApplication, ada: str, library: str, origin: str, token: str | None, cookie: str
):
    place = {"library": library, "origin": origin}
    jar = await web.result("signIn", {**place, "email": "ADA@example.COM", "token": token})
    browser = cookies(jar)
    before = await web.result("whoAmI", {**place, "jar": jar}), await me(http, browser)
    ended = await http.delete("/api/v1/sessions", headers={**browser, "Sec-Fetch-Site": "same-origin"})
    after = await web.result("whoAmI", {**place, "jar": jar}), await me(http, browser)

    assert [name for name in jar if SESSION_COOKIE.fullmatch(name)] == [cookie]
    assert (before, ended.status_code, after) == (("ada@example.com", ada), 204, (None, 401))


@pytest.mark.parametrize(("former", "present"), [(HTTPS, PLAIN), (PLAIN, HTTPS)], ids=["to http", "to https"])
async def test_a_cookie_of_former_settings_hides_nothing(
    http: AsyncClient, web: WebApplication, ada: str, former: str, present: str
):
    stale = await web.result("signIn", {"library": "nextauth", "origin": former, "email": "ada@example.com"})
    await web.result("prisma", "session", "deleteMany", {})
    jar = await web.result("signIn", {"library": "authjs", "origin": present, "email": "ada@example.com", "jar": stale})
    assert (len([name for name in jar if SESSION_COOKIE.fullmatch(name)]), await me(http, cookies(jar))) == (2, ada)


@pytest.mark.parametrize("library", ["authjs", "nextauth"])
async def test_nobody_waits_at_the_address_of_another(
    http: AsyncClient, web: WebApplication, enrol: Enrol, library: str
):
    """Whoever signs in by mail is signed in as the user with the address, so nobody may give theirs another's."""
    eve = (await enrol("eve")).headers
    place = {"library": library, "origin": PLAIN}
    change = {"email": "victim@example.com"}
    guesses = [change, {**change, "emailToken": "guess"}, {"email": "Victim@Example.com", "emailToken": ""}]
    refused = [await http.patch("/api/v1/users/me", json=guess, headers=eve) for guess in guesses]

    victim = await web.result("signIn", {**place, "email": "victim@example.com"})
    secret = await http.post(
        "/api/v1/projects", json={"name": "Secret"}, headers={**cookies(victim), "Sec-Fetch-Site": "same-origin"}
    )
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "unconfirmed_address")] * 3
    assert await me(http, cookies(victim)) not in ("eve", 401)
    assert (secret.status_code, (await http.get("/api/v1/projects", headers=eve)).json()["items"]) == (201, [])


async def test_a_confirmed_address_is_the_one_to_sign_in_with(
    http: AsyncClient, web: WebApplication, enrol: Enrol, root: dict[str, str]
):
    bea = (await enrol("bea")).headers
    token = {"identifier": "new@example.com", "token": "mailed"}
    made = await http.post("/api/v1/verification-tokens", json=token, headers=root)
    changes = [
        await http.patch("/api/v1/users/me", json={"email": email, "emailToken": "mailed"}, headers=bea)
        for email in ("other@example.com", "New@Example.com", "new@example.com", "bea@example.com")
    ]
    jar = await web.result("signIn", {"library": "authjs", "origin": PLAIN, "email": "NEW@example.com"})
    assert (made.status_code, [answer.status_code for answer in changes]) == (201, [403, 200, 200, 403])
    assert await me(http, cookies(jar)) == "bea"


async def test_a_mail_link_is_no_confirmation(http: AsyncClient, web: WebApplication, enrol: Enrol):
    """Auth.js stores hashes of its tokens: who can read them in the database can't use them at the service."""
    eve = (await enrol("eve")).headers
    stored = {"identifier": "victim@example.com", "token": uuid.uuid4().hex, "expires": time(-0.001)}
    await web.result("adapter", "createVerificationToken", stored)
    change = {"email": stored["identifier"], "emailToken": stored["token"]}
    answer = await http.patch("/api/v1/users/me", json=change, headers=eve)
    assert (answer.status_code, answer.json()["code"]) == (403, "unconfirmed_address")


async def test_a_token_works_once_on_either_side(http: AsyncClient, web: WebApplication, root: dict[str, str]):
    async def use(number: int) -> tuple[bool, bool]:
        token = {"identifier": "ada@example.com", "token": f"t{number}"}
        await web.result("adapter", "createVerificationToken", {**token, "expires": time(1)})
        theirs, ours = await asyncio.gather(
            web.result("adapter", "useVerificationToken", token),
            http.post("/api/v1/verification-tokens/consume", json=token, headers=root),
        )
        assert ours.status_code in (200, 404)
        return theirs is not None, ours.status_code == 200

    winners = Counter([await use(number) for number in range(20)])
    assert set(winners) <= {(True, False), (False, True)}, winners


def same(value: Any) -> Any:
    """Return a value in one form: `12.50` is `12.5`, and a time without fraction has one of zero."""
    if isinstance(value, dict):
        return {name: same(each) for name, each in value.items()}
    if isinstance(value, list):
        return [same(each) for each in value]
    if isinstance(value, str) and TIME.fullmatch(value):
        return datetime.fromisoformat(value)
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else value


def shown_part(row: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """Return what the service shows of a row and its relations: no secrets."""
    found: dict[str, Any] = {name: row[name] for name in shown}
    for name in RELATIONS.split(","):
        if isinstance(shown.get(name), list):
            found[name] = [shown_part(mine, theirs) for mine, theirs in zip(row[name], shown[name], strict=True)]
        elif name in shown:
            found[name] = shown_part(row[name], shown[name])
    return found


MARCH = "2026-03-01T00:00:00Z"
WRITTEN: dict[str, dict[str, Any]] = {
    "projects": {"name": "Zoë 🦊", "settings": {"a": [1, 2.5, None, {"b": "\u2028"}], "big": 2**53}},
    "api-keys": {"name": "CI", "rateLimit": 7},
    "usage-metrics": {"endpoint": "/v1/chat", "tokens": 2**31 - 1, "cost": "9999.999999", "metadata": [True]},
    "subscriptions": {"plan": "PRO", "status": "ACTIVE", "currentPeriodStart": MARCH},
    "credits/grants": {"amount": "99999999.99", "type": "BONUS", "description": "Welcome"},
    "invoices": {"stripeInvoiceId": "in_1", "amount": "0.01", "status": "OPEN", "periodStart": MARCH,
                 "periodEnd": "2026-03-31T23:59:59.999Z"},
}  # fmt: skip


async def test_prisma_reads_what_the_service_wrote(
    http: AsyncClient, web: WebApplication, ada: str, root: dict[str, str]
):
    billing = await http.put(f"/api/v1/billing-info?userId={ada}", json={"city": "Zürich"}, headers=root)
    made = [
        await http.post(f"/api/v1/{path}", params={"userId": ada}, json=body, headers=root)
        for path, body in WRITTEN.items()
    ]
    shown = (await http.get(f"/api/v1/users/{ada}?include={RELATIONS}", headers=root)).json()
    invoice = made[-1].json()
    query = {"where": {"id": ada}, "include": dict.fromkeys(RELATIONS.split(","), True)}
    user = await web.result("prisma", "user", "findUnique", query)
    bill = await web.result("prisma", "invoice", "findUnique", {"where": {"id": invoice["id"]}})

    assert (billing.status_code, [answer.status_code for answer in made]) == (201, [201] * len(WRITTEN))
    assert [len(shown[name]) for name in ("projects", "apiKeys", "usageMetrics", "subscriptions", "credits")] == [1] * 5
    assert same(shown_part(user, shown)) == same(shown)
    assert same(shown_part(bill, invoice)) == same(invoice)


async def test_the_service_reads_what_prisma_wrote(http: AsyncClient, web: WebApplication, root: dict[str, str]):
    written = {
        "email": "Mixed@Example.com",
        "name": "",
        "accounts": {"create": {"type": "oauth", "provider": "x", "providerAccountId": "1", "expires_at": 2**31 - 1}},
        "sessions": {"create": {"sessionToken": "t", "expires": "9999-12-31T23:59:59.999Z"}},
        "apiKeys": {"create": {"key": "sk_in_clear", "name": "k"}},
        "projects": {"create": {"name": "p" * 5000, "settings": [{"é": "🦊"}, 1.5e-7, "2026-01-01"]}},
        "subscriptions": {"create": {"plan": "FREE", "status": "UNPAID"}},
        "credits": {"create": {"amount": "0.1", "type": "PROMOTIONAL", "createdAt": "1970-01-01T00:00:00.001Z"}},
        "usageMetrics": {"create": {"endpoint": "", "cost": "-0.000001"}},
        "billingInfo": {"create": {"country": "Österreich"}},
    }
    query = {"data": written, "include": dict.fromkeys(RELATIONS.split(","), True)}
    user = await web.result("prisma", "user", "create", query)
    answer = await http.get(f"/api/v1/users/{user['id']}?include={RELATIONS}", headers=root)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert [len(shown[name]) for name in RELATIONS.split(",") if name != "billingInfo"] == [1] * 7
    assert same(shown_part(user, shown)) == same(shown)
    assert await me(http, {"X-API-Key": "sk_in_clear"}) == user["id"]
