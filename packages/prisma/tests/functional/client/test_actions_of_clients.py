"""Actions belong to one client, also in clients that an older version generated."""

from __future__ import annotations

from typing import Any

from prisma import Prisma


async def test_clients_that_an_older_version_generated(url: str) -> None:
    """They set the actions of all models in `_bind`."""
    from prisma.client import AsyncPrisma, Extension, TransactionManager
    from prisma.generated import load

    actions, models, schema = load("actions"), load("models"), load("metadata").SCHEMA

    class Former(AsyncPrisma):
        def __init__(self, **options: Any) -> None:
            super().__init__(schema=schema, **options)

        def _bind(self) -> None:
            self.user = actions.UserActions(self, models.User)
            self.project = actions.ProjectActions(self, models.Project)

        def tx(self) -> Any:
            return TransactionManager(client=self)

    class Derived(Former):
        pass

    extension = Extension("methods")

    @extension.model("user")
    async def sign_up(users: Any, email: str) -> Any:
        return await users.create({"email": email})

    async with Derived(datasource={"url": url}, use_dotenv=False, omit={"user": {"name": True}}) as db:
        async with db.extends(extension).tx() as tx:
            await tx.user.sign_up("ada")
            counts = await tx.user.count(), await db.user.count()
        found = [(user.email, "name" in user.model_fields_set) for user in await db.user.find_many()]
    assert (counts, found) == ((1, 0), [("ada", False)])


async def test_actions_belong_to_the_client_that_is_asked(db: Prisma) -> None:
    users = db.user
    async with db.tx() as tx:
        assert (db.user is users, tx.user is tx.user, tx.user is users) == (True, True, False)
        await tx.user.create({"email": "ada"})
        assert (await tx.user.count(), await db.user.count()) == (1, 0)
