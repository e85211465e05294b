from __future__ import annotations

import pytest

from prisma.schema.operations import operations_by_model
from prisma.schema.parser import get_dmmf

# Every kind of field and block that decides what can be done with a model.
KINDS = """
datasource db {
  provider = "%s"
}
generator client {
  provider = "prisma-client-py"
  previewFeatures = ["views"]
}
model Required {
  id Int @id
  shape Unsupported("circle") // @default(…) is missing
}
model Optional {
  id Int @id
  shape Unsupported("circle")?
  places Int?
}
model Given {
  id Int @id
  shape Unsupported("circle") @default(dbgenerated("x"))
}
model Ignored {
  id Int @id
  name String @ignore
}
model Hidden {
  id Int
  @@ignore
}
model OpaqueKey {
  id Unsupported("circle") @id
  number Int @unique
}
model IgnoredKey {
  id Int @id @ignore @default(1)
  number Int
}
model Pair {
  a Int
  b Int
  @@id([a, b])
}
view Keyed {
  id Int @unique
  shape Unsupported("circle")
}
view Paired {
  a Int
  b Int
  @@unique([a, b])
}
view Free {
  id Int
  // @unique is missing
  name String @map("unique")
}
"""


def expected(text):
    mappings = get_dmmf([("schema.prisma", text)])["mappings"]["modelOperations"]
    return {
        mapping["model"]: frozenset(name for name in mapping if name != "model" and mapping[name])
        for mapping in mappings
    }


@pytest.mark.parametrize("provider", ["postgresql", "sqlite", "mysql", "cockroachdb"])
def test_what_a_model_is_decides_what_can_be_done_with_it(provider):
    text = KINDS % provider
    found = operations_by_model(provider, text)
    assert found.pop("Hidden")
    assert found == expected(text)
