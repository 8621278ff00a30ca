"""The small changes to the code of a module that ``mutating`` tries."""

import ast
import copy
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]

TOLD = "__told__"
"""A name among the builtins, for the time of noting."""

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
    text: str
    """Its line, which tells it from others when what stands above has moved."""
    code: types.CodeType

    @property
    def place(self) -> tuple[str, str]:
        return str(_ROOT / self.file), self.function

    def __str__(self) -> str:
        return f"{self.file}: {self.function}: {self.what}: `{self.text}`"


def telling(module: Path) -> Iterator[tuple[str, types.CodeType]]:
    """The code of each function with a first step more, that tells ``TOLD`` where it is."""
    tree = ast.parse(module.read_text(), str(module))
    names = []
    for function, name in _functions(tree, ""):
        told = ast.parse(f"{TOLD}({str(module)!r}, {name!r})").body
        function.body = told + function.body
        names.append(name)
    code = compile(tree, str(module), "exec")
    for name in names:
        found = _code_of(code, name)
        if found is not None:
            yield name, found


def mutants_of(module: Path) -> Iterator[Mutant]:
    tree = ast.parse(module.read_text(), str(module))
    lines = module.read_text().splitlines()
    for function, name in _functions(tree, ""):
        for place, node in enumerate(_mutable(function)):
            for what, changed in _changes(node):
                code = _compiled(tree, function, place, changed, module)
                found = _code_of(code, name)
                if found is not None:
                    line = getattr(node, "lineno", function.lineno)
                    file, text = str(module.relative_to(_ROOT)), lines[line - 1].strip()
                    yield Mutant(file, line, name, what, text, found)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield child, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _mutable(function: ast.FunctionDef) -> list[ast.AST]:
    """Every node of the body that has changes, in one order each time; no annotation has."""
    body = [node for statement in function.body for node in ast.walk(statement)]
    raised = {id(part) for node in body if isinstance(node, ast.Raise) for part in ast.walk(node)}
    said = [node.annotation for node in body if isinstance(node, ast.AnnAssign)]
    never = {id(part) for annotation in said for part in ast.walk(annotation)}
    return [node for node in body if id(node) not in raised | never or isinstance(node, ast.Raise)]


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
