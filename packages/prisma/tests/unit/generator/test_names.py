"""Names that clash get an underscore; where the author has to choose, `generate` says so (see test_pipeline)."""

from __future__ import annotations

from prisma.generator.names import decide_names
from prisma.schema.datamodel import DataModel, Field, Model


def _field(name: str) -> Field:
    return Field(
        name=name,
        kind="scalar",
        type="Int",
        db_name=name,
        is_list=False,
        is_required=True,
        is_id=False,
        is_unique=False,
        is_read_only=False,
        has_default=False,
        is_updated_at=False,
        native_type=(),
        documentation="",
        relation_from=(),
    )


def _model(name: str, *fields: str, instance_name: str | None = None) -> Model:
    return Model(
        name=name,
        table=name,
        db_schema=None,
        fields=tuple(_field(field) for field in fields),
        primary_key=None,
        uniques=(),
        operations=frozenset(),
        constraints={},
        documentation="",
        instance_name=instance_name,
    )


def test_names() -> None:
    models = (
        _model("User", "id", "class", "class_", "json", "model_name", "prisma"),
        _model("UserList"),
        _model("Tx"),
        _model("Import"),
        _model("Person", instance_name="people"),
    )
    names = decide_names(DataModel(models, ()))
    assert dict(names.instances) == {
        "User": "user",
        "UserList": "userlist",
        "Tx": "tx_",
        "Import": "import_",
        "Person": "people",
    }
    assert {field: name for (model, field), name in names.fields.items() if model == "User"} == {
        "id": "id",
        "class": "class__",
        "class_": "class_",
        "json": "json_",
        "model_name": "model_name",
        "prisma": "prisma_",
    }
    assert [names.of("User", "{}ListRelationFilter"), names.of("UserList", "{}RelationFilter")] == [
        "UserListRelationFilter",
        "UserListRelationFilter_",
    ]
