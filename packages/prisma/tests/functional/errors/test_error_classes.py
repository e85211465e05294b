"""Each error class that programs catch."""

from __future__ import annotations

from typing import Any

import pytest

from prisma import errors
from prisma.engine import errors as engine_errors
from servers.spellings import Spelling

pytestmark = [pytest.mark.schema("blog"), pytest.mark.portable]


async def test_data_error(db: Any, ada: Any) -> None:
    with pytest.raises(errors.DataError) as caught:
        await db.user.update({"score": {"divide": 0}}, {"id": ada.id})
    assert (type(caught.value), caught.value.data["user_facing_error"]["error_code"]) == (
        errors.DataError,
        caught.value.code,
    )


async def test_unique_violation(db: Any, ada: Any) -> None:
    with pytest.raises(errors.UniqueViolationError) as caught:
        await db.user.create({"name": "Ada"})
    assert (caught.value.code, str(caught.value), caught.value.meta["target"]) == (
        "P2002",
        "Unique constraint failed on the fields: (`name`)",
        ["name"],
    )


async def test_foreign_key_violation(db: Any) -> None:
    with pytest.raises(errors.ForeignKeyViolationError, match=r"^Foreign key constraint failed on the field") as caught:
        await db.post.create({"title": "t", "authorId": 99})
    assert caught.value.code == "P2003"


async def test_field_not_found(db: Any) -> None:
    for call in (
        lambda: db.user.find_many(where={"nope": 1}),
        lambda: db.user.find_many(include={"nope": True}),
        lambda: db.user.create({"name": "x", "nope": 1}),
    ):
        with pytest.raises(errors.FieldNotFoundError) as caught:
            await call()
        assert "nope" in str(caught.value)


async def test_raw_query_error(db: Any, spelling: Spelling) -> None:
    with pytest.raises(errors.RawQueryError, match="nowhere") as caught:
        await db.query_raw("SELECT * FROM nowhere")
    assert (caught.value.code, caught.value.meta["code"]) == ("P2010", spelling.no_such_table)


async def test_missing_required_value(db: Any) -> None:
    with pytest.raises(errors.MissingRequiredValueError, match="name"):
        await db.user.create({"score": 1})


@pytest.mark.needs("standard_quotes")
async def test_table_not_found(db: Any) -> None:
    async with db.tx() as tx:
        await tx.execute_raw('ALTER TABLE "Profile" RENAME TO "gone"')
        with pytest.raises(errors.TableNotFoundError) as caught:
            await tx.profile.count()
        assert (caught.value.code, "Profile" in (caught.value.table or "")) == ("P2021", True)
        await tx.execute_raw("ROLLBACK")


async def test_record_not_found(db: Any, ada: Any) -> None:
    with pytest.raises(errors.RecordNotFoundError) as caught:
        await db.post.create({"title": "t", "author": {"connect": {"id": 99}}})
    assert caught.value.code == "P2025"


async def test_transaction_errors() -> None:
    for cls in (errors.TransactionExpiredError, errors.TransactionNotStartedError):
        assert issubclass(cls, errors.TransactionError)
    assert not issubclass(errors.TransactionError, errors.DataError)


async def test_errors_without_a_database(package: Any) -> None:
    names = "ClientNotConnectedError ClientNotRegisteredError ClientAlreadyRegisteredError HTTPClientClosedError"
    assert all(issubclass(getattr(errors, name), errors.PrismaError) for name in names.split())
    unsupported = errors.UnsupportedDatabaseError("sqlite", "create_many_skip_duplicates")
    assert (unsupported.database, unsupported.context, str(unsupported)) == (
        "sqlite",
        "create_many_skip_duplicates",
        "create_many_skip_duplicates is not supported by sqlite",
    )


def test_builder_errors() -> None:
    assert issubclass(errors.BuilderError, errors.PrismaError)
    for error in (
        errors.InvalidModelError(int),
        errors.UnknownModelError("X"),
        errors.UnknownRelationalFieldError("X", "y"),
    ):
        assert isinstance(error, errors.BuilderError)


def test_generator_errors_and_warnings() -> None:
    assert issubclass(errors.UnsupportedListTypeError, errors.GeneratorError)
    assert issubclass(errors.UnsupportedSubclassWarning, errors.PrismaWarning)
    assert issubclass(errors.PrismaWarning, Warning)


def test_engine_errors() -> None:
    mismatched = engine_errors.MismatchedVersionsError(expected="a", got="b")
    assert (mismatched.expected, mismatched.got) == ("a", "b")
    assert engine_errors.EngineRequestError("response", "body").response == "response"
    names = (
        "BinaryNotFoundError MismatchedVersionsError EngineConnectionError EngineRequestError UnprocessableEntityError "
        "AlreadyConnectedError NotConnectedError"
    )
    assert all(issubclass(getattr(engine_errors, name), engine_errors.EngineError) for name in names.split())


@pytest.mark.needs("server")
async def test_unreachable_database(package: Any, threads: Any) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"
    client = threads.adapt(package.Prisma(datasource={"url": url}, use_dotenv=False))
    with pytest.raises(engine_errors.EngineConnectionError, match=r"(?i)can't reach database server") as caught:
        await client.connect()
    assert caught.value.code == "P1001"
