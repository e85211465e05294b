"""Writes Python source text line by line, with the imports that it needs.

To import a name, ask the writer for it: it returns the reference to print. If the module uses the name for something
else (a class, or a field that would hide it in a class body), the import gets an alias with a leading underscore, which
no name of a schema has.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

LINE_LENGTH: Final = 120
INDENT: Final = "    "

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(slots=True)
class Writer:
    """One module.

    `taken` holds the names that imports must leave alone; a module that `evaluates_annotations` quotes its forward
    references itself.
    """

    docstring: str
    taken: frozenset[str] = frozenset()
    evaluates_annotations: bool = False
    _lines: list[str] = field(default_factory=list[str])
    _imports: dict[bool, set[tuple[str, str, str]]] = field(default_factory=lambda: {False: set(), True: set()})
    _depth: int = 0

    def line(self, text: str = "") -> None:
        """Add a line at the present depth."""
        self._lines.append(f"{INDENT * self._depth}{text}" if text else "")

    def lines(self, *texts: str) -> None:
        for text in texts:
            self.line(text)

    def blank(self, count: int = 1) -> None:
        self._lines.extend([""] * count)

    @contextmanager
    def indented(self, opening: str, closing: str | None = None) -> Generator[None]:
        """Write `opening`, what the block writes one step deeper, and `closing`."""
        self.line(opening)
        with self.deeper():
            yield
        if closing is not None:
            self.line(closing)

    def doc(self, text: str) -> None:
        """Write a docstring."""
        self.lines(*docstring(text))

    def items(self, opening: str, items: Iterable[str], closing: str) -> None:
        """Write items between brackets: on one line if that fits, else one a line."""
        items = list(items)
        single = f"{opening}{', '.join(items)}{closing}"
        if len(single) + len(INDENT) * self._depth <= LINE_LENGTH and "\n" not in single:
            self.line(single)
            return
        with self.indented(opening, closing):
            for item in items:
                self.line(f"{item},")

    @contextmanager
    def deeper(self) -> Generator[None]:
        """Write what the block writes one step deeper."""
        self._depth += 1
        yield
        self._depth -= 1

    def hugged(self, opening: str, content: str, closing: str) -> None:
        """Write text between brackets: on one line if all fits, else the text on a separate line."""
        if len(opening) + len(content) + len(closing) + len(INDENT) * self._depth <= LINE_LENGTH:
            self.line(f"{opening}{content}{closing}")
            return
        with self.indented(opening, closing):
            self.line(content)

    def parameters(self, opening: str, parameters: Sequence[str], closing: str) -> None:
        """Write parameters between brackets: on one line if all fits, else on a separate line, else one a line."""
        content = ", ".join(parameters)
        if len(INDENT) * (self._depth + 1) + len(content) <= LINE_LENGTH:
            self.hugged(opening, content, closing)
            return
        with self.indented(opening, closing):
            self.lines(*(f"{parameter}," for parameter in parameters))

    def packed(self, opening: str, items: Iterable[str], closing: str) -> None:
        """Write items between brackets: on one line if that fits, else as many a line as do."""
        items = list(items)
        if len(f"{opening}{', '.join(items)}{closing}") + len(INDENT) * self._depth <= LINE_LENGTH:
            self.line(f"{opening}{', '.join(items)}{closing}")
            return
        with self.indented(opening, f"{closing}  # fmt: skip"):
            line = ""
            for item in items:
                if line and len(INDENT) * (self._depth) + len(line) + len(item) + 2 > LINE_LENGTH:
                    self.line(line)
                    line = ""
                line = f"{line} {item}," if line else f"{item},"
            self.line(line)

    def annotated(self, prefix: str, expression: str, suffix: str = "") -> None:
        """Write a type between a prefix and a suffix: on one line if that fits, else broken at its brackets."""
        single = f"{prefix}{expression}{suffix}"
        if len(single) + len(INDENT) * self._depth <= LINE_LENGTH or not expression.endswith("]"):
            self.line(single)
            return
        head, _, inner = expression[:-1].partition("[")
        arguments = split_arguments(inner)
        with self.indented(f"{prefix}{head}[", f"]{suffix}"):
            for argument in arguments:
                self.annotated("", argument, "," if len(arguments) > 1 else "")

    def name(self, module: str, name: str, *, typing_only: bool = False) -> str:
        """Import a name from a module and return the reference to print."""
        alias = f"_{name}" if name in self.taken else name
        self._imports[typing_only].add((module, name, alias))
        return alias

    def module(self, name: str) -> str:
        """Import a top-level module and return the reference to print."""
        alias = f"_{name}" if name in self.taken else name
        self._imports[False].add(("", name, alias))
        return alias

    def sibling(self, name: str, *, typing_only: bool = False) -> str:
        """Import a module of the same package and return the reference to print."""
        return self.name(".", name, typing_only=typing_only)

    def render(self) -> str:
        """Return the module's text."""
        late = self._imports[True] - self._imports[False]
        if late:
            self.name("typing", "TYPE_CHECKING")
        parts = [HEADER, *docstring(self.docstring), ""]
        if not self.evaluates_annotations:
            parts += ["from __future__ import annotations", ""]
        parts += _import_lines(self._imports[False])
        if late:
            parts += ["", f"if {self.name('typing', 'TYPE_CHECKING')}:"]
            parts += [f"{INDENT}{line}" if line else "" for line in _import_lines(late)]
        # Two classes in a row ask for two blank lines each; two are enough.
        body = re.sub(r"\n{4,}", "\n\n\n", "\n".join(self._lines)).strip("\n")
        gap = "\n\n\n" if re.match(r"class |def |@", body) else "\n\n"
        return "\n".join(parts).rstrip("\n") + (f"{gap}{body}\n" if body else "\n")


