"""PostgreSQL as the schema engine asks for it: connections that answer in text, and shadow databases."""

from prisma.drivers.postgresql.schema_engine.connection import EngineConnection
from prisma.drivers.postgresql.schema_engine.database import EngineDatabase
from prisma.drivers.postgresql.schema_engine.offline import OfflineDatabase
from prisma.drivers.postgresql.schema_engine.shadow import SHADOW_PREFIX

__all__ = ["SHADOW_PREFIX", "EngineConnection", "EngineDatabase", "OfflineDatabase"]
