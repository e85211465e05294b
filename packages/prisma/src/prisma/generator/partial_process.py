"""The process that runs a project's partial type generator.

It reads its task from stdin and writes the result to a file that the task names. Imports of the client, as `prisma` or
from the output folder, get the client that is being generated.
"""

from __future__ import annotations

import json
import runpy
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from prisma.client.records import partial_types
from prisma.generator.import_names import import_names

DEFAULT_PACKAGE = "prisma._generated"


class ClientFinder(MetaPathFinder):
    """Finds the packages of the names in a folder."""

    def __init__(self, names: set[str], folder: Path) -> None:
        self._names = names
        self._folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names:
            return None
        return spec_from_file_location(
            fullname, self._folder / "__init__.py", submodule_search_locations=[str(self._folder)]
        )


def main() -> int:
    """Run the script and return the exit code; a failure's traceback goes to stderr."""
    question: dict[str, Any] = json.load(sys.stdin)
    output = Path(question["output"])
    sys.meta_path.insert(0, ClientFinder({DEFAULT_PACKAGE, *import_names(output)}, Path(question["client"])))
    models = {
        name: tuple(partial_types.PartialField(**field) for field in fields)
        for name, fields in question["models"].items()
    }
    partial_types.recording.append(partial_types.PartialModels(models))
    script: str = question["script"]
    try:
        if script.endswith(".py"):
            runpy.run_path(script, run_name="prisma.partial_type_generator")
        else:
            runpy.run_module(script)
    except Exception as error:
        _print_failure(error)
        return 1
    made = [asdict(model) for model in partial_types.recording[-1].made.values()]
    Path(question["answer"]).write_text(json.dumps(made), encoding="utf-8")
    return 0


def _print_failure(error: Exception) -> None:
    """Print the traceback from the script's own first line on."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__ and not frame.filename.startswith("<frozen")]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(own)]
    sys.stderr.write("".join([*lines, *traceback.format_exception_only(error)]))


if __name__ == "__main__":
    sys.exit(main())
