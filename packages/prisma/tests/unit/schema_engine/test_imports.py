"""The module and the table of its imports fit together exactly."""

from __future__ import annotations

from typing import Any

import pytest

from prisma.javascript.functions import IMPORTS as COMMON
from prisma.javascript.functions import check_imports
from prisma.schema_engine.functions import EngineFunctions
from prisma.schema_engine.host import MODULE, closure_exports
from prisma.schema_engine.imports import IMPORTS
from prisma.wasm.errors import ModuleMismatchError
from prisma.wasm.modules import load

TYPES = {"r": "anyref", "i": "i32", "l": "i64", "f": "f64"}


def test_every_import_is_known_with_its_type():
    imports: dict[str, Any] = {item.name or "": item.type for item in load(MODULE).imports}
    described = {
        name: ([TYPES[kind] for kind in IMPORTS[name].parameters], [TYPES[kind] for kind in IMPORTS[name].result])
        for name in imports
    }
    actual = {
        name: ([str(each) for each in type_.params], [str(each) for each in type_.results])
        for name, type_ in imports.items()
    }
    assert (described, set(IMPORTS) - set(imports) - set(COMMON)) == (actual, set())


def test_the_table_names_functions_that_exist():
    missing = {item.method for item in IMPORTS.values() if not hasattr(EngineFunctions, item.method)}
    # The table of constants is the host's own matter.
    assert missing == {"fill_table"}


def test_the_module_of_another_thing_is_refused():
    with pytest.raises(ModuleMismatchError) as caught:
        check_imports("schema", load("schema"), IMPORTS)
    assert (caught.value.module, "__wbg_set_message_f22ac4a6869ee695" in str(caught.value)) == ("schema", True)


def test_closures_are_found_by_the_shape_of_their_exports():
    types: dict[str, Any] = {item.name: item.type for item in load(MODULE).exports}
    found = [[str(each) for each in types[name].params] for name in closure_exports(list(types.items()))]
    assert found == [["i32", "i32", "anyref"], ["i32", "i32", "anyref", "anyref"], ["i32", "i32"]]
