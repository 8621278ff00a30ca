"""Changes code in small ways and tells which changes no test notices: ``make mutants ROOM=…``.

The tests are those of rooms of the same name, or those that are named behind the room.

One process collects the tests and runs them once, noting which functions each calls. For each
mutant it forks: the child gives the live function the code of the mutant, and runs the tests that
call it until one fails.
"""

import ast
import copy
import functools
import gc
import os
import signal
import sys
import threading
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_SECONDS = 20
"""A mutant that takes longer has an endless loop, and was noticed."""

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    file: str
    line: int
    function: str
    what: str
    code: types.CodeType


@dataclass(slots=True)
class Callers:
    """Which tests call which functions, by file and qualified name."""

    wanted: frozenset[str]
    items: dict[tuple[str, str], list[pytest.Item]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(self, item: pytest.Item, frame: types.FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in self.wanted:
            known = self.items[code.co_filename, code.co_qualname]
            if not known or known[-1] is not item:
                known.append(item)


class Mutating:
    """The plugin: in place of one run of the tests, one for each mutant."""

    def __init__(self, modules: Sequence[Path]) -> None:
        self._modules = modules
        self._callers = Callers(frozenset(map(str, modules)))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in session.items:
            profile = functools.partial(self._callers.note, item)
            sys.setprofile(profile)
            threading.setprofile(profile)
            passed = _passes(item)
            sys.setprofile(None)
            threading.setprofile(None)
            if not passed:
                raise pytest.UsageError(f"{item.nodeid} fails before anything was changed.")
        live = _live_functions(self._callers.wanted)
        mutants = [one for module in self._modules for one in _mutants(module) if _fits(one, live)]
        survived = list(self._survivors(mutants, live))
        for one, why in survived:
            print(f"{one.file}:{one.line}: {one.function}: {one.what} ({why})")
        print(f"{len(mutants)} mutants, {len(survived)} noticed by no test")
        return True

    def _survivors(
        self, mutants: Sequence[Mutant], live: dict[tuple[str, str], list[types.FunctionType]]
    ) -> Iterator[tuple[Mutant, str]]:
        for number, one in enumerate(mutants):
            place = (str(_ROOT / one.file), one.function)
            items = self._callers.items.get(place, [])
            if not items or place not in live:
                yield one, "called by no test"
            elif not _is_noticed(one, live[place], items):
                yield one, f"{len(items)} tests pass"
            if number % 100 == 0:
                print(f"{number} of {len(mutants)}", file=sys.stderr)


def _passes(item: pytest.Item) -> bool:
    reports = []

    class Listening:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            reports.append(report)

    listening = Listening()
    item.config.pluginmanager.register(listening)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    item.config.pluginmanager.unregister(listening)
    return all(report.passed for report in reports)


def _is_noticed(
    mutant: Mutant, functions: Sequence[types.FunctionType], items: Sequence[pytest.Item]
) -> bool:
    child = os.fork()
    if not child:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        signal.alarm(_SECONDS)
        passed = False
        try:
            for function in functions:
                function.__code__ = mutant.code
            passed = all(map(_passes, items))
        finally:
            os._exit(0 if passed else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _live_functions(files: frozenset[str]) -> dict[tuple[str, str], list[types.FunctionType]]:
    """Several of one name are those that are made anew by a call; each has the same code."""
    found: dict[tuple[str, str], list[types.FunctionType]] = defaultdict(list)
    gc.unfreeze()  # what was there when the tests were collected is not looked at otherwise
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename in files:
            found[one.__code__.co_filename, one.__code__.co_qualname].append(one)
    return found


def _fits(mutant: Mutant, live: dict[tuple[str, str], list[types.FunctionType]]) -> bool:
    """A function cannot be given code that lacks what it is closed over, as ``super()`` is."""
    functions = live.get((str(_ROOT / mutant.file), mutant.function), [])
    return all(one.__code__.co_freevars == mutant.code.co_freevars for one in functions)


def _mutants(module: Path) -> Iterator[Mutant]:
    tree = ast.parse(module.read_text(), str(module))
    for function, name in _functions(tree, ""):
        for place, node in enumerate(_mutable(function)):
            for what, changed in _changes(node):
                code = _compiled(tree, function, place, changed, module)
                found = _code_of(code, name)
                if found is not None:
                    line = getattr(node, "lineno", function.lineno)
                    yield Mutant(str(module.relative_to(_ROOT)), line, name, what, found)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield child, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _mutable(function: ast.FunctionDef) -> list[ast.AST]:
    """Every node of the body that has changes, in one order each time."""
    body = [node for statement in function.body for node in ast.walk(statement)]
    told = {id(part) for node in body if isinstance(node, ast.Raise) for part in ast.walk(node)}
    return [node for node in body if id(node) not in told or isinstance(node, ast.Raise)]


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _SWAPPED:
            other = _SWAPPED[type(operator)]()
            yield f"{type(operator).__name__} swapped", _with(node, ops=[other])
        case ast.BoolOp() | ast.BinOp() if type(node.op) in _SWAPPED:
            other = _SWAPPED[type(node.op)]()
            yield f"{type(node.op).__name__} swapped", _with(node, op=other)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not left out", operand
        case ast.Constant(value=bool(value)):
            yield f"{value} turned", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield f"{value} + 1", ast.Constant(value + 1)
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "returns None", ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield "left out", ast.Pass()


def _with(node: ast.expr, **fields: object) -> ast.AST:
    changed = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _compiled(
    tree: ast.Module, function: ast.FunctionDef, place: int, changed: ast.AST, module: Path
) -> types.CodeType:
    target = _mutable(function)[place]
    mutated = _Replacing(target, ast.copy_location(changed, target)).visit(_copied(tree, target))
    return compile(ast.fix_missing_locations(mutated), str(module), "exec")


def _copied(tree: ast.Module, target: ast.AST) -> ast.Module:
    """All but *target* copied, so that it can be told by what it is."""
    return copy.deepcopy(tree, {id(target): target})


class _Replacing(ast.NodeTransformer):
    def __init__(self, target: ast.AST, changed: ast.AST) -> None:
        self._target = target
        self._changed = changed

    def visit(self, node: ast.AST) -> Any:
        return self._changed if node is self._target else self.generic_visit(node)


def _code_of(code: types.CodeType, name: str) -> types.CodeType | None:
    """Of the function so called; None for one that is made by a call."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_qualname == name:
                return constant
            found = _code_of(constant, name)
            if found is not None:
                return found
    return None


def _tests_of(place: Path) -> Iterator[str]:
    """What lies in rooms of the same name, whatever the layer, and what stands beside them."""
    layer, *inside = place.relative_to(_ROOT / "filemanager").with_suffix("").parts
    capability = inside[0] if inside else layer
    tests = _ROOT / "tests"
    for kind in ("unit", "services", "api", "contract"):
        yield from (str(one) for one in (tests / kind).rglob(capability) if one.is_dir())
        yield from (str(one) for one in (tests / kind).rglob(f"test_{capability}.py"))
    if (tests / "unit" / layer).is_dir():
        yield str(tests / "unit" / layer)


def main(room: str, tests: Sequence[str]) -> int:
    place = (_ROOT / room).resolve()
    modules = [place] if place.is_file() else sorted(place.rglob("*.py"))
    options = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist"]
    options += ["-m", "not (e2e or s3 or postgres or mariadb or judges or crash or fuzz)"]
    return int(pytest.main([*options, *(tests or _tests_of(place))], plugins=[Mutating(modules)]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
