"""Write the modules that turn references into numbers, from the tables of imports.

They are callbacks.wat for the query compiler, and engine_callbacks.wat for the schema engine.

`--check` fails if a file no longer fits its table.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.compiler import wasm_host
from prisma.schema_engine import imports

if TYPE_CHECKING:
    from prisma.javascript.functions import Import

SOURCE = Path(__file__).resolve().parent.parent / "packages/prisma/src/prisma"
HEADER = """\
;; The callbacks: the {module}'s imports that end in Python, with numbers in the place of references ({numbers}
;; says which number means what). Generated from the table of imports: uv run python tools/callbacks.py
"""
MODULE_TYPES = {"r": "externref", "i": "i32", "l": "i64", "f": "f64"}
PYTHON_TYPES = {**MODULE_TYPES, "r": "i32"}


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or check them; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file does not fit")
    is_check = parser.parse_args(arguments).check
    code = 0
    for file, text in texts().items():
        if not is_check:
            file.write_text(text, encoding="utf-8")
        elif file.read_text(encoding="utf-8") != text:
            print(f"{file.name} does not fit the table of imports: run tools/callbacks.py")
            code = 1
    return code


def texts() -> dict[Path, str]:
    """Return the modules in WebAssembly's text format, by their files."""
    compiler = HEADER.format(module="query compiler", numbers="call_log.wat")
    engine = HEADER.format(module="schema engine", numbers="values.wat")
    return {
        SOURCE / "compiler/callbacks.wat": compiler + _module(wasm_host.callbacks()),
        SOURCE / "schema_engine/engine_callbacks.wat": engine + _module(imports.callbacks()),
    }


def _module(items: Mapping[str, Import]) -> str:
    imported = "".join(_import(name, item) for name, item in items.items())
    functions = "".join(_function(name, item) for name, item in items.items())
    return f"(module\n{imported}\n{functions})\n"


def _import(name: str, item: Import) -> str:
    return f'  (import "python" "{name}" (func ${name}{_signature(item, PYTHON_TYPES)}))\n'


def _function(name: str, item: Import) -> str:
    arguments = [f"(local.get {index})" for index in range(len(item.parameters))]
    for index, kind in enumerate(item.parameters):
        if kind == "r":
            arguments[index] = f"(i31.get_u (ref.cast (ref i31) (any.convert_extern {arguments[index]})))"
    call = " ".join(["call", f"${name}", *arguments])
    body = f"(extern.convert_any (ref.i31 ({call})))" if item.result == "r" else f"({call})"
    return f'  (func (export "{name}"){_signature(item, MODULE_TYPES)}\n    {body})\n'


def _signature(item: Import, types: Mapping[str, str]) -> str:
    words = {"param": item.parameters, "result": item.result}
    return "".join(f" ({word} {' '.join(types[kind] for kind in kinds)})" for word, kinds in words.items() if kinds)


if __name__ == "__main__":
    raise SystemExit(main())
