"""Write callbacks.wat from the table of the compiler's imports: the functions that turn references into numbers.

`--check` fails if the file no longer fits the table.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from prisma.compiler.wasm_host import callbacks

if TYPE_CHECKING:
    from prisma.javascript.functions import Import

FILE = Path(__file__).resolve().parent.parent / "packages/prisma/src/prisma/compiler/callbacks.wat"
HEADER = """\
;; The callbacks: the query compiler's imports that end in Python, with numbers in the place of references (call_log.wat
;; says which number means what). Generated from the table of imports: uv run python tools/callbacks.py
"""
COMPILER_TYPES = {"r": "externref", "i": "i32", "l": "i64", "f": "f64"}
PYTHON_TYPES = {**COMPILER_TYPES, "r": "i32"}


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or check it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file does not fit")
    if not parser.parse_args(arguments).check:
        FILE.write_text(text(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text():
        print(f"{FILE.name} does not fit the table of imports: run tools/callbacks.py")
        return 1
    return 0


def text() -> str:
    """Return the module in WebAssembly's text format."""
    items = callbacks().items()
    imports = "".join(_import(name, item) for name, item in items)
    functions = "".join(_function(name, item) for name, item in items)
    return f"{HEADER}(module\n{imports}\n{functions})\n"


def _import(name: str, item: Import) -> str:
    return f'  (import "python" "{name}" (func ${name}{_signature(item, PYTHON_TYPES)}))\n'


def _function(name: str, item: Import) -> str:
    arguments = [f"(local.get {index})" for index in range(len(item.parameters))]
    for index, kind in enumerate(item.parameters):
        if kind == "r":
            arguments[index] = f"(i31.get_u (ref.cast (ref i31) (any.convert_extern {arguments[index]})))"
    call = " ".join(["call", f"${name}", *arguments])
    body = f"(extern.convert_any (ref.i31 ({call})))" if item.result == "r" else f"({call})"
    return f'  (func (export "{name}"){_signature(item, COMPILER_TYPES)}\n    {body})\n'


def _signature(item: Import, types: Mapping[str, str]) -> str:
    words = {"param": item.parameters, "result": item.result}
    return "".join(f" ({word} {' '.join(types[kind] for kind in kinds)})" for word, kinds in words.items() if kinds)


if __name__ == "__main__":
    raise SystemExit(main())
