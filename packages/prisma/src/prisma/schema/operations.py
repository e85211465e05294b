"""Finds what can be done with each model of a schema: Prisma's names of the operations, such as `createOne`.

The DMMF has them. But it also describes every argument of every operation, so making it takes minutes for hundreds of
models. A model's operations depend on little: whether it is a view, whether it has a key, and whether a record can be
created. So the parser is asked for the DMMF of a schema with one model of each kind.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from prisma.schema.parser import get_dmmf
from prisma.schema.text import blocks, closing_bracket

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prisma.schema.text import Block

TABLE, UNCREATABLE, KEYED_VIEW, VIEW = "Table", "Uncreatable", "KeyedView", "View"
_ONE_OF_EACH = """
datasource db {{
  provider = "{provider}"
}}
generator client {{
  provider = "prisma-client-py"
  previewFeatures = ["views"]
}}
model Table {{
  id Int @id
}}
model Uncreatable {{
  id Int @id
  opaque Unsupported("x")
}}
view KeyedView {{
  id Int @unique
}}
view View {{
  id Int
}}
"""


def operations_by_model(provider: str, datamodel: str) -> dict[str, frozenset[str]]:
    """Return the operations of each model and view.

    Args:
        provider: the datasource's word, such as `postgresql`.
        datamodel: the text of a schema that is right.
    """
    known = _operations_by_kind(provider)
    return {block.name: known[_kind(block)] for block in blocks(datamodel) if block.kind in {"model", "view"}}


@lru_cache
def _operations_by_kind(provider: str) -> Mapping[str, frozenset[str]]:
    dmmf = get_dmmf([("schema.prisma", _ONE_OF_EACH.format(provider=provider))])
    return {
        mapping["model"]: frozenset(name for name in mapping if name != "model" and mapping[name])
        for mapping in dmmf["mappings"]["modelOperations"]
    }


def _kind(block: Block) -> str:
    lines = [line.words for line in block.lines]
    if block.kind == "view":
        return KEYED_VIEW if any(_has_attribute(words, "id", "unique") for words in lines) else VIEW
    return UNCREATABLE if any(map(_stops_creation, lines)) else TABLE


def _stops_creation(words: Sequence[str]) -> bool:
    """Say whether a line is a field that every new record needs, and that no client can give."""
    if words[1:2] != ["Unsupported"] or _has_attribute(words, "default"):
        return False
    end = closing_bracket(words, 2)
    return words[end + 1 : end + 2] not in (["?"], ["["])


def _has_attribute(words: Sequence[str], *names: str) -> bool:
    return any(mark == "@" and word in names for mark, word in pairwise(words))
