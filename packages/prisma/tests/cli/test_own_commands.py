"""The commands that are written in Python and need no Node.js."""

from __future__ import annotations

import contextlib
import io
import json
import re
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.schema_shapes import islands
from prisma.cli import prisma
from prisma.cli.commands.warm import warm
from prisma.cli.main import run
from prisma.cli.project.errors import CommandError
from prisma.client.planning.plans import Plans
from prisma.client.request.call import Call
from prisma.generator import generate
from prisma.generator.pipeline import MANY
from servers import PATIENCE

pytestmark = pytest.mark.long

Project = Any
NO_NODE = {"PATH": ""}
BROKEN = """\
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model A {
  id Itn @id
}

generator client {
  provider = "prisma-client-py"
  output   = "client"
}
"""
HEAVY = ("wasmtime", "pydantic", "asyncpg", "prisma.generator", "prisma.compiler")


def test_help_loads_nothing_heavy(project: Project) -> None:
    program = f"import sys, prisma.cli.main as c; c.run(['--help']); print([m for m in {HEAVY} if m in sys.modules])"
    done = project.start([sys.executable, "-c", program])
    assert (done.code, done.out.splitlines()[-1]) == (0, "[]"), done


# Functions of `atexit` run, and what was printed is written, in that order; an exit code without a Python error.
PROGRAM = "import atexit; atexit.register(print, 'the end'); from prisma.cli import program; program()"


@pytest.mark.parametrize(
    ("words", "code", "last"), [(["validate"], 0, "the end"), (["validate", "--bogus"], 2, "the end")]
)
def test_the_program_ends_as_python_does(project: Project, words: list[str], code: int, last: str) -> None:
    done = project.start([sys.executable, "-c", PROGRAM, *words])
    assert (done.code, done.out.splitlines()[-1], "Exception" in done.err) == (code, last, False), done


def test_a_full_disk_is_told_at_the_end(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "validate"],
            cwd=project.folder,
            env=project.full_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert (done.returncode != 0, "No space left" in done.stderr) == (True, True), done


@pytest.mark.parametrize("words", [["--version"], ["-v"], ["version"], ["py", "version"]])
def test_version_needs_no_node(project: Project, words: list[str]) -> None:
    done = project.run(*words, more=NO_NODE)
    assert (done.code, done.out.splitlines()[0]) == (0, "prisma               : 7.10.1"), done


@pytest.mark.parametrize("words", [["--version", "--json"], ["version", "--json"], ["py", "version", "--json"]])
def test_version_as_json(project: Project, words: list[str]) -> None:
    facts = json.loads(project.run(*words).out)
    assert (facts["prisma"], facts["query-compiler"]) == ("7.10.1", "7.10.1")


def test_fetch_is_a_successful_no_op(project: Project) -> None:
    done = project.run("py", "fetch", "--force", more=NO_NODE)
    assert (done.code, done.out) == (0, "Nothing to fetch: the query compiler is part of the package.\n")


def test_validate_and_format(project: Project) -> None:
    assert project.run("validate", more=NO_NODE).code == 0
    assert project.run("format", "--check").code == 0
    project.write(
        "schema.prisma", (project.folder / "schema.prisma").read_text().replace("name String", "name    String")
    )
    unformatted = project.run("format", "--check")
    assert (unformatted.code, unformatted.err) == (1, "schema.prisma is not formatted. Run `prisma format`.\n")
    assert project.run("format").code == 0
    assert project.run("format", "--check").code == 0


@pytest.mark.parametrize("command", ["validate", "generate", "format"])
def test_a_wrong_schema_is_shown_with_file_line_and_caret(project: Project, command: str) -> None:
    project.write("schema.prisma", BROKEN)
    done = project.run(command)
    assert (done.code, "-->  schema.prisma:7" in done.err, "7 |   id Itn @id" in done.err) == (1, True, True), done
    assert "Traceback" not in done.err


def test_generate_once_and_with_options(project: Project) -> None:
    done = project.run("generate", "--generator", "client", more=NO_NODE)
    assert (done.code, "✔ Generated Prisma Client for Python to ./client in" in done.out) == (0, True), done
    again = project.run("py", "generate", "--interface", "asyncio", "-t", "3", "--schema", "schema.prisma")
    assert again.code == 0, again
    unknown = project.run("generate", "--generator", "nobody")
    assert (unknown.code, "nobody" in unknown.err, "Traceback" in unknown.err) == (1, True, False)


def test_generating_a_large_schema_shows_its_steps_at_a_terminal_alone(project: Project) -> None:
    (project.folder / "schema.prisma").write_text(islands(MANY), encoding="utf-8")
    with project.on_terminal("generate") as terminal:
        code = terminal.end()
    steps = re.findall(r"\x1b\[2K(Rendering the client of \d+ models|Writing(?= \d+ modules))", terminal.shown)
    assert (code, steps) == (0, [f"Rendering the client of {MANY} models", "Writing"])
    (project.folder / "schema.prisma").write_text(islands(MANY + 1), encoding="utf-8")
    again = project.run("generate")
    assert (again.code, again.err) == (0, "")


