"""The documentation's examples: every Python block of `docs/` and README.md runs, and what it says of results is so.

A page is one program: its blocks run one after the other, with `db` connected to a migrated database. Pages below
`reference/` begin with the rows that the first block of `reference/index.md` makes, all others with an empty database.

    value                        # -> 'what repr() of the value gives'; `...` stands for anything
    await db.user.create({})     # raises MissingRequiredValueError: the message, or nothing

These comments stand behind the statement or on the line below it; they may go on in further comments.
A block that calls `asyncio.run` is a program. A block with a title is a file of that name, a module unless it is a
program or called `test_…`. What a block prints is compared with a block of `text` that follows at once.
`<!-- not run: why -->` before a block keeps it from running. For a `prisma` block with a title, the client is
generated, and the tables are made.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import os
import re
import sys
import tokenize
import uuid
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prisma import Prisma, register
from prisma.client import registry
from prisma.generator import generate
from prisma.migrate.comparison import Empty, Models, compare
from prisma.migrate.kinds import database_at
from prisma.schema.urls import provider_in
from tests.docs.fences import fits, read_fences

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import Server

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
# Another test follows them, with their commands.
TUTORIALS = DOCS / "tutorials"
DATA = DOCS / "reference" / "index.md"

_PROGRAM = "asyncio.run("
_CLAIM = re.compile(r"# (?P<kind>->|raises) ?(?P<text>.*)")
_CONTINUED = re.compile(r"#    +(?P<text>\S.*)")


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is where it begins in the page (from 1), `output` what a text block behind it says."""

    language: str
    page: Path
    line: int
    source: str
    title: str | None
    output: str | None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def read_blocks(page: Path) -> list[Block]:
    """Return the page's blocks that are to be run."""
    blocks: list[Block] = []
    for fence in read_fences(page):
        language, title = fence.language, fence.title
        runs = language == "python" or (language in {"prisma", "toml"} and title)
        if not (runs and fence.runs):
            continue
        if _PROGRAM in fence.source:
            title = title or "program.py"
        blocks.append(Block(language or "", page, fence.line, fence.source, title, fence.output))
    return blocks


PAGES = {
    str(page.relative_to(DOCS) if page.is_relative_to(DOCS) else page.name): blocks
    for page in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
    if not page.is_relative_to(TUTORIALS) and (blocks := read_blocks(page))
}


@pytest.fixture
def database_of_page(server: Server, template: str) -> Generator[str]:
    """A migrated database that a page may add tables of its own to."""
    name = f"page_{uuid.uuid4().hex[:12]}"
    server.create_database(name, template)
    yield server.url(name)
    server.drop_database(name)


@pytest.mark.parametrize("name", PAGES)
async def test_examples_of_page(
    name: str, database_of_page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Programs and clients of their own find the database as a user's do.
    monkeypatch.setenv("DATABASE_URL", database_of_page)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    async with Prisma(use_dotenv=False) as db:
        page = _Page(db, tmp_path)
        if name.startswith("reference/") and DOCS / name != DATA:
            await page.run(PAGES["reference/index.md"][0])
        for block in PAGES[name]:
            await page.run(block)


@pytest.fixture(autouse=True)
def _clean_process(tmp_path: Path) -> Generator[None]:
    """Take back the registration and the modules of a page."""
    previous = registry.replace(None)
    yield
    registry.replace(previous)
    for name, module in list(sys.modules.items()):
        # Only the page's own: libraries that it was the first to import must stay what others hold.
        file = getattr(module, "__file__", None)
        if file and Path(file).is_relative_to(tmp_path):
            del sys.modules[name]


class _Page:
    def __init__(self, db: Prisma, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, Any] = {"__name__": "__page__", "db": db, "Prisma": Prisma, "register": register}

    async def run(self, block: Block) -> None:
        printed = await (self._run_file(block) if block.title else self._run_here(block))
        if block.output is not None:
            assert fits(printed, block.output), f"{block.place} prints:\n{printed}"

    async def _run_file(self, block: Block) -> str:
        file = self._folder / (block.title or "")
        file.write_text(block.source, encoding="utf-8")
        if block.language == "prisma":
            generate(file, root=self._folder)
            await self._make_tables(block.source)
            return ""
        if file.name.startswith("test_"):
            settings = [f"prisma_schema={ROOT / 'schema.prisma'}", "prisma_client=prisma:Prisma"]
            options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", *(f"-o{line}" for line in settings)]
            command = ["-m", "pytest", *options, file.name]
        elif _PROGRAM in block.source:
            command = ["-W", "error", file.name]
        else:
            return ""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._folder)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, f"{block.place} fails:\n{out.decode()}{err.decode()}"
        return out.decode()

    async def _make_tables(self, schema: str) -> None:
        files = (("schema.prisma", schema),)
        if provider_in(files) == "sqlite":
            return
        script = compare(Empty(), Models(files), script=True).text
        await database_at(os.environ["DATABASE_URL"]).run_script(script)

    async def _run_here(self, block: Block) -> str:
        tree = ast.fix_missing_locations(_Claims(block).visit(ast.parse(block.source)))
        # Tracebacks name the line of the page.
        ast.increment_lineno(tree, block.line - 1)
        # A page has its own `from __future__` lines, not those of this module.
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(tree, str(block.page), "exec", flags=flags, dont_inherit=True)
        self._names |= {"_is": _is, "_raises": _raises, "_does_not_raise": _does_not_raise}
        out = io.StringIO()
        with redirect_stdout(out):
            result = eval(code, self._names)
            if inspect.iscoroutine(result):
                await result
        return out.getvalue()


