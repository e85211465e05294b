"""The classes of the generated module `metadata`: a schema's models, fields and enums, as the client knows them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from prisma.frozen import Frozen

FieldKind: TypeAlias = Literal["scalar", "enum", "relation", "unsupported"]

_NOTHING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


class Field(Frozen):
    """A field of a model.

    `type` is a scalar's name (String, Boolean, Int, BigInt, Float, Decimal, DateTime, Json, Bytes), or the name of the
    enum or of the related model. `is_unique` says that the field is an id or unique, alone or in a compound key.
    `precision` is the number of digits that a DateTime column keeps of a second.

    `generator` has the function that makes the field's default in the client, and its arguments; only of required
    fields of a foreign key.

    Of a relation, `keys` are the fields of the foreign key if records of the model hold it, and `inverse` is the field
    at the other side. In clients that older versions generated, these and `generator` are empty.

    `is_exact_in_json` says that JSON, in which joined records travel, has each of the field's values.
    """

    name: str
    kind: FieldKind
    type: str
    db_name: str
    is_list: bool = False
    is_required: bool = True
    has_default: bool = False
    is_updated_at: bool = False
    is_unique: bool = False
    precision: int = 3
    keys: tuple[str, ...] = ()
    inverse: str = ""
    generator: tuple[str | int, ...] = ()
    is_exact_in_json: bool = True


class Model(Frozen):
    """A model or a view.

    `uniques` maps the name of a compound key in a unique `where` (`userId_provider`) to its fields;
    `constraints` maps the names of unique constraints and foreign keys in the database to the fields they cover;
    `indexes` has the fields of each index that begins with a foreign key.
    """

    name: str
    table: str
    db_schema: str | None
    fields: dict[str, Field]
    uniques: Mapping[str, tuple[str, ...]] = _NOTHING
    constraints: Mapping[str, tuple[str, ...]] = _NOTHING
    indexes: tuple[tuple[str, ...], ...] = ()


class Enum(Frozen):
    """An enum: the names that programs use and the values that the database stores."""

    name: str
    values: dict[str, str]


class Url(Frozen):
    """Where the connection URL comes from: a literal of the schema or an environment variable."""

    literal: str | None = None
    env: str | None = None


class Schema(Frozen):
    """One schema: its text for the query compiler, and its tables.

    `provider` is the word of the datasource (`postgresql`, `sqlite`, …); `path` is the schema's path when the client
    was generated. `root` is the folder where a relative one starts, if the database is a file.
    """

    datamodel: str
    provider: str
    datasource: str
    url: Url
    path: str
    preview_features: tuple[str, ...]
    models: dict[str, Model]
    enums: dict[str, Enum]
    root: str = "."