def test_watch_generates_after_a_change_and_ends_on_interrupt(project: Project) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "prisma", "generate", "--watch"],
        cwd=project.folder,
        env=project.full_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "Generated" in process.stdout.readline()
    assert "Watching" in process.stdout.readline()
    schema = (project.folder / "schema.prisma").read_text()
    project.write("schema.prisma", schema.replace("name String", "title String"))
    assert "Generated" in process.stdout.readline()
    assert "Watching" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    assert "title" in (project.folder / "client" / "models.py").read_text()


def test_init_starts_a_project_that_generates(project: Project) -> None:
    (project.folder / "schema.prisma").unlink()
    project.write(".gitignore", "dist")
    done = project.run("init", "--with-model", "--output", "../client", "--url", "postgresql://me@here/x", more=NO_NODE)
    assert done.code == 0, done
    assert (project.folder / ".env").read_text() == 'DATABASE_URL="postgresql://me@here/x"\n'
    assert (project.folder / ".gitignore").read_text() == "dist\n.env\n"
    assert project.run("format", "--check").code == 0
    assert project.run("generate").code == 0
    twice = project.run("init")
    assert (twice.code, "There is a schema already" in twice.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "provider", "url", "next_command"),
    [
        ((), "postgresql", "postgresql://user:password@localhost:5432/database", "prisma migrate dev"),
        (("--datasource-provider", "sqlite"), "sqlite", "file:./dev.db", "prisma db push"),
        (
            ("--datasource-provider", "mysql"),
            "mysql",
            "mysql://user:password@localhost:3306/database",
            "prisma migrate deploy",
        ),
        (("--url", "mysql://me@here/shop"), "mysql", "mysql://me@here/shop", "prisma migrate deploy"),
        (
            ("--datasource-provider", "cockroachdb", "--with-model", "--url", "postgresql://me@here:26257/shop"),
            "cockroachdb",
            "postgresql://me@here:26257/shop",
            "prisma migrate dev",
        ),
    ],
)
def test_init_for_each_kind_of_database(
    project: Project, arguments: tuple[str, ...], provider: str, url: str, next_command: str
) -> None:
    (project.folder / "schema.prisma").unlink()
    done = project.run("init", "--output", "../client", *arguments, more=NO_NODE)
    written = (project.folder / "prisma" / "schema.prisma").read_text()
    assert (
        done.code,
        f'provider = "{provider}"' in written,
        (project.folder / ".env").read_text(),
        f"run `{next_command}`" in " ".join(done.out.split()),
        project.run("generate").code,
    ) == (0, True, f'DATABASE_URL="{url}"\n', True, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--datasource-provider", "sqlite", "--url", "mysql://me@here/shop"), "The URL is of MySQL"),
        (("--url", "oracle://me:s3cret@here/shop"), "The URL is of no database that this program knows."),
    ],
)
def test_init_refuses_other_urls(project: Project, arguments: tuple[str, ...], said: str) -> None:
    (project.folder / "schema.prisma").unlink()
    refused = project.run("init", *arguments)
    assert (refused.code, said in refused.err, "s3cret" in refused.err) == (1, True, False)
    assert not (project.folder / ".env").exists()


def test_seed_gets_the_words_after_the_dashes_and_the_environment_of_the_files(project: Project) -> None:
    project.write("pyproject.toml", '[tool.prisma]\nseed = "python seed.py --fixed"\n')
    project.write("seed.py", "import os, sys\nprint(sys.argv[1:], os.environ['A'], os.environ['B'], os.environ['C'])\n")
    project.write(".env", "A=env\nB=env\nC=env\n")
    project.write(".env.local", "B=local\nC=local\n")
    done = project.run("db", "seed", "--", "--users", "5", more={**NO_NODE, "C": "process"})
    assert (done.code, done.out.splitlines()[1]) == (0, "['--fixed', '--users', '5'] env local process"), done


def test_a_seed_that_fails_or_is_missing(project: Project) -> None:
    missing = project.run("db", "seed")
    assert (missing.code, "This project has no seed." in missing.err) == (1, True)
    project.write("pyproject.toml", '[tool.prisma]\nseed = "python seed.py"\n')
    project.write("seed.py", "raise SystemExit(3)\n")
    failed = project.run("db", "seed")
    assert (failed.code, "An error occurred while running the seed command." in failed.err) == (1, True)


