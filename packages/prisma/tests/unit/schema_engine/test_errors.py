"""Messages of the engine, without what only its developers can read."""

from __future__ import annotations

from prisma.faults import DriverFault, FaultKind
from prisma.schema_engine.errors import SchemaEngineError, SchemaEnginePanic
from prisma.schema_engine.faults import error_object

TRACE = """Migration `1_a` failed to apply cleanly to the shadow database.
Error:
ERROR: relation "x" does not exist
   0: sql_schema_connector::validate_migrations
           with namespaces=None filter=SchemaFilter
             at /build/schema-engine/connectors/sql-schema-connector/src/lib.rs:413
   1: schema_core::state::DevDiagnostic
"""


def test_the_trace_is_cut():
    error = SchemaEngineError(TRACE, "P3006")
    assert (error.message, error.code) == (TRACE[: TRACE.index("\n   0:")], "P3006")


def test_a_list_is_no_trace():
    text = "Steps:\n  0: drop the column\n  1: add it"
    assert SchemaEngineError(text).message == text


def test_a_panic_says_whose_fault_it_is():
    assert str(SchemaEnginePanic("index out of bounds")) == (
        "Prisma's schema engine stopped unexpectedly: index out of bounds "
        "This is a fault of the engine; please report it with the schema and the migrations."
    )


def test_a_missing_history_is_recognised():
    fields = {"sqlstate": "42P01", "message": 'relation "t" does not exist', "table": "_prisma_migrations"}
    assert error_object(DriverFault(FaultKind.TABLE_DOES_NOT_EXIST, fields), "postgres") == {
        "originalCode": "42P01",
        "originalMessage": 'relation "t" does not exist',
        "kind": "TableDoesNotExist",
        "table": "_prisma_migrations",
    }


def test_other_faults_keep_the_words_of_the_database():
    fields = {"sqlstate": "23505", "severity": "ERROR", "message": "duplicate key", "detail": "Key (a)=(1)"}
    assert error_object(DriverFault(FaultKind.UNIQUE_CONSTRAINT_VIOLATION, fields), "postgres") == {
        "originalCode": "23505",
        "originalMessage": "duplicate key",
        "kind": "postgres",
        "code": "23505",
        "severity": "ERROR",
        "message": "duplicate key",
        "detail": "Key (a)=(1)",
        "column": None,
        "hint": None,
    }


def test_a_fault_without_a_report_has_its_own_words():
    fault = DriverFault(FaultKind.CONNECTION_CLOSED, {})
    assert error_object(fault, "postgres")["message"] == "ConnectionClosed: "


def test_faults_of_sqlite():
    fault = DriverFault(FaultKind.DATABASE_ERROR, {"sqlstate": "SQLITE_ERROR", "message": "near x"})
    assert error_object(fault, "sqlite") == {
        "originalCode": "SQLITE_ERROR",
        "originalMessage": "near x",
        "kind": "sqlite",
        "extendedCode": 1,
        "message": "near x",
    }