class _Claims(ast.NodeTransformer):
    """Turns the comments that claim something of a statement into checks behind it."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._claims = _claims(block)
        self._used: set[int] = set()

    def visit_Module(self, node: ast.Module) -> ast.AST:
        self.generic_visit(node)
        forgotten = sorted(set(self._claims) - self._used)
        assert not forgotten, f"{self._block.place}: nothing to compare on the block's lines {forgotten}"
        return node

    def visit_Expr(self, node: ast.Expr) -> Any:
        return self._checked(node, node.value)

    def visit_Assign(self, node: ast.Assign) -> Any:
        target = node.targets[0]
        return self._checked(node, ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else None)

    def _checked(self, node: ast.stmt, value: ast.expr | None) -> Any:
        claim = self._claims.get(node.end_lineno or 0)
        if claim is None or value is None:
            return node
        self._used.add(node.end_lineno or 0)
        kind, text = claim
        words = [ast.Constant(f"{self._block.page.name}:{self._block.line + (node.end_lineno or 0) - 1}")]
        words.append(ast.Constant(text))
        if kind == "raises":
            caught = _call("_raises", *words, ast.Name("_error", ast.Load()))
            handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), "_error", [caught])
            return ast.Try([node], [handler], [_call("_does_not_raise", *words)], [])
        check = _call("_is", *words, value)
        return check if isinstance(node, ast.Expr) else [node, check]


def _call(name: str, *arguments: ast.expr) -> ast.Expr:
    return ast.Expr(ast.Call(ast.Name(name, ast.Load()), list(arguments), []))


def _claims(block: Block) -> dict[int, tuple[str, str]]:
    """Return kind and text of each claim by its line in the block; a claim may go on in comments below."""
    claims: dict[int, tuple[str, str]] = {}
    last = (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(block.source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if match := _CLAIM.match(token.string):
            # A comment on a line of its own is about the line above it.
            about = line if token.line[: token.start[1]].strip() else line - 1
            claims[about] = (match["kind"], match["text"])
            last = (about, line)
        elif (match := _CONTINUED.match(token.string)) and last[1] == line - 1:
            kind, text = claims[last[0]]
            claims[last[0]] = (kind, f"{text} {match['text']}")
            last = (last[0], line)
    return claims


def _is(place: str, expected: str, value: object) -> None:
    assert fits(repr(value), expected), f"{place} gives: {value!r}"


def _raises(place: str, expected: str, error: Exception) -> None:
    shown = f"{type(error).__name__}: {error}" if ":" in expected else type(error).__name__
    assert fits(shown, expected), f"{place} raises: {type(error).__name__}: {error}"


def _does_not_raise(place: str, expected: str) -> None:
    raise AssertionError(f"{place} does not raise {expected}")
