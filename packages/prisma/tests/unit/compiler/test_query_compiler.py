from __future__ import annotations

import gc
import json
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from prisma.compiler import CompilerError, CompilerPanic, QueryCompiler, query_compiler
from prisma.compiler.wasm_host import WasmHost
from prisma.errors import UnsupportedDatabaseError

from .python_host import PythonHost

REFUSALS = json.loads((Path(__file__).parent / "refusals.json").read_text(encoding="utf-8"))
# The compiler panics on a parameter in a comparison of JSON.
PANIC = json.dumps(
    {
        "modelName": "User",
        "action": "findMany",
        "query": {
            "arguments": {"where": {"data": {"lt": {"$type": "Param", "value": {"name": "%1", "type": "Json"}}}}},
            "selection": {"$scalars": True},
        },
    }
)


def select(model, field):
    return json.dumps({"modelName": model, "action": "findMany", "query": {"selection": {field: True}}})


SQLITE = 'datasource db {\n  provider = "sqlite"\n}\nmodel Tag {\n  name String @id\n}\n'
TAG_PLAN = {
    "type": "dataMap",
    "args": {
        "expr": {
            "type": "query",
            "args": {
                "type": "templateSql",
                "fragments": [{"type": "stringChunk", "chunk": 'SELECT "t0"."name" FROM "public"."Tag" AS "t0"'}],
                "placeholderFormat": {"prefix": "$", "hasNumbering": True},
                "args": [],
                "argTypes": [],
                "chunkable": True,
            },
        },
        "structure": {
            "type": "object",
            "serializedName": None,
            "skipNulls": False,
            "fields": {
                "name": {"type": "field", "dbName": "name", "fieldType": {"type": "string", "arity": "required"}}
            },
        },
        "enums": {},
    },
}


def test_a_plan(compiler):
    assert compiler.compile(select("Tag", "name")) == TAG_PLAN


def test_both_hosts_give_the_same_plans(datamodel, requests):
    compilers = [QueryCompiler(datamodel, provider="postgresql", host=host) for host in (WasmHost, PythonHost)]
    wasm, python = (
        # Twice: the second time the compiler uses again what it made the first time.
        {name: [compiler.compile(request) for _ in range(2)] for name, request in requests.items()}
        for compiler in compilers
    )
    assert wasm == python
    assert all(first == second for first, second in wasm.values())


def test_both_hosts_give_the_same_refusals(datamodel):
    compilers = [QueryCompiler(datamodel, provider="postgresql", host=host) for host in (WasmHost, PythonHost)]
    wasm, python = (
        [refuse(compiler, json.dumps(refusal["request"])) for refusal in REFUSALS] for compiler in compilers
    )
    assert [vars(error) for error in wasm] == [vars(error) for error in python]


def refuse(compiler, request):
    with pytest.raises(CompilerError) as caught:
        compiler.compile(request)
    return caught.value


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal["message"] or refusal["kind"])
def test_refusals(compiler, refusal):
    error = refuse(compiler, json.dumps(refusal["request"]))
    assert (error.code, error.meta.get("kind")) == (refusal["code"], refusal["kind"])
    assert refusal["message"] in error.message
    assert str(error) == error.message


def test_a_panic_costs_the_instance_and_nothing_else(compiler, requests):
    before = compiler.compile(requests["findMany"])
    with pytest.raises(CompilerPanic, match="panicked at") as caught:
        compiler.compile(PANIC)
    assert caught.value.message == str(caught.value)
    assert compiler.compile(requests["findMany"]) == before


def test_a_panic_does_not_need_signal_handlers(datamodel, requests):
    script = """
import faulthandler, sys
from prisma.compiler import CompilerPanic, QueryCompiler

datamodel, request, panic = sys.argv[1:]
compiler = QueryCompiler(datamodel, provider="postgresql")
compiler.compile(request)
faulthandler.enable()
try:
    compiler.compile(panic)
except CompilerPanic:
    print("panicked")
"""
    command = [sys.executable, "-c", script, datamodel, requests["findMany"], PANIC]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("panicked\n", "", 0)


def test_threads_share_a_compiler(compiler, requests):
    names = ["findUnique", "createOne, nested", "groupBy", "findMany with relations, join"]
    expected = [compiler.compile(requests[name]) for name in names]
    with ThreadPoolExecutor(len(names)) as threads:
        plans = [list(threads.map(lambda name: compiler.compile(requests[name]), names)) for _ in range(5)]
    assert plans == [expected] * 5


