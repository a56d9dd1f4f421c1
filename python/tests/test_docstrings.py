"""Docstrings say the type of every attribute and argument, and it is the one that the stubs and annotations have."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import aetia

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(aetia.__file__).parent
FILES = [path for path in [*sorted(PACKAGE.rglob("*.py")), PACKAGE / "_aetia.pyi"] if path.name != "__init__.py"]
# What the stubs call by a name of their own.
PLAIN = {
    "_ArrowSchema": "object",
    "_Cohort": "object",
    "_Findings": "mapping",
    "SupportsIndex": "int",
    "Rows": "list[dict[str, Any]]",
}
Function = ast.FunctionDef
# A class or function: where it is documented, by what path, and the types of what its docstring must list.
Documented = tuple[str, str, dict[str, str]]


def closed_words() -> set[str]:
    """The names of types that are a few words: in a docstring they are texts, and the words are listed."""
    return {
        target.id
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        if isinstance(node.value, ast.Subscript) and ast.unparse(node.value.value) == "Literal"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


WORDS = closed_words()


def written(annotation: ast.expr) -> str:
    """An annotation as docstrings write it."""
    text = re.sub(r"Literal\[[^]]*\]", "str", ast.unparse(annotation))
    return re.sub(r"\w+", lambda name: "str" if name[0] in WORDS else PLAIN.get(name[0], name[0]), text)


def arguments(function: Function) -> dict[str, str]:
    """The arguments of a function with their types."""
    of = function.args
    return {arg.arg: written(arg.annotation) for arg in [*of.posonlyargs, *of.args, *of.kwonlyargs] if arg.annotation}


def is_property(node: ast.stmt) -> bool:
    """Whether a method is read like an attribute."""
    return isinstance(node, Function) and any(ast.unparse(it) == "property" for it in node.decorator_list)


def documented() -> Iterator[Documented]:
    """Every class and function with a section of attributes or arguments."""
    for path in FILES:
        module = ".".join(["aetia", *path.relative_to(PACKAGE).with_suffix("").parts])
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, Function):
                yield module, node.name, arguments(node)
            if not isinstance(node, ast.ClassDef):
                continue
            types = {
                it.target.id: written(it.annotation)
                for it in node.body
                if isinstance(it, ast.AnnAssign) and isinstance(it.target, ast.Name)
            }
            for method in node.body:
                if not isinstance(method, Function):
                    continue
                if is_property(method) and method.returns:
                    types[method.name] = written(method.returns)
                elif not is_property(method):
                    yield module, f"{node.name}.{method.name}", arguments(method)
            yield module, node.name, types


def sections(docstring: str) -> dict[str, str]:
    """What the sections of attributes and of arguments list, each with its type; the empty text where it has none."""
    found: dict[str, str] = {}
    inside = False
    for line in docstring.splitlines():
        if re.match(r"(Attributes\b.*|Args):$", line):
            inside = True
        elif line and not line.startswith("    "):
            inside = False
        elif inside and (entry := re.match(r"    (\w+)(?: \((.*?)\))?: ", line)):
            found[entry[1]] = entry[2] or ""
    return found


def lists() -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    """Every docstring that lists something, with what it should say."""
    made = []
    for module, path, types in documented():
        found: object = import_module(module)
        for name in path.split("."):
            found = getattr(found, name, None)
        said = sections(inspect.getdoc(found) or "")
        if said:
            made.append((module, path, types, said))
    return made


@pytest.mark.parametrize(("module", "path", "types", "said"), lists())
def test_what_a_docstring_lists_has_its_type(
    module: str, path: str, types: dict[str, str], said: dict[str, str]
) -> None:
    """The one of the stub for compiled classes, the one of the annotation for others."""
    known = {name: types[name] for name in said if name in types}
    assert {name: said[name] for name in known} == known, f"{module}.{path}"
    assert all(said.values()), f"{module}.{path}: {said}"


def test_every_attribute_of_a_compiled_class_is_listed() -> None:
    """In the docstring of its class, so that `help` shows it with its type."""
    listed = {path: said for module, path, _, said in lists() if module == "aetia._aetia"}
    for module, path, types in documented():
        if module == "aetia._aetia" and inspect.isclass(getattr(aetia, path, None)):
            known = listed[path] | (listed["KnowledgeBase"] if path == "Model" else {})
            # The text of a problem is what it prints.
            public = {name for name in types if not name.startswith("_")}
            assert public - set(known) <= ({"text"} if path == "Problem" else set()), path
