"""Errors in the data of relations say where the mistake is and what to write instead."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call
from prisma.errors import DataError

NEW: dict[str, Any] = {"name": "x"}
FORM = '{"where": …, "data": …}'

# model, relation, what it is given → code, suggestion, sentence; in updates …
IN_UPDATES: list[tuple[str, str, Any, str, str | None, str]] = [
    (
        "Project", "user", {"set": {"id": "x"}}, "P2009", "connect",
        "The key `set` does not exist here (at `data.user.set`): `user` is a single record. Use `connect`.",
    ),
    (
        "BillingInfo", "user", {"update_many": {}}, "P2009", "update",
        ("The key `update_many` does not exist here (at `data.user.update_many`): `user` is a single record. "
        "Use `update`."),
    ),
    (
        "Project", "user", {"disconnect": True}, "P2009", "connect",
        ("The key `disconnect` does not exist here (at `data.user.disconnect`): `user` is required. "
        "Replace it by `connect` or `create`."),
    ),
    (
        "Project", "user", {"disconnect": {"name": "x"}}, "P2009", "connect",
        ("The key `disconnect` does not exist here (at `data.user.disconnect`): `user` is required. "
        "Replace it by `connect` or `create`."),
    ),
    (
        "Project", "user", {"delete": True}, "P2009", "connect",
        ("The key `delete` does not exist here (at `data.user.delete`): `user` is required. "
        "Replace it by `connect` or `create`."),
    ),
    (
        "User", "projects", {"disconnect": True}, "P2009", None,
        "Invalid value at `data.projects.disconnect`: expected a dictionary or a list of dictionaries, got bool.",
    ),
    (
        "User", "projects", {"update": NEW}, "P2012", None,
        f"`data.projects.update.where`: A value is required but not set. `update` takes {FORM}.",
    ),
    (
        "User", "projects", {"update_many": [{"where": {}}]}, "P2012", None,
        f"`data.projects.update_many[0].data`: A value is required but not set. `update_many` takes {FORM}.",
    ),
    (
        "User", "projects", {"set": [{"id": "x"}, {"name": "x"}]}, "P2009", None,
        "`data.projects.set[1]` needs at least one of `id`, got `name`.",
    ),
    (
        "User", "billingInfo", {"update": {"where": {"id": "x"}}}, "P2009", None,
        "`data.billingInfo.update.where` needs `data` beside it.",
    ),
    (
        "User", "billingInfo", None, "P2012", None,
        ("`data.billingInfo`: A value is required but not set (it is None). Leave it out. "
        'In updates, {"disconnect": True} empties it.'),
    ),
    (
        "Project", "user", None, "P2012", None,
        "`data.user`: A value is required but not set (it is None). Leave it out.",
    ),
    (
        "Project", "user", {"id": "x"}, "P2009", "connect",
        '`data.user.id` needs a verb around it, as {"connect": {"id": …}}.',
    ),
    (
        "User", "billingInfo", {"disconnect": True}, "P2014", None,
        ("The change you are trying to make would violate the required relation 'BillingInfoToUser' between the "
        "`BillingInfo` and `User` models. "
        "Connect the record that would be left without it to another one, or delete it."),
    ),
]  # fmt: skip
# … and in creates.
IN_CREATES: list[tuple[str, str, Any, str, str | None, str]] = [
    (
        "User", "projects", {"set": [{"id": "x"}]}, "P2009", "connect",
        ("The key `set` does not exist here (at `data.projects.set`): a new record has nothing in `projects` yet. "
        "Use `connect`."),
    ),
    (
        "User", "projects", {"disconnect": []}, "P2009", None,
        ("The key `disconnect` does not exist here (at `data.projects.disconnect`): "
        "a new record has nothing in `projects` yet. Leave it out."),
    ),
    (
        "User", "billingInfo", {"upsert": {}}, "P2009", "connect_or_create",
        ("The key `upsert` does not exist here (at `data.billingInfo.upsert`): "
        "a new record has nothing in `billingInfo` yet. Use `connect_or_create`."),
    ),
    (
        "User", "projects", [NEW], "P2009", None,
        ("Invalid value at `data.projects`: expected a dictionary, got a list of dict. "
        'Give verbs, as {"create": …} or {"connect": …}.'),
    ),
    # The key that the relation itself sets.
    (
        "User", "projects", {"create": [{**NEW, "userId": "x"}]}, "P2009", None,
        "The field `userId` of Project can't be given here (at `data.projects.create[0].userId`).",
    ),
    (
        "User", "projects", {"connect_or_create": {"create": NEW}}, "P2012", None,
        ("`data.projects.connect_or_create.where`: A value is required but not set. "
        '`connect_or_create` takes {"where": …, "create": …}.'),
    ),
]  # fmt: skip


def _told(plans: Plans, model: str, action: str, arguments: dict[str, Any]) -> tuple[str | None, str | None, str]:
    with pytest.raises(DataError) as caught:
        plans.program(Call(model, action, arguments))
    error = caught.value
    # Without what 0.15.0 said, which test_former.py is about.
    return (
        error.code,
        error.meta.get("suggestion"),
        re.sub(r" \((Could not find|Expected|`data).*\.\)$", "", str(error)),
    )


@pytest.mark.parametrize(("model", "relation", "given", "code", "suggestion", "sentence"), IN_UPDATES)
def test_hints_in_updates(
    plans: Plans, model: str, relation: str, given: Any, code: str, suggestion: str | None, sentence: str
) -> None:
    told = _told(plans, model, "updateOne", {"where": {"id": "x"}, "data": {relation: given}})
    assert told == (code, suggestion, sentence)


@pytest.mark.parametrize(("model", "relation", "given", "code", "suggestion", "sentence"), IN_CREATES)
def test_hints_in_creates(
    plans: Plans, model: str, relation: str, given: Any, code: str, suggestion: str | None, sentence: str
) -> None:
    told = _told(plans, model, "createOne", {"data": {"email": "x", relation: given}})
    assert told == (code, suggestion, sentence)