HEADER: Final = "# Generated by `prisma generate`: do not edit, changes are lost when it runs again.\n# ruff: noqa"


def _import_lines(imports: set[tuple[str, str, str]]) -> list[str]:
    """Return import statements in groups: standard library, packages, the package itself."""
    groups: list[list[str]] = [[], [], []]
    names: dict[str, list[str]] = {}
    for module, name, alias in sorted(imports):
        text = name if name == alias else f"{name} as {alias}"
        if module:
            names.setdefault(module, []).append(text)
        else:
            groups[_group(name)].append(f"import {text}")
    for module, texts in names.items():
        groups[_group(module)] += _from_lines(module, texts)
    return "\n\n".join("\n".join(group) for group in groups if group).split("\n") if any(groups) else []


def _from_lines(module: str, names: list[str]) -> list[str]:
    single = f"from {module} import {', '.join(names)}"
    # One step less, as the imports for type checkers are indented.
    if len(single) <= LINE_LENGTH - len(INDENT):
        return [single]
    return [f"from {module} import (", *(f"{INDENT}{name}," for name in names), ")"]


def _group(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def docstring(text: str) -> list[str]:
    """Return the lines of a docstring, without indentation."""
    lines = [line.rstrip() for line in text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"').split("\n")]
    if lines[0].startswith('"'):
        lines[0] = f"\\{lines[0]}"
    if len(lines) > 1:
        return [f'"""{lines[0]}', *lines[1:], '"""']
    if lines[0].endswith('"'):
        lines[0] = f'{lines[0][:-1]}\\"'
    return [f'"""{lines[0]}"""']


def literal(text: str) -> str:
    """Return a string literal, in double quotes unless that costs escapes."""
    if '"' in text and "'" not in text:
        return repr(text)
    body = "".join(_ESCAPES.get(character) or _escape(character) for character in text)
    return f'"{body}"'


_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _escape(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def split_arguments(text: str) -> list[str]:
    """Split at the commas outside brackets."""
    arguments, depth = [""], 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if character == "," and depth == 0:
            arguments.append("")
        else:
            arguments[-1] += character
    return [argument.strip() for argument in arguments]


def words(expression: str) -> set[str]:
    """Return the identifiers in an expression."""
    return set(_WORD.findall(expression))
