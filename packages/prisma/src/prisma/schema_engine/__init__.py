"""Runs Prisma's schema engine, which plans migrations and reads databases, as WebAssembly in this process.

`SchemaEngine` is the way in. It works on a `Database`, which a driver provides (`prisma.schema_engine.database` says
what the engine asks of one), and has a method for each thing that commands need; the answers are in
`prisma.schema_engine.answers`.
"""

from prisma.schema_engine.engine import SchemaEngine
from prisma.schema_engine.errors import SchemaEngineError, SchemaEnginePanic

__all__ = ["SchemaEngine", "SchemaEngineError", "SchemaEnginePanic"]
