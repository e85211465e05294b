"""Custom generators: programs that use our base classes, run by `prisma generate` and by Prisma's own command."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pydantic import BaseModel

from prisma.errors import GeneratorError
from prisma.generator import (
    BaseGenerator,
    DefaultData,
    GenericData,
    GenericGenerator,
    Manifest,
    Result,
    cleanup_templates,
    parse_schema_dsl,
    render_template,
)
from prisma.generator.dmmf_models import DefaultValue

Generate = Callable[..., Result]
PROGRAM = """
from pathlib import Path
from pydantic import BaseModel
from prisma.generator import GenericData, GenericGenerator, Manifest

class Options(BaseModel):
    suffix: str

class Listing(GenericGenerator[GenericData[Options]]):
    def get_manifest(self) -> Manifest:
        return Manifest(name="Listing of models", default_output="listing")

    def generate(self, data: GenericData[Options]) -> None:
        if data.generator.config.suffix == "fail":
            raise ValueError("no such suffix")
        folder = Path(data.generator.output.value)
        folder.mkdir(exist_ok=True)
        lines = [
            f"{model.name}.{field.name}: {field.python_type}{' id' if model.id_field is field else ''}"
            for model in data.dmmf.datamodel.models for field in model.all_fields
        ]
        (folder / f"models.{data.generator.config.suffix}").write_text("\\n".join(lines))
        print("shown to the user")

if __name__ == "__main__":
    Listing.invoke()
