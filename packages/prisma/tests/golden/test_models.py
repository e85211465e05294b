"""Generated models hold records."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from types import ModuleType

import pytest
from fastapi import FastAPI

import prisma
from prisma.fields import Base64, Json

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


def test_record_with_relations(client_package: Callable[[str], ModuleType]) -> None:
    models = import_module(f"{client_package('everything').__name__}.models")
    customer = {
        "id": 1,
        "email": "a@b.c",
        "tags": None,
        "scores": [1],
        "sizes": ["S"],
        "createdAt": NOW,
        "updatedAt": NOW,
    }
    order = {"year": 2026, "number": 1, "customerId": 1, "state": "in_progress", "history": [], "customer": customer}
    record = models.Customer.model_validate({**customer, "orders": [order]})
    assert type(record.orders[0].state) is str
    assert record.model_dump(exclude_none=True) == {
        **customer,
        "tags": [],
        "orders": [{**order, "customer": {**customer, "tags": []}}],
    }


def test_every_scalar_type(client_package: Callable[[str], ModuleType]) -> None:
    models = import_module(f"{client_package('everything').__name__}.models")
    record = models.Product(
        sku="s",
        title="t",
        price="1.50",
        stock=2**60,
        active=True,
        details={"a": [1, "b"]},
        extra=Json("text"),
        changes=["1", None],
        image="aGk=",
        thumbs=[Base64.encode(b"x")],
        prices=[Decimal(1)],
        counts=[],
        ranks=[1],
        flags=[False],
        seen=[NOW],
        size="S",
    )
    assert (record.price, record.details, record.extra, record.changes) == (
        Decimal("1.50"),
        {"a": [1, "b"]},
        "text",
        [1, None],
    )
    assert record.image.decode_str() == "hi"
    assert models.Product.model_validate(record.model_dump()) == record
    assert models.Product.model_validate_json(record.model_dump_json()) == record


def test_renamed_fields_keep_the_schemas_names_outside(client_package: Callable[[str], ModuleType]) -> None:
    models = import_module(f"{client_package('names').__name__}.models")
    row = {
        "id": 1,
        "json": {},
        "copy": 2,
        "model_dump": 3,
        "model_name": "n",
        "class": 4,
        "class_": "c",
        "prisma": "p",
        "int": 5,
        "str": "s",
        "datetime": NOW,
        "list": [6],
        "in": "i",
        "update": 7,
        "enums": "None",
        "SortOrder": "o",
        "Tx": None,
        "Optional": None,
    }
    record = models.Tx.model_validate(row)
    assert (record.class__, record.class_, record.in_, record.prisma_) == (4, "c", "i", "p")
    assert record.model_dump() == row


def test_a_base_selects_fields(client_package: Callable[[str], ModuleType]) -> None:
    package = client_package("everything")

    class Address(import_module(f"{package.__name__}.bases").BaseCustomer):  # type: ignore[misc]
        email: str

    actions = Address.prisma(package.Prisma())
    assert (Address.__prisma_model__, type(actions).__name__, actions._model) == (
        "Customer",
        "CustomerActions",
        Address,
    )


def test_models_describe_themselves_to_openapi(client_package: Callable[[str], ModuleType]) -> None:
    app = FastAPI()
    product = import_module(f"{client_package('everything').__name__}.models").Product
    app.get("/product", response_model=product)(lambda: None)
    properties = app.openapi()["components"]["schemas"]["Product"]["properties"]
    assert (properties["details"], properties["image"]) == (
        {"title": "Details"},
        {"type": "string", "format": "byte", "title": "Image"},
    )


def test_client_has_an_attribute_for_each_model(client_package: Callable[[str], ModuleType]) -> None:
    package = client_package("everything")
    client = package.Prisma(use_dotenv=False)
    names = ("customers", "profile", "product", "order", "orderline", "event", "productsale")
    assert [type(getattr(client, name)).__name__ for name in names] == [
        "CustomerActions",
        "ProfileActions",
        "ProductActions",
        "OrderActions",
        "OrderLineActions",
        "EventActions",
        "ProductSaleActions",
    ]
    assert [type(getattr(client.batch_(), name)).__name__ for name in names[:2]] == [
        "CustomerBatchActions",
        "ProfileBatchActions",
    ]


def test_what_the_database_can_not_do_is_not_offered(client_package: Callable[[str], ModuleType]) -> None:
    client = client_package("everything").Prisma(use_dotenv=False)
    # A view is read-only; a model with a required field of an unsupported type can't be created.
    assert (hasattr(client.productsale, "find_many"), hasattr(client.productsale, "update")) == (True, False)
    assert (hasattr(client.event, "update"), hasattr(client.event, "create")) == (True, False)


def test_a_package_hands_out_what_the_runtime_has(client_package: Callable[[str], ModuleType]) -> None:
    package = client_package("everything")
    for name in ("AnyNull", "Base64", "DbNull", "Json", "JsonNull", "errors", "register", "skip", "sql"):
        assert getattr(package, name) is getattr(prisma, name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        package.nothing  # noqa: B018


def test_a_client_starts_without_the_classes_of_its_models(client_package: Callable[[str], ModuleType]) -> None:
    package = client_package("everything")
    parts = ("models", "actions", "types")
    assert [part for part in parts if f"{package.__name__}.{part}" in sys.modules] == []
    assert type(package.Prisma().customers).__name__ == "CustomerActions"
    assert [part for part in parts if f"{package.__name__}.{part}" in sys.modules] == ["models", "actions"]
