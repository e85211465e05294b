"""Runs a project's partial type generator, in a process, on the client that is being generated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from prisma.client.records.partial_types import PartialField, PartialModel
from prisma.errors import GeneratorError
from prisma.generator.json_rpc import INVOCATION
from prisma.schema.datamodel import DataModel

DEFAULT_SCRIPT: Final = "prisma/partial_types.py"
PROGRAM: Final = "prisma.generator.partial_process"


class PartialTypeGeneratorError(GeneratorError):
    """The partial type generator of the project raised an exception; the message holds its traceback."""


def find_script(given: str | None, root: Path, schema_folder: Path) -> str | None:
    """Return the partial type generator as the path of a file or the name of a module; None if there is none.

    Args:
        given: the option: a path relative to the working directory or to the schema, or a dotted module.
        root: the working directory.
        schema_folder: the folder of the schema.

    Raises:
        GeneratorError: there is no such file or module.
    """
    for folder in (root, schema_folder):
        script = folder / (given or DEFAULT_SCRIPT)
        if script.is_file():
            return str(script.resolve())
    if given is None:
        return None
    if not given.startswith(".") and all(part.isidentifier() for part in given.split(".")) and _has_module(given, root):
        return given
    raise GeneratorError(f"Could not find a python file or module at {given}, the partial_type_generator.")


def run_script(
    script: str, data: DataModel, client: Mapping[str, str], output: Path, root: Path
) -> tuple[tuple[PartialModel, ...], str]:
    """Run a partial type generator and return the models that it asked for, and its text on stderr.

    It runs in another process, because this one may hold the modules of an earlier client.

    Args:
        script: as `find_script` returns it.
        client: the files of the client, without partial models.
        output: the folder that the client will be in; the script imports it from there, or as `prisma`.
        root: the working directory.

    Raises:
        PartialTypeGeneratorError: the script failed.
    """
    with tempfile.TemporaryDirectory(prefix="prisma-partials-") as scratch:
        folder, answer = Path(scratch) / "client", Path(scratch) / "answer.json"
        folder.mkdir()
        for name, text in client.items():
            (folder / name).write_text(text, encoding="utf-8")
        question = {
            "script": script,
            "client": str(folder),
            "output": str(output.resolve()),
            "answer": str(answer),
            "models": {model.name: [asdict(field) for field in _fields(data, model.name)] for model in data.models},
        }
        done = _run(question, root)
        if done.returncode:
            raise PartialTypeGeneratorError(
                f"An exception occurred while running the partial type generator {script}\n{done.stderr.strip()}"
            )
        return tuple(_model(model) for model in json.loads(answer.read_text(encoding="utf-8"))), done.stderr.strip()


def _run(question: dict[str, Any], root: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(entry or str(root) for entry in sys.path)
    return subprocess.run(
        [sys.executable, "-m", PROGRAM],
        input=json.dumps(question),
        # Its stdout goes to the user. If Prisma's CLI started us, stderr is for messages to the CLI only.
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": path, INVOCATION: "true"},
    )


def _fields(data: DataModel, model: str) -> tuple[PartialField, ...]:
    return tuple(
        PartialField(field.name, field.is_relation or not field.is_required, field.is_relation)
        for field in data.model(model).fields
    )


def _model(answer: Mapping[str, Any]) -> PartialModel:
    return PartialModel(answer["name"], answer["model"], tuple(PartialField(**field) for field in answer["fields"]))


def _has_module(name: str, root: Path) -> bool:
    sys.path.insert(0, str(root))
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
    finally:
        sys.path.remove(str(root))
