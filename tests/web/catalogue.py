"""The texts of pages, and what the catalogues have of them: brought up to date by `make texts`."""

import ast
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).parents[2]
LOCALES = PROJECT / "filemanager" / "api" / "locale"
LAYERS = (PROJECT / "filemanager" / "web", PROJECT / "filemanager" / "api")
"""Those that have pages."""

_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
_SAYING = {"__init__", "SignInRefused", "InvalidToken"}
"""Calls that begin with a refusal's words; those with something filled in are left in English."""

_OTHERS = (
    "domain/bucket/drop.py",
    "domain/errors.py",
    "domain/repositories/errors.py",
    "domain/requests/previews.py",
    "domain/sessions/errors.py",
    "domain/shares/errors.py",
    "domain/trees/errors.py",
    "domain/workspaces/errors.py",
    "domain/workspaces/invitations/errors.py",
    "identity/provider.py",
    "services/sessions/by_provider.py",
    "services/sessions/local_user.py",
    "services/sessions/web_tokens.py",
    "api/http/auth.py",
    "api/http/front/sites.py",
    "sanitize/registry.py",
    "web/signing_in/routes.py",
)
"""What layers below say that know no catalogue: pages look it up when they show it."""


def languages() -> list[Path]:
    """The catalogue of each."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/pages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """Of one thing and of many, where a text has both."""
    return [text or ""] if isinstance(text, str | None) else text


def compiled(path: Path) -> bytes:
    made = BytesIO()
    write_mo(made, read(path))
    return made.getvalue()


def modules() -> list[Path]:
    """Those that make pages: all of the web, and in the API those that use what pages stand on."""
    web, api = LAYERS
    found = {path for path in api.rglob("*.py") if "filemanager.api.pages" in path.read_text()}
    return sorted({*web.rglob("*.py"), *(api / "pages").rglob("*.py"), *found})


def templates() -> list[Path]:
    return sorted(path for layer in LAYERS for path in layer.glob("templates/*.html"))


def extracted() -> Catalog:
    """Every text of the source."""
    found = Catalog()
    for method, paths in (("python", modules()), ("jinja2", templates())):
        for path in paths:
            for _line, text, *_more in extract_from_file(method, path, keywords=_KEYWORDS):
                found.add(text)
    for name in _OTHERS:
        for words in _said_in(ast.parse((PROJECT / "filemanager" / name).read_text())):
            found.add(words)
    return found


def update() -> None:
    for path in languages():
        catalogue, template = read(path), extracted()
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, no_location=True)
        path.with_suffix(".mo").write_bytes(compiled(path))


def _said_in(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        for one in _said_by(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def _said_by(node: ast.AST) -> Sequence[ast.expr]:
    """A choice of two says either."""
    found = _begun_with(node)
    either = [
        one for said in found if isinstance(said, ast.IfExp) for one in (said.body, said.orelse)
    ]
    return [*found, *either]


def _begun_with(node: ast.AST) -> Sequence[ast.expr]:
    if isinstance(node, ast.FunctionDef) and node.name == "__init__":
        return node.args.defaults
    if not isinstance(node, ast.Call):
        return ()
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name == "Profile":
        return [one.value for one in node.keywords if one.arg == "title"]
    return node.args[:1] if name in _SAYING else ()


if __name__ == "__main__":
    update()
