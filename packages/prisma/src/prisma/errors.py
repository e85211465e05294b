"""The errors that the client raises.

    PrismaError
     ├─ DataError                            the database or the compiler refused an operation (.code .meta .data)
     │   ├─ UniqueViolationError             P2002
     │   ├─ ForeignKeyViolationError         P2003
     │   ├─ FieldNotFoundError               P2009: the operation does not fit the schema
     │   │   ├─ UnserializableValueError     … and a value is of a type that no field holds (also a TypeError)
     │   │   └─ UnknownRelationError         … and `include` names no relation (also an UnknownRelationalFieldError)
     │   ├─ RawQueryError                    P2010
     │   ├─ MissingRequiredValueError        P2012
     │   ├─ InputError                       P2019
     │   ├─ TableNotFoundError               P2021 (.table)
     │   └─ RecordNotFoundError              P2025
     ├─ TransactionError                     P2028
     │   ├─ TransactionExpiredError
     │   └─ TransactionNotStartedError
     ├─ ClientNotConnectedError, ClientNotRegisteredError, ClientAlreadyRegisteredError, ClientNotGeneratedError
     ├─ HTTPClientClosedError                kept so that programs written for 0.15.0 can name it
     ├─ UnsupportedDatabaseError             (.database .context)
     ├─ BuilderError
     │   ├─ InvalidModelError, UnknownModelError, UnknownRelationalFieldError
     └─ GeneratorError
         └─ UnsupportedListTypeError
    PrismaWarning
     └─ UnsupportedSubclassWarning

`prisma.engine.errors` adds EngineError and its children; a database that can't be reached while connecting is an
EngineConnectionError there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

# P1001 unreachable, P1002 and P1008 timed out, P1017 connection closed by the server, P2024 pool timeout, P2034 write
# conflict, which undoes the transaction: nothing was wrong with the call itself, so the same call may succeed later.
TRANSIENT_CODES = frozenset({"P1001", "P1002", "P1008", "P1017", "P2024", "P2034"})

# The databases' codes of the same. PostgreSQL: a write on a primary that has become a standby, serialization failure,
# deadlock, lock timeout. MySQL: lock timeout, deadlock, a write on a server that is read-only. SQLite: reads
# that another writer has made out of date.
_TRANSIENT_SQLSTATES = frozenset(
    {"25006", "40001", "40P01", "55P03", "1205", "1213", "1290", "1836", "SQLITE_BUSY_SNAPSHOT"}
)
# A statement that was canceled, by its timeout or by a person: the server has only its text to tell them apart.
_CANCELED, _BY_TIMEOUT = "57014", "due to statement timeout"


class PrismaError(Exception):
    """Base of every error of this package. Copies and pickles have its text and its attributes, but not its cause."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The arguments of the constructors are not kept; without this, copies would be made from the text alone.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(cls: type[PrismaError], args: tuple[Any, ...], attributes: dict[str, Any]) -> PrismaError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(attributes)
    return error


class DataError(PrismaError):
    """An operation was refused.

    Attributes:
        code: the code from Prisma's error reference, e.g. `P2002`; None when there is none.
        meta: facts about the error, by name; never None for errors raised by the client itself.
        data: the whole error as a mapping, in the shape that older clients handed out.
    """

    _is_undone = True
    """Whether nothing of a statement that failed stays: false for those that may commit on their way."""

    def __init__(self, data: Any, *, message: str | None = None) -> None:
        facing = _facts(_facts(data).get("user_facing_error"))
        # Not super(): a class may have a second base, whose __init__ takes other arguments.
        PrismaError.__init__(self, message or facing.get("message") or "An error occurred while processing data.")
        self.data = data
        self.code: str | None = facing.get("error_code")
        self.meta: Any = facing.get("meta")

    @property
    def retriable(self) -> bool:
        """Whether the same call may succeed later, unchanged: inside a transaction, the whole transaction."""
        meta = _facts(self.meta)
        sqlstate, reason = meta.get("code"), str(meta.get("message"))
        in_time = sqlstate in _TRANSIENT_SQLSTATES or (sqlstate == _CANCELED and _BY_TIMEOUT in reason)
        return self.code in TRANSIENT_CODES or (in_time and self._is_undone)


class UniqueViolationError(DataError):
    """P2002: a unique constraint forbids the row; `.meta["target"]` names the fields."""


class ForeignKeyViolationError(DataError):
    """P2003: a foreign key forbids the change."""


class MissingRequiredValueError(DataError):
    """P2012: a required value is missing or null."""


class RawQueryError(DataError):
    """P2010: the database refused raw SQL; `.meta["code"]` is the SQLSTATE."""

    def __init__(self, data: Any, *, message: str | None = None) -> None:
        super().__init__(data, message=message)
        database_message = _facts(self.meta).get("message")
        if message is None and database_message:
            self.args = (database_message,)