def test_generator_program_answers_on_stderr(project: Project) -> None:
    requests = [
        {"jsonrpc": "2.0", "id": 1, "method": "getManifest", "params": {}},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "generate",
            "params": {"schemaPath": str(project.folder / "schema.prisma"), "generator": {"name": "client"}},
        },
        {"jsonrpc": "2.0", "id": 3, "method": "nothing"},
    ]
    stdin = "".join(f"{json.dumps(request)}\n" for request in requests)
    done = project.run(stdin=stdin, more={"PRISMA_GENERATOR_INVOCATION": "true"})
    answers = [json.loads(line) for line in done.err.splitlines()]
    assert (done.code, done.out, [answer["id"] for answer in answers]) == (0, "", [1, 2, 3])
    assert answers[0]["result"]["manifest"]["prettyName"] == "Prisma Client for Python"
    assert answers[1]["result"] is None
    assert answers[2]["error"]["code"] == -32601
    assert (project.folder / "client" / "models.py").exists()


def test_unknown_words_are_a_usage_error(project: Project) -> None:
    assert [project.run("nothing").code, project.run("migrate", "nothing").code] == [2, 2]


def test_version_has_the_names_of_earlier_releases(project: Project) -> None:
    facts = json.loads(project.run("py", "version", "--json").out)
    assert isinstance(facts["installed-extras"], list)
    assert {
        "prisma",
        "prisma-client-python",
        "platform",
        "expected-engine-version",
        "installed-extras",
        "install-path",
        "binary-cache-dir",
    } <= facts.keys()


def test_playground_names_its_replacement(project: Project) -> None:
    done = project.run("py", "dev", "playground", "--skip-generate", more=NO_NODE)
    assert (done.code, "prisma studio" in done.err, "Traceback" in done.err) == (1, True, False), done


def test_module_and_script_are_the_same_command(project: Project) -> None:
    outputs = {
        tuple(command): project.start([*command, "py", "fetch"]).out
        for command in (["prisma"], ["prisma-client-py"], [sys.executable, "-m", "prisma"])
    }
    assert set(outputs.values()) == {"Nothing to fetch: the query compiler is part of the package.\n"}


def test_generator_options_from_the_environment(project: Project) -> None:
    for variable, value in (("SCHEMA", "nowhere.prisma"), ("GENERATOR", "nobody")):
        done = project.run("py", "generate", more={f"PRISMA_PY_GENERATE_{variable}": value})
        assert (done.code, value in done.err) == (1, True), done


FIND_AUTHOR = (
    '{"modelName":"Author","action":"findMany",'
    '"query":{"arguments":{},"selection":{"$composites":true,"$scalars":true}}}'
)


def shapes_file(project: Project, *requests: str) -> str:
    shapes = [{"schemaName": "public", "requests": [request]} for request in requests]
    project.write("shapes.json", json.dumps({"format": 1, "shapes": shapes}))
    return "shapes.json"


def test_warming_compiles_recorded_shapes(project: Project, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("PRISMA_CACHE_DIR", str(project.folder / "cache"))
    unknown = FIND_AUTHOR.replace("Author", "Book")
    assert run(["py", "warm", "--shapes", shapes_file(project, FIND_AUTHOR, unknown), "--record", "kept.json"]) == 0
    out, err = capfd.readouterr()
    assert out.splitlines() == [
        "✔ 1 plan is in the cache for this schema",
        "✔ Recorded 1 shape in kept.json",
    ]
    assert (err.startswith("Warning: a shape does not fit the schema: "), err.count("\n")) == (True, 1)
    # What is recorded can be warmed, and is what a client with the generated schema looks for.
    assert json.loads((project.folder / "kept.json").read_text(encoding="utf-8"))["shapes"] == [
        {"schemaName": "public", "requests": [FIND_AUTHOR]}
    ]
    generate(Path("schema.prisma"), root=project.folder)
    schema: Any = runpy.run_path(str(project.folder / "client" / "metadata.py"))["SCHEMA"]
    plans = Plans(schema, "public")
    plans.program(Call("Author", "findMany", {}))
    assert plans._compiler._host is None  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format": 2, "shapes": []}', '{"format": 1, "shapes": [{"requests": 1}]}']
)
def test_warming_refuses_a_file_of_something_else(project: Project, text: str) -> None:
    project.write("other.json", text)
    with contextlib.chdir(project.folder), pytest.raises(CommandError, match=r"^other\.json is no file of recorded"):
        warm(None, [Path("other.json")], None)


def test_the_command_as_a_function(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    """Test suites of 0.15.0 prepare their databases this way."""
    schema = f"--schema={project.folder / 'schema.prisma'}"
    assert (prisma.run(["validate", schema]), "is valid" in capfd.readouterr().out) == (0, True)
    project.write("schema.prisma", BROKEN)
    assert prisma.run(["validate", schema]) == 1
    with pytest.raises(subprocess.CalledProcessError):
        prisma.run(["validate", schema], check=True)


def test_the_command_as_a_function_prints_where_the_program_does() -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = prisma.run(["--version"], env={"PATH": None})
        failed = prisma.run(["nothing"])
    assert (code, out.getvalue().split()[0], failed, "No such command" in err.getvalue()) == (0, "prisma", 2, True)