@pytest.mark.parametrize("host", [WasmHost, PythonHost])
def test_instances_are_replaced_before_they_grow_too_large(datamodel, requests, monkeypatch, host):
    monkeypatch.setattr(query_compiler, "GROWTH_LIMIT", -1)
    started = []

    def start(name, parameters):
        started.append(name)
        return host(name, parameters)

    compiler = QueryCompiler(datamodel, provider="postgresql", host=start)
    plans = [compiler.compile(requests["findMany"]) for _ in range(3)]
    assert plans == [plans[0]] * 3
    assert len(started) == 3


def test_the_call_log_grows_by_what_a_plan_takes(datamodel, requests):
    host = WasmHost(
        "query_compiler.postgresql",
        {"datamodel": datamodel, "provider": "postgres", "connectionInfo": {"supportsRelationJoins": True}},
    )
    sizes = []
    for _ in range(4):
        host.compile(requests["createOne, nested"])
        sizes.append(host.footprint())
    host.close()
    steps = [after - before for before, after in pairwise(sizes[1:])]
    # The strings for field names are made once, so the first call is the largest.
    assert steps[0] == steps[1]
    assert 0 < steps[0] < 100_000


def test_strings_of_any_size_pass(compiler):
    """More text than the memories have room for at first, in one request."""
    name = "ä🎈" * 1_000 + "x" * (1 << 20)
    query = {"arguments": {"where": {"name": name}}, "selection": {"name": True}}
    request = {"modelName": "Tag", "action": "findMany", "query": query}
    plan = compiler.compile(json.dumps(request, ensure_ascii=False))
    assert plan["args"]["expr"]["args"]["args"] == [name]


def test_a_lot_of_records_pass(compiler):
    rows = [{"name": str(index)} for index in range(1000)]
    query = {"arguments": {"data": rows}, "selection": {"count": True}}
    request = {"modelName": "Tag", "action": "createMany", "query": query}
    plan = json.dumps(compiler.compile(json.dumps(request)))
    assert all(f'"{index}"' in plan for index in range(1000))


@pytest.mark.parametrize("host", [WasmHost, PythonHost])
@pytest.mark.parametrize("end", [QueryCompiler.close, lambda compiler: None], ids=["closed", "dropped"])
def test_nothing_stays_behind_when_a_compiler_goes(datamodel, requests, host, end):
    hosts = []

    def start(name, parameters):
        instance = host(name, parameters)
        hosts.append(weakref.ref(instance))
        return instance

    compiler = QueryCompiler(datamodel, provider="postgresql", host=start)
    compiler.compile(requests["findMany"])
    end(compiler)
    del compiler
    gc.collect()
    assert [reference() for reference in hosts] == [None]


def test_a_closed_compiler_starts_again(compiler, requests):
    before = compiler.compile(requests["findMany"])
    compiler.close()
    assert compiler.compile(requests["findMany"]) == before


def test_the_schema_name_qualifies_tables(make_compiler):
    plan = make_compiler(schema_name="tenant").compile(select("Tag", "name"))
    assert '"tenant"."Tag"' in json.dumps(plan).replace('\\"', '"')


def test_preview_features_of_the_datamodel_count(datamodel, requests):
    compiler = QueryCompiler(datamodel.replace('["relationJoins"]', "[]"), provider="postgresql")
    assert refuse(compiler, requests["findMany with relations, join"]).meta["argumentPath"] == ["relationLoadStrategy"]


def test_sqlite():
    plan = QueryCompiler(SQLITE, provider="sqlite").compile(select("Tag", "name"))
    assert plan["args"]["expr"]["args"]["placeholderFormat"] == {"prefix": "?", "hasNumbering": False}


def test_other_databases_are_refused():
    with pytest.raises(UnsupportedDatabaseError) as caught:
        QueryCompiler("", provider="mongodb")
    assert caught.value.database == "mongodb"


def test_parameters_that_the_compiler_refuses_name_the_fault(make_compiler):
    compiler = make_compiler(schema_name=7)
    with pytest.raises(CompilerError) as caught:
        compiler.compile("{}")
    assert caught.value.message == "Error: invalid type: floating point `7.0`, expected a string"


@pytest.mark.parametrize(
    ("program", "output"),
    [
        ("QueryCompiler('', provider='sqlite'); print('wasmtime' in sys.modules)", "False\n"),
        ("validate([('a', 'enum A {\\n B\\n}')])", ""),
        ("q = QueryCompiler(SCHEMA, provider='sqlite'); print(q.compile(TAG)['type'])", "dataMap\n"),
    ],
)
def test_webassembly_comes_late_and_goes_in_silence(program, output):
    setup = f"import sys\nfrom prisma.compiler import *\nSCHEMA, TAG = {SQLITE!r}, {select('Tag', 'name')!r}\n"
    program = setup + program
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (output, "")
