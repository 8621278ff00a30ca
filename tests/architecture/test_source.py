"""What the source must not hold, whoever writes it."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
Modules = Mapping[Path, ast.Module]

UNPACKERS = {"extract", "extractall", "unpack_archive"}
"""They build paths of the operating system from what a member is called."""

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 40


@cache
def nodes(module: ast.Module) -> Sequence[ast.AST]:
    """All of them, kept: most tests here look through every module."""
    return list(ast.walk(module))


def calls(module: ast.Module) -> Iterator[str]:
    """The names of the methods and functions that a module calls."""
    for node in nodes(module):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            if isinstance(node.func, ast.Name):
                yield node.func.id


def functions(module: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in nodes(module) if isinstance(node, ast.FunctionDef))


def test_only_the_database_commits(modules: Modules) -> None:
    committing = {path for path, module in modules.items() if "commit" in calls(module)}

    assert {path.parts[1] for path in committing} <= {"db", "services"}
    assert {path for path in committing if path.parts[1] == "services"} <= _users_of_committer()


def _users_of_committer() -> set[Path]:
    """They call ``Committer.commit``, which ends in a transaction of the database."""
    found = (PROJECT / "filemanager" / "services").rglob("*.py")
    return {
        path.relative_to(PROJECT)
        for path in found
        if re.search(r"commit(?:ter)?\.commit\(", path.read_text())
    }


def test_no_archive_is_unpacked_by_the_library(modules: Modules) -> None:
    found = {str(path): UNPACKERS & set(calls(module)) for path, module in modules.items()}

    assert {path: names for path, names in found.items() if names} == {}


def test_nothing_runs_a_shell_or_evaluates(modules: Modules) -> None:
    forbidden = {"eval", "exec", "system", "popen", "__import__"}
    found = {str(path): forbidden & set(calls(module)) for path, module in modules.items()}

    assert {path: names for path, names in found.items() if names} == {}


def test_modules_and_functions_keep_to_the_wall(modules: Modules) -> None:
    long_modules = {
        path
        for path in modules
        if len((PROJECT / path).read_text().splitlines()) > MAX_MODULE_LINES
    }
    long_functions = [
        f"{path}:{function.name}"
        for path, module in modules.items()
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno >= MAX_FUNCTION_LINES
    ]

    assert (long_modules, long_functions) == (set(), [])


def test_a_package_holds_a_sentence_and_exports_nothing(modules: Modules) -> None:
    for path, module in modules.items():
        if path.name == "__init__.py":
            assert ast.get_docstring(module), path
            assert len(module.body) == 1, path


def test_every_module_says_what_it_holds(modules: Modules) -> None:
    assert [path for path, module in modules.items() if not ast.get_docstring(module)] == []


def test_no_test_is_passed_over() -> None:
    skipping = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)|unittest\.skip")
    found = [
        path.relative_to(PROJECT)
        for path in sorted((PROJECT / "tests").rglob("*.py"))
        if "clients" not in path.parts and path != Path(__file__)
        if skipping.search(path.read_text())
    ]

    assert found == []


def test_nothing_is_left_to_do_but_in_an_issue() -> None:
    unfinished = re.compile(r"#.*\b(?:TODO|FIXME|HACK)\b(?!.*#\d)")
    found = [
        path.relative_to(PROJECT)
        for path in sorted((PROJECT / "filemanager").rglob("*.py"))
        if unfinished.search(path.read_text())
    ]

    assert found == []
