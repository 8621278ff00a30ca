"""Every route and every scope, out of the description that the service gives of itself."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from filemanager.domain.caller import OLDER_ALIASES, Scope
from manual.blocks import PAGES
from manual.reference.tables import table

DESCRIPTION = PAGES / "openapi.json"
"""A test compares it with the routes."""

_ROUTES = """\
# Routes

By what they belong to. The same for machines, with the fields of every body:
[openapi.json](../../openapi.json), which a running service has at `/openapi.json`. A refusal is a
problem (RFC 9457) with a [code](../../problems/index.md), but for the doors that stand in for an
older service and answer as it did.
"""
_SCOPES = """\
# Scopes

A token opens a route if it holds the route's scope: plainly (for what belongs to its owner), for
one thing (`upload:read:17`) or for all (`upload:read:*`). An older alias opens it too.
`upload:admin` opens everything of workspaces, everybody's.
"""
_METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: str
    described: Mapping[str, Any]

    @property
    def scopes(self) -> Sequence[str]:
        return [name for way in self.described["security"] for name in way.get("token", ())]

    @property
    def title(self) -> str:
        return f"`{self.method.upper()} {self.path}`"

    @property
    def anchor(self) -> str:
        return str(self.described["operationId"])


def scopes_page() -> str:
    every = list(_routes(_document()))
    rows = [(f"`{one}`", _aliases(one), _opened(one, every)) for one in Scope]
    return "\n".join([_SCOPES, *table(("scope", "older alias", "routes"), rows), ""])


def pages() -> Iterator[tuple[str, str]]:
    """The name of a page below `reference/routes`, and its text; the first is the list of them."""
    document = _document()
    tags = [(tag["name"], tag["description"]) for tag in document["tags"]]
    rows = [(f"[{name}]({name.lower()}.md)", text) for name, text in tags]
    yield "index.md", "\n".join([_ROUTES, *table(("page", "what is there"), rows), ""])
    for name, text in tags:
        routes = [one for one in _routes(document) if name in one.described["tags"]]
        yield f"{name.lower()}.md", "\n".join([f"# {name}", "", text, "", *map(_section, routes)])


def _document() -> Any:
    return json.loads(DESCRIPTION.read_text())


def _routes(document: Any) -> Iterator[_Route]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            # Beside a GET it does the same without a body.
            if method in methods and not (method == "head" and "get" in methods):
                yield _Route(method, path, methods[method])


def _aliases(scope: Scope) -> str:
    return ", ".join(f"`{alias}`" for alias in OLDER_ALIASES.get(scope, ()))


def _opened(scope: Scope, every: Sequence[_Route]) -> str:
    found = [one for one in every if str(scope) in one.scopes]
    links = (
        f"[{one.title}](routes/{one.described['tags'][0].lower()}.md#{one.anchor.lower()})"
        for one in found
    )
    return "<br>".join(links)


def _section(route: _Route) -> str:
    described = route.described
    needs = ", ".join(f"`{scope}`" for scope in route.scopes)
    lines = [
        f"## {described['summary'].rstrip('.')} {{ #{route.anchor.lower()} }}",
        "",
        route.title,
        "",
        *([described["description"], ""] if described["description"] else []),
        f"Scope: {needs}." if needs else "Needs no scope.",
        "",
    ]
    return "\n".join([*lines, *_parameters(route), *_bodies(route), *_answers(route)])


def _parameters(route: _Route) -> Iterator[str]:
    rows = [
        (f"`{one['name']}`", one["in"], "yes" if one["required"] else "no", _meaning(one))
        for one in route.described["parameters"]
    ]
    if rows:
        yield from (*table(("parameter", "in", "required", "meaning"), rows), "")


def _meaning(parameter: Mapping[str, Any]) -> str:
    text = parameter.get("description") or parameter["schema"].get("description") or ""
    return " ".join(str(text).split())


def _bodies(route: _Route) -> Iterator[str]:
    if sent := route.described.get("requestBody"):
        yield f"Body: {', '.join(f'`{media}`' for media in sent['content'])}"
        yield ""


def _answers(route: _Route) -> Iterator[str]:
    rows = [
        (status, answer["description"], ", ".join(f"`{one}`" for one in answer.get("content", ())))
        for status, answer in route.described["responses"].items()
    ]
    yield from (*table(("status", "meaning", "body"), rows), "")
