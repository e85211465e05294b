"""Runs the custom generators in Python that a schema names, as Prisma's CLI runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from prisma.errors import GeneratorError
from prisma.generator.json_rpc import INVOCATION, request
from prisma.schema.files import SchemaFiles
from prisma.schema.parser import get_dmmf
from prisma.schema.urls import datasource_urls


def run_generator(block: Mapping[str, Any], config: Mapping[str, Any], source: SchemaFiles, root: Path) -> str:
    """Run the program of a generator block and return the name that it gives itself.

    Raises:
        GeneratorError: it does not answer, or says that something is wrong.
    """
    name = block["name"]
    with subprocess.Popen(  # noqa: S602
        # The provider is a command line, as it is for Prisma's CLI.
        block["provider"]["value"],
        shell=True,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=root,
        env={**os.environ, INVOCATION: "true", "PATH": _path()},
    ) as process:
        requests, answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stderr)
        try:
            manifest = _ask(requests, answers, name, 1, "getManifest", {})["manifest"]
            _ask(requests, answers, name, 2, "generate", _parameters(block, manifest, config, source))
        finally:
            # Closing writes what is left in the buffer, to a program that may have ended.
            with suppress(BrokenPipeError):
                requests.close()
    return manifest.get("prettyName") or name


def _ask(requests: IO[str], answers: IO[str], name: str, number: int, method: str, parameters: object) -> Any:
    said: list[str] = []
    # A program that has ended already says on stderr why.
    with suppress(BrokenPipeError):
        requests.write(json.dumps(request(method, parameters, number)) + "\n")
        requests.flush()
    for line in answers:
        answer = _answer(line)
        if answer is None:
            said.append(line)
        elif answer.get("error"):
            raise GeneratorError(f"Generator {name}: {answer['error']['message']}")
        else:
            sys.stderr.write("".join(said))
            return answer.get("result")
    raise GeneratorError(f"Generator {name} ended without an answer.\n{''.join(said).strip()}".strip())


def _answer(line: str) -> dict[str, Any] | None:
    """Return the message in a line, or None for other words on stderr."""
    try:
        answer: Any = json.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) and "jsonrpc" in answer else None


def _parameters(
    block: Mapping[str, Any], manifest: Mapping[str, Any], config: Mapping[str, Any], source: SchemaFiles
) -> dict[str, Any]:
    url = datasource_urls(source.files).url
    source_url = {"fromEnvVar": url.env, "value": url.literal} if url else {"fromEnvVar": None, "value": None}
    folder = source.path if source.path.is_dir() else source.path.parent
    written: dict[str, Any] = block["output"] or {}
    output: str = written.get("value") or manifest.get("defaultOutput") or "."
    others = [other for other in config["generators"] if other["name"] != block["name"]]
    return {
        "generator": {**block, "output": {"value": str((folder / output).resolve()), "fromEnvVar": None}},
        "otherGenerators": others,
        "schemaPath": str(source.path.resolve()),
        "dmmf": get_dmmf(source.files),
        "datasources": [{**datasource, "url": source_url} for datasource in config["datasources"]],
        "datamodel": source.text,
        "binaryPaths": {},
        "version": "0" * 40,
    }


def _path() -> str:
    """Return PATH with this interpreter's folder first, so that `python` is the one that has our packages."""
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
