"""Extensions: hooks around operations, methods of models and of the client, computed fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prisma import Extension, bases
from prisma.errors import FieldNotFoundError, UnknownModelError

if TYPE_CHECKING:
    from prisma import Prisma
    from prisma.client import Operation, Proceed


# Hooks are coroutines in an asynchronous client; the synchronous client has a separate test below.
pytestmark = [pytest.mark.tasks, pytest.mark.portable]


def recording(log: list[Any], name: str, *place: str | None) -> Extension:
    """Return an extension that notes the operations in its hook."""
    extension = Extension(name)

    @extension.query(*place)
    async def note(operation: Operation, proceed: Proceed) -> Any:
        log.append((name, operation.model, operation.name, dict(operation.arguments)))
        return await proceed(operation.arguments)

    return extension


@pytest.mark.needs("returning")
async def test_hooks_see_every_operation(db: Prisma) -> None:
    log: list[Any] = []
    extended = db.extends(recording(log, "all"))
    await extended.user.create({"id": "ada", "email": "ada@example.com"})
    await extended.user.find_unique(where={"id": "ada"})
    await extended.user.count()
    await extended.user.group_by(by=["role"], count=True)
    await extended.query_raw("SELECT $1::int AS n", 1)
    async with extended.tx() as tx:
        await tx.user.delete_many()
    async with extended.batch_() as batch:
        batch.user.create({"email": "bob@example.com"})
        batch.execute_raw("SELECT 1")
    await db.user.find_first()
    assert log == [
        ("all", "User", "create", {"data": {"id": "ada", "email": "ada@example.com"}}),
        ("all", "User", "find_unique", {"where": {"id": "ada"}}),
        ("all", "User", "count", {}),
        ("all", "User", "group_by", {"by": ["role"], "count": True}),
        ("all", None, "query_raw", {"query": "SELECT $1::int AS n", "args": (1,)}),
        ("all", "User", "delete_many", {}),
        ("all", "User", "create", {"data": {"email": "bob@example.com"}}),
        ("all", None, "execute_raw", {"query": "SELECT 1", "args": ()}),
    ]


async def test_hooks_choose_and_nest(db: Prisma) -> None:
    log: list[Any] = []
    places = (
        ("outer", None, None),
        ("users", "user", None),
        ("reads", None, "find_first"),
        ("projects", "project", None),
    )
    extended = db.extends(*(recording(log, *place) for place in places[:2]))
    extended = extended.extends(*(recording(log, *place) for place in places[2:]))
    await extended.user.find_first()
    await extended.project.find_many()
    assert [(name, operation) for name, _, operation, _ in log] == [
        ("outer", "find_first"),
        ("users", "find_first"),
        ("reads", "find_first"),
        ("outer", "find_many"),
        ("projects", "find_many"),
    ]


async def test_hooks_change_arguments_and_results(db: Prisma) -> None:
    soft = Extension("soft delete")

    @soft.query("project", "find_many")
    async def only_active(operation: Operation, proceed: Proceed) -> Any:
        where = {"AND": [operation.arguments.get("where", {}), {"isActive": True}]}
        return await proceed({**operation.arguments, "where": where})

    @soft.query("project", "delete")
    async def deactivate(operation: Operation, proceed: Proceed) -> Any:
        return await operation.client.project.update(where=operation.arguments["where"], data={"isActive": False})

    await db.user.create(
        {"id": "ada", "email": "a", "projects": {"create": [{"id": "1", "name": "x"}, {"id": "2", "name": "y"}]}}
    )
    extended = db.extends(soft)
    deleted = await extended.project.delete({"id": "1"})
    found = await extended.project.find_many(where={"name": {"in": ["x", "y"]}})
    assert deleted is not None
    assert (deleted.isActive, [project.id for project in found], await db.project.count()) == (False, ["2"], 2)


async def test_methods_of_models_and_of_the_client(db: Prisma) -> None:
    extension = Extension("methods")

    @extension.model("user")
    async def sign_up(users: Any, email: str) -> Any:
        return await users.create({"email": email.lower()})

    @extension.model()
    async def exists(actions: Any, **where: Any) -> bool:
        return await actions.count(where=where) > 0

    @extension.client
    async def ping(client: Any) -> int:
        return (await client.query_raw("SELECT 1 AS n"))[0]["n"]

    extended: Any = db.extends(extension)
    await extended.user.sign_up("ADA@example.com")
    async with extended.tx() as tx:
        inside = await tx.user.exists(email="ada@example.com"), await tx.ping()
    actions: Any = bases.BaseUser.prisma(extended)
    by_class = await actions.exists(email="nobody")
    assert (inside, by_class, await extended.project.exists(), await extended.ping()) == ((True, 1), False, False, 1)
    with pytest.raises(AttributeError, match="has no attribute 'sign_up'"):
        extended.project.sign_up  # noqa: B018
    with pytest.raises(AttributeError, match="has no attribute 'ping'"):
        db.ping  # noqa: B018  # pyright: ignore


async def test_computed_fields(db: Prisma) -> None:
    extension = Extension("names")

    @extension.field("user", needs=["name", "email"])
    def label(user: Any) -> str:
        return f"{user.name} <{user.email}>"

    @extension.field("project", needs=["name"])
    def shout(project: Any) -> str:
        return project.name.upper()

    await db.user.create({"id": "ada", "email": "a@b", "name": "Ada", "projects": {"create": {"name": "engine"}}})
    extended: Any = db.extends(extension)
    user = await extended.user.find_first(include={"projects": {"include": {"user": True}}})
    dumped = user.model_dump()
    project = user.projects[0]
    assert (user.label, project.shout, project.user.label) == ("Ada <a@b>", "ENGINE", "Ada <a@b>")
    assert (dumped["label"], dumped["projects"][0]["shout"]) == ("Ada <a@b>", "ENGINE")
    plain = await db.user.find_first()
    assert (isinstance(user, type(plain)), type(user).__name__, hasattr(plain, "label")) == (True, "User", False)

    class Short(bases.BaseUser):
        email: str

    # The class does not read the field that the computed field needs.
    assert (await Short.prisma(extended).find_first()) == Short(email="a@b")


async def test_copies_share_the_connection(make_client: Any, url: str) -> None:
    db = make_client(datasource={"url": url})
    extended = db.extends(recording([], "x"))
    async with extended:
        states = (db.is_connected(), extended.is_connected(), await db.user.count())
    assert (states, db.is_connected()) == ((True, True, 0), False)


def unnamed(extension: Extension, how: str) -> None:
    def create(actions: Any) -> None: ...

    def name(record: Any) -> None: ...

    def connect(client: Any) -> None: ...

    def label(record: Any) -> None: ...

    def hook(operation: Operation, proceed: Proceed) -> None: ...

    {
        "model": lambda: extension.query("usr")(hook),
        "method": lambda: extension.model("user")(create),
        "field": lambda: extension.field("user")(name),
        "client": lambda: extension.client(connect),
        "needs": lambda: extension.field("user", needs=["nme"])(label),
    }[how]()


WRONG: list[tuple[str, type[Exception], str]] = [
    ("model", UnknownModelError, '"usr" does not exist'),
    ("method", ValueError, "actions have `create` already"),
    ("field", ValueError, "User has a field `name` already"),
    ("client", ValueError, "client has `connect` already"),
    ("needs", FieldNotFoundError, "`label` needs `nme`, which does not exist on User"),
]


@pytest.mark.parametrize(("how", "error", "said"), WRONG)
def test_wrong_extensions(how: str, error: type[Exception], said: str) -> None:
    from prisma import Prisma

    extension = Extension("wrong")
    unnamed(extension, how)
    with pytest.raises(error) as caught:
        Prisma(use_dotenv=False).extends(extension)
    assert said in str(caught.value)


def test_a_hook_of_an_unknown_operation() -> None:
    with pytest.raises(ValueError, match=r"no operation 'find_mny'\. Did you mean 'find_many'"):
        Extension("wrong").query(operation="find_mny")


def test_the_synchronous_client(packages: Any, url: str) -> None:
    extension, names = Extension("sync"), list[str]()

    @extension.query()
    def note(operation: Operation, proceed: Proceed) -> Any:
        names.append(operation.name)
        return proceed(operation.arguments)

    @extension.model("user")
    def sign_up(users: Any, email: str) -> Any:
        return users.create({"email": email})

    client = packages.get("service", "threads").Prisma(datasource={"url": url}, use_dotenv=False)
    with client.extends(extension) as db, db.tx() as tx:
        user = tx.user.sign_up("ada")
        with tx.batch_() as batch:
            batch.user.delete_many()
        results = tx.tx().run(lambda it: it.user.count(), lambda it: it.query_raw("SELECT 1 AS n"))
    assert (user.email, results, names) == ("ada", (0, [{"n": 1}]), ["create", "delete_many", "count", "query_raw"])
