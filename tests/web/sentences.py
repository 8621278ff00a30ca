"""The templates of what layers say that know no catalogue, as they stand in the code."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import ascii_lowercase

from werkzeug.exceptions import default_exceptions

from filemanager.api.about.code_words import error_kinds
from filemanager.factory import application

PACKAGE = Path(application.__file__).parents[1]

_EVERY_TEXT = (
    "archives/compressed.py",
    "archives/streams/*.py",
    "archives/tar/*.py",
    "archives/unpacker.py",
    "archives/zip/*.py",
    "domain/*.py",
    "domain/blobs/named_objects.py",
    "domain/bucket/drop.py",
    "domain/intake/budget.py",
    "domain/jobs/*.py",
    "domain/packages/*.py",
    "domain/repositories/catalogue.py",
    "domain/repositories/errors.py",
    "domain/requests/*.py",
    "domain/sessions/*.py",
    "domain/shares/*.py",
    "domain/sources/*.py",
    "domain/trees/*.py",
    "domain/uploads/upload.py",
    "domain/workspaces/**/*.py",
    "sanitize/advice/*.py",
    "sanitize/checks/*.py",
    "sanitize/draft/*.py",
    "sanitize/hints.py",
    "sanitize/registry.py",
)
"""Modules whose words are all for people, but for what is written as code is."""

_REFUSALS = (
    "api/about/*.py",
    "api/bucket/**/*.py",
    "api/forms/*.py",
    "api/http/**/*.py",
    "api/shares/**/*.py",
    "api/workspaces/invitations/*.py",
    "identity/provider.py",
    "services/*.py",
    "services/packages/*.py",
    "services/sessions/*.py",
    "services/shares/**/*.py",
    "services/sources/*.py",
    "services/uploads/*.py",
    "services/workspaces/**/*.py",
    "storage/blobs/*.py",
    "storage/disk_faults.py",
    "storage/sources/*.py",
    "web/**/*.py",
)
"""Modules of which refusals alone come to a page."""

_VALUES = {
    *("an hour", "guest", "invitation", "none", "owner", "packages", "repository", "workspace"),
    *("trailing ^Z", "trailing ^D", "trailing =FF", "trailing ^Z trailing ^D"),
    *("trailing ^Z trailing =FF", "trailing ^D trailing =FF"),
    "JSON Web Token",
}
"""Words of which another text is made."""

_OF_WERKZEUG = (400, 404, 405, 413, 415, 416)
"""Statuses that a page may have with its description."""

_WORDS = re.compile(r"[a-z]{2}[,;:']? '?[a-z(]{2}|^[A-Z][a-z]+ |\{\}'? [A-Za-z]{2}")
_CODE = re.compile(r"\\[b\[(.]|\[\^|\(\?|\||https://git-lfs|^oid ")
_FOR_NO_PAGE = {"Field", "Public", "Record"}
_LOGS = {"draft.log.tell"}
_SAYING = {"message", "reason"}


def templates() -> set[str]:
    found = {one for path in _paths(_EVERY_TEXT) for one in _texts_of(path)}
    found |= {one for path in _paths(_REFUSALS) for one in _refusals_of(path)}
    of_werkzeug = {default_exceptions[status].description or "" for status in _OF_WERKZEUG}
    return found | _VALUES | of_werkzeug


def _paths(patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(PACKAGE.glob(pattern))


def _texts_of(path: Path) -> Iterator[str]:
    """But for what is only said inside of others."""
    module = ast.parse(path.read_text())
    named = _constants(module)
    inside, used = _names_inside(module), _names_used(module)
    begun = {id(named[name]) for name in inside if inside.count(name) == used.count(name)}
    for node in _spoken_children(module):
        if not isinstance(node, ast.Assign) or id(node.value) not in begun:
            yield from _templates_in(node, named)


def _refusals_of(path: Path) -> Iterator[str]:
    module = ast.parse(path.read_text())
    named = _constants(module)
    kinds = (*error_kinds(), *default_exceptions.values())
    refusals = {kind.__name__ for kind in kinds} | {"__init__"}
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            told = [one.value for one in node.keywords if one.arg in _SAYING]
            said = [node] if _called(node) in refusals else told
            for one in said:
                shown = named.get(one.id, one) if isinstance(one, ast.Name) else one
                yield from _templates_in(shown, named)


def _names_inside(module: ast.Module) -> list[str]:
    """Of constants that other texts begin or end with."""
    inside = [one.value for one in ast.walk(module) if isinstance(one, ast.FormattedValue)]
    named = _constants(module)
    return [one.id for one in inside if isinstance(one, ast.Name) and one.id in named]


def _names_used(module: ast.Module) -> list[str]:
    names = [one for one in ast.walk(module) if isinstance(one, ast.Name)]
    return [one.id for one in names if isinstance(one.ctx, ast.Load)]


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _templates_in(node: ast.AST, named: Mapping[str, ast.expr]) -> Iterator[str]:
    """In words, and not in a docstring, in a type, for programmers or for a log."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        template = _template(node, named)
        words = re.sub(r"\{\w+\}", "{}", template or "")
        if template and _WORDS.search(words) and not _CODE.search(words):
            yield template.strip()
        return
    for child in _spoken_children(node):
        yield from _templates_in(child, named)


def _spoken_children(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and (
        _called(node) in _FOR_NO_PAGE or ast.unparse(node.func) in _LOGS
    ):
        return
    for child in ast.iter_child_nodes(node):
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        is_type = isinstance(node, ast.AnnAssign | ast.FunctionDef | ast.arg) and child in (
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
        )
        if not is_docstring and not is_type:
            yield child


def _constants(module: ast.Module) -> Mapping[str, ast.expr]:
    """The texts that other texts of the module are made with."""
    return {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _template(node: ast.Constant | ast.JoinedStr, named: Mapping[str, ast.expr]) -> str | None:
    """With letters for its values, the same for the same; None: it is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    letters: dict[str, str] = {}
    return "".join(_piece(one, letters, named) for one in node.values)


def _piece(part: ast.expr, letters: dict[str, str], named: Mapping[str, ast.expr]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value).replace("{", "{{").replace("}", "}}")
    assert isinstance(part, ast.FormattedValue)
    value = named.get(part.value.id) if isinstance(part.value, ast.Name) else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    letter = letters.setdefault(ast.unparse(part), ascii_lowercase[len(letters)])
    return f"{{{letter}}}"
