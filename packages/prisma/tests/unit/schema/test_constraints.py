"""Constraint names, as `prisma migrate diff` writes them."""

from __future__ import annotations

import pytest

from prisma.schema.constraints import default_name, mapped_foreign_keys

LONG = "an_order_line_table_with_a_very_long_name_that_needs_cutting"


@pytest.mark.parametrize(
    ("table", "columns", "suffix", "name"),
    [
        ("users", (), "pkey", "users_pkey"),
        ("users", ("email",), "key", "users_email_key"),
        ("Order", ("customerId", "number"), "key", "Order_customerId_number_key"),
        (LONG, ("orderYear", "orderNumber"), "fkey", "an_order_line_table_with_a_very_long_name_that_needs_cutti_fkey"),
        (LONG, (), "pkey", "an_order_line_table_with_a_very_long_name_that_needs_cutti_pkey"),
        (LONG, ("sku",), "key", "an_order_line_table_with_a_very_long_name_that_needs_cuttin_key"),
        # 63 bytes, not characters, and no half character.
        ("ä" * 40, (), "key", "ä" * 29 + "_key"),
    ],
)
def test_default_names(table: str, columns: tuple[str, ...], suffix: str, name: str) -> None:
    assert default_name(table, columns, suffix) == name


def test_foreign_keys_named_in_the_schema() -> None:
    schema = r"""
    model Account {
      // user User @relation(fields: [x], references: [y], map: "comment")
      userId  Int
      user    User  @relation("a) map: \"no\"", fields: [userId], references: [id], map: "account \"user\"")
      other   User? @relation(fields: [userId], references: [id])
      third   User  @ignore @relation(fields: [thirdId], references: [id], map: "third") /* map: "x" */
    }
    """
    assert mapped_foreign_keys(schema) == {("Account", "user"): 'account "user"', ("Account", "third"): "third"}