class TableNotFoundError(DataError):
    """P2021: a table of the schema is missing in the database; `.table` names it."""

    def __init__(self, data: Any, *, message: str | None = None) -> None:
        super().__init__(data, message=message)
        self.table: str | None = _facts(self.meta).get("table")


class FieldNotFoundError(DataError):
    """P2009: an argument or a field does not fit the schema."""


class UnserializableValueError(FieldNotFoundError, TypeError):
    """P2009: an argument is of a type that no field can hold; 0.15.0 raised a TypeError."""


class RecordNotFoundError(DataError):
    """P2025: a record that the operation needs does not exist."""


class InputError(DataError):
    """P2019: an argument has a value that the operation can't work with."""


class TransactionError(PrismaError):
    """P2028: a transaction can't be started, used or ended."""

    code: ClassVar[str] = "P2028"


class TransactionExpiredError(TransactionError):
    """The transaction ran longer than its timeout and was rolled back, or is closed already."""


class TransactionNotStartedError(TransactionError):
    """commit() or rollback() was called before start()."""

    def __init__(self) -> None:
        super().__init__("Transaction has not been started yet. Call start() first or use `async with`.")


class ClientNotConnectedError(PrismaError):
    """A query was made before connect() or after disconnect()."""

    def __init__(self) -> None:
        super().__init__(
            "Client is not connected to the query engine, you must call `connect()` before attempting to query data."
        )


class ClientNotRegisteredError(PrismaError):
    """Model-based access was used before a client was registered."""

    def __init__(self) -> None:
        super().__init__("No client instance registered; You must call prisma.register(prisma.Prisma())")


class ClientAlreadyRegisteredError(PrismaError):
    """A second client was registered."""

    def __init__(self) -> None:
        super().__init__("A client has already been registered.")


class ClientNotGeneratedError(PrismaError, RuntimeError):
    """Something generated was imported before `prisma generate` ran."""


class HTTPClientClosedError(PrismaError):
    """Never raised: there is no HTTP client any more."""

    def __init__(self) -> None:
        super().__init__("Cannot make a request from a closed client.")


class UnsupportedDatabaseError(PrismaError):
    """The feature does not exist on this database."""

    def __init__(self, database: str, context: str) -> None:
        super().__init__(f"{context} is not supported by {database}")
        self.database = database
        self.context = context


class BuilderError(PrismaError):
    """A query can't be built from the given model."""


class InvalidModelError(BuilderError):
    """The class was not generated from, or derived from, a model of the schema."""

    def __init__(self, model: type) -> None:
        super().__init__(
            f"Expected the {model} type to have a `__prisma_model__` class variable set; "
            "derive it from a class in `prisma.bases`."
        )


class InvalidShapeError(BuilderError):
    """The class that `select` was given can't hold what the schema has.

    Attributes:
        shape: the class.
        field: what it declares wrongly; None if the whole class can't be used.
    """

    def __init__(self, message: str, shape: type, field: str | None = None) -> None:
        super().__init__(message)
        self.shape = shape
        self.field = field


class UnknownModelError(BuilderError):
    """The schema has no model of this name."""

    def __init__(self, model: str) -> None:
        super().__init__(f'Model: "{model}" does not exist.')


class UnknownRelationalFieldError(BuilderError):
    """The model has no relation of this name."""

    def __init__(self, model: str, field: str) -> None:
        super().__init__(f'Field: "{field}" either does not exist or is not a relational field on the {model} model')


class UnknownRelationError(FieldNotFoundError, UnknownRelationalFieldError):
    """P2009: `include` names no relation of the model; 0.15.0 raised an UnknownRelationalFieldError."""

    __init__ = FieldNotFoundError.__init__


class GeneratorError(PrismaError):
    """The client can't be generated from this schema."""


class UnsupportedListTypeError(GeneratorError):
    """The schema has a list of a type that can't be a list."""

    def __init__(self, type: str) -> None:
        super().__init__(f"Cannot use {type} as a list yet.")
        self.type = type


class PrismaWarning(Warning):
    """Base of every warning of this package."""


class UnsupportedSubclassWarning(PrismaWarning):
    """A model was subclassed in a way that the client can't honour."""


def _facts(data: object) -> dict[str, Any]:
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


_CLASS_BY_CODE: dict[str, type[DataError]] = {
    "P2002": UniqueViolationError,
    "P2003": ForeignKeyViolationError,
    "P2009": FieldNotFoundError,
    "P2010": RawQueryError,
    "P2012": MissingRequiredValueError,
    "P2019": InputError,
    "P2021": TableNotFoundError,
    "P2025": RecordNotFoundError,
}


def data_error(code: str | None, message: str, meta: Mapping[str, object]) -> DataError:
    """Return the error of the class that belongs to `code`, a plain DataError for every code without a class."""
    data = {
        "error": message,
        "user_facing_error": {"is_panic": False, "message": message, "meta": dict(meta), "error_code": code},
    }
    return _CLASS_BY_CODE.get(code or "", DataError)(data, message=message)
