"""What a call says when its arguments do not fit the schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call
from prisma.errors import (
    DataError,
)

# What 0.15.0 said, behind what is said now.
FORMER = re.compile(r" \((Could not find|Field|Expected|`).*\.\)$")


@pytest.fixture(scope="module")
def plans() -> Plans:
    from prisma._generated.metadata import SCHEMA

    return Plans(SCHEMA, "public")


@pytest.fixture(scope="module")
def refuse(plans: Plans) -> Callable[[str, str, dict[str, Any]], tuple[Any, ...]]:
    """Make a call that fails; return the error's class, code, facts and sentence."""

    def failed(model: str, action: str, arguments: dict[str, Any]) -> tuple[Any, ...]:
        with pytest.raises(DataError) as caught:
            plans.program(Call(model, action, arguments))
        error = caught.value
        facts = {key: error.meta[key] for key in ("modelName", "kind", "path", "suggestion")}
        return type(error), error.code, facts, FORMER.sub("", str(error))

    return failed
