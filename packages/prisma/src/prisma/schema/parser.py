"""Prisma's own schema parser, a WebAssembly module, as functions.

Every function takes the schema as pairs of path and text and raises SchemaError for a schema that is wrong. Messages
name the files in the order of the pairs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from prisma.schema.errors import SchemaError
from prisma.schema.legacy import accepted
from prisma.schema.messages import restore_excerpts

if TYPE_CHECKING:
    from collections.abc import Sequence

    Files = Sequence[tuple[str, str]]

# The options of `prisma format` in the npm package.
FORMAT_OPTIONS = {"textDocument": {"uri": "file:/dev/null"}, "options": {"tabSize": 2, "insertSpaces": True}}


def get_dmmf(files: Files) -> dict[str, Any]:
    """Return the schema's DMMF: `datamodel`, `schema` (the operations with their arguments) and `mappings`."""
    return json.loads(_ask("get_dmmf", files))


def get_datamodel(files: Files) -> dict[str, Any]:
    """Return the DMMF's `datamodel` alone, in a tenth of the time: `models`, `enums`, `types` and `indexes`."""
    return json.loads(_ask("get_datamodel", files))


def get_config(files: Files) -> dict[str, Any]:
    """Return the schema's configuration: `generators`, `datasources` (without URLs) and `warnings`."""
    answer = json.loads(_ask("get_config", files))
    if answer["errors"]:
        faults = "\n".join(fault["message"].rstrip("\n") for fault in answer["errors"])
        message = f"{faults}\n\nValidation Error Count: {len(answer['errors'])}"
        raise SchemaError(restore_excerpts(message, files))
    return answer["config"]


def validate(files: Files) -> None:
    """Check the schema."""
    _ask("validate", files)


def format(files: Files) -> list[tuple[str, str]]:
    """Return the files in the layout of `prisma format`, with missing sides of relations added.

    A schema that is wrong is formatted as far as it can be read, without an error.
    """
    if not files:
        return []
    from prisma.schema.wasm_host import SchemaModule

    with SchemaModule.start() as module:
        answer = module.format(json.dumps([list(file) for file in files]), json.dumps(FORMAT_OPTIONS))
    return [(path, text) for path, text in json.loads(answer)]


def _ask(question: Literal["get_dmmf", "get_datamodel", "get_config", "validate"], files: Files) -> str:
    from prisma.schema.wasm_host import SchemaModule

    if not files:
        raise SchemaError("The schema has no files.")
    request = {"prismaSchema": [[path, accepted(text)] for path, text in files], "noColor": True}
    try:
        with SchemaModule.start() as module:
            return getattr(module, question)(json.dumps(request))
    except SchemaError as error:
        raise SchemaError(restore_excerpts(error.message, files), error.code) from None