"""
MODELS = """
enum Mood {
  good
  bad
}
model User {
  id    Int    @id
  moods Mood[]
  posts Post[]
  @@unique([id, moods])
}
model Post {
  id     Int  @id @default(autoincrement())
  userId Int
  user   User @relation(fields: [userId], references: [id], onDelete: Cascade)
}
"""


def _listing(suffix: str) -> str:
    return f'generator listing {{\n  provider = "python listing.py"\n  suffix = "{suffix}"\n}}\n'


def test_prisma_generate_runs_custom_generators(generate_from: Generate, tmp_path: Path) -> None:
    (tmp_path / "listing.py").write_text(PROGRAM, encoding="utf-8")
    result = generate_from(MODELS, generator=_listing("txt"))
    assert (result.outputs, result.others) == ((), ("Listing of models",))
    assert (tmp_path / "listing" / "models.txt").read_text().splitlines() == [
        "User.id: int id",
        "User.moods: List[enums.Mood]",
        "User.posts: List[models.Post]",
        "Post.id: int id",
        "Post.userId: int",
        "Post.user: models.User",
    ]


def test_failures_of_custom_generators(generate_from: Generate, tmp_path: Path) -> None:
    (tmp_path / "listing.py").write_text(PROGRAM, encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"Generator listing: (.|\n)*ValueError: no such suffix"):
        generate_from(MODELS, generator=_listing("fail"))
    with pytest.raises(GeneratorError, match=r"suffix\n  Field required"):
        generate_from(MODELS, generator=_listing("x").replace("suffix", "// suffix"))
    (tmp_path / "listing.py").write_text("raise SystemExit('not today')", encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"Generator listing ended without an answer\.\nnot today"):
        generate_from(MODELS, generator=_listing("txt"))


class Names(BaseGenerator):
    """A generator that keeps what it is given."""

    seen: DefaultData

    def get_manifest(self) -> Manifest:
        return Manifest(name="Names", default_output=Path("names"), requires_generators=["prisma-client-py"])

    def generate(self, data: DefaultData) -> None:
        self.seen = data


@pytest.fixture
def parameters(generate_from: Generate, tmp_path: Path) -> dict[str, Any]:
    """What a generator is told about `MODELS`."""
    (tmp_path / "keep.py").write_text(
        "import json, sys\nfor line in sys.stdin:\n"
        "    request = json.loads(line)\n    open('keep.json', 'w').write(line)\n"
        "    answer = {'jsonrpc': '2.0', 'id': request['id'], 'result': {'manifest': {}}}\n"
        "    print('words beside the protocol', json.dumps(answer), sep='\\n', file=sys.stderr, flush=True)\n"
    )
    generate_from(MODELS, generator='generator keep {\n  provider = "python keep.py"\n}\n')
    return json.loads((tmp_path / "keep.json").read_text())["params"]


def _run(generator: GenericGenerator[Any], requests: list[Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    answers = io.StringIO()
    monkeypatch.setenv("PRISMA_GENERATOR_INVOCATION", "true")
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{json.dumps(request)}\n" for request in requests)))
    monkeypatch.setattr(sys, "stderr", answers)
    generator.run()
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_generator_protocol(parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    generator = Names()
    requests = [
        {"jsonrpc": "2.0", "method": "getManifest", "params": {}, "id": 1},
        {"jsonrpc": "2.0", "method": "generate", "params": parameters, "id": 2},
        {"jsonrpc": "2.0", "method": "other", "id": 3},
    ]
    assert _run(generator, requests, monkeypatch) == [
        {
            "jsonrpc": "2.0",
            "id": 1,
            "result": {
                "manifest": {
                    "prettyName": "Names",
                    "defaultOutput": "names",
                    "denylist": None,
                    "requiresEngines": None,
                    "requiresGenerators": ["prisma-client-py"],
                }
            },
        },
        {"jsonrpc": "2.0", "id": 2, "result": None},
        {"jsonrpc": "2.0", "id": 3, "error": {"code": -32601, "message": "Unknown method: other"}},
    ]
    user, post = generator.seen.dmmf.datamodel.models
    assert [field.name for field in user.relational_fields] == ["posts"]
    assert [field.name for field in post.scalar_fields] == ["id", "userId"]
    assert [field.name for field in post.atomic_fields] == ["id", "userId"]
    assert (user.unique_indexes[0].name, user.unique_indexes[0].fields) == ("id_moods", ["id", "moods"])
    relation = post.resolve_field("user")
    assert (relation.relation_from_fields, relation.relation_on_delete, relation.is_optional) == (
        ["userId"],
        "Cascade",
        True,
    )
    default = post.resolve_field("id").default
    assert isinstance(default, DefaultValue)
    assert default.name == "autoincrement"
    assert [field.required_on_create for field in post.all_fields] == [False, True, False]
    assert [value.name for value in generator.seen.dmmf.datamodel.enums[0].values] == ["good", "bad"]
    assert (generator.seen.generator.name, generator.seen.datasources[0].url.from_env_var) == ("keep", "DATABASE_URL")
    assert generator.seen.to_params()["schema_path"] == generator.seen.schema_path


def test_generators_run_under_the_prisma_command_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRISMA_GENERATOR_INVOCATION", raising=False)
    with pytest.raises(RuntimeError, match="Attempted to invoke a generator outside of Prisma generation"):
        Names.invoke()


def test_dmmf_data_classes() -> None:
    class Own(GenericData[BaseModel]):
        pass

    class OwnGenerator(GenericGenerator[Own]):
        def get_manifest(self) -> Manifest:
            raise NotImplementedError

        def generate(self, data: Own) -> None:
            raise NotImplementedError

    class Derived(OwnGenerator):
        pass

    class Wrong(GenericGenerator[int]):  # type: ignore[type-var]
        get_manifest = generate = None  # type: ignore[assignment]

    assert (Derived().data_class, Names().data_class) == (Own, DefaultData)
    with pytest.raises(TypeError, match="Expected a subclass of"):
        _ = Wrong().data_class


def test_templates(tmp_path: Path) -> None:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"a/one.py.jinja": "x = {{ x }}", "two.txt.jinja": "two"})
    )
    for name in environment.list_templates():
        render_template(tmp_path, name, {"x": 1}, env=environment)
    assert ((tmp_path / "a" / "one.py").read_text(), (tmp_path / "two.txt").read_text()) == ("x = 1", "two")
    cleanup_templates(tmp_path, env=environment)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    with pytest.raises(GeneratorError, match="needs `env`"):
        render_template(tmp_path, "one", {})


def test_cleanup_of_a_client(generate_from: Generate, tmp_path: Path) -> None:
    folder = generate_from(MODELS).output
    cleanup_templates(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("nothing", {"type": "not_applicable"}),
        ("@Python()", {"type": "not_applicable"}),
        ('@Python(a: "b c")', {"type": "ok", "value": {"arguments": {"a": "b c"}}}),
        ('about @Python(a: b, c: "d,e") it', {"type": "ok", "value": {"arguments": {"a": "b", "c": "d,e"}}}),
        ("@Python(a)", {"type": "invalid", "error": "Expected `name: value`, found `a`"}),
        ("@Python(a: 1)\n@Python(b: 2)", {"type": "invalid", "error": "Encountered multiple `@Python` declarations"}),
    ],
)
def test_parse_schema_dsl(text: str, result: dict[str, Any]) -> None:
    assert parse_schema_dsl(text) == result
