"""The routes of an application, and a request to each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from builders.papers import SECRET, a_session
from filemanager.api.http.operations import ATTRIBUTE, Operation
from filemanager.api.uploads.guard import BringsUploads
from filemanager.domain.caller import Scope

STATIC = "static"
EVERY_SCOPE = [str(scope) for scope in Scope if scope is not Scope.ADMIN]

_NOBODYS_ID = "0" * 32
_PLACES = {
    "path": "main.tex",
    "number": "0",
    "job_id": _NOBODYS_ID,
    "package_id": _NOBODYS_ID,
    "upload_id": _NOBODYS_ID,
    "grant_id": _NOBODYS_ID,
    "batch_id": "nobodys",
    "repository": "live/2.8/ubuntu/focal",
    "edition": "1",
    "name": "stable",
    "slug": "iris",
}
"""What stands in a path where nothing else is asked for."""

_TUS = {
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": "0",
    "Content-Type": "application/offset+octet-stream",
}
_BODIES = {"parts": {"parts": [{"number": 1}]}}


@dataclass(frozen=True)
class Route:
    """One method of a rule."""

    rule: Rule
    method: str
    operation: Operation

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def is_refused_method(self) -> bool:
        """A HEAD that would change state is refused before anybody is asked for a token."""
        return self.method == "HEAD" and not self.operation.is_safe


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.rpartition(".")[2] != STATIC]


def operation_of(app: Flask, rule: Rule) -> Operation:
    found = getattr(app.view_functions[rule.endpoint], ATTRIBUTE)
    assert isinstance(found, Operation), rule
    return found


def is_page(operation: Operation, rule: Rule) -> bool:
    shown = operation.answers.get(200)
    is_read = "GET" in (rule.methods or ())
    return is_read and shown is not None and "text/html" in (shown.media, *shown.or_media)


def routes(app: Flask, *guards: type) -> Iterator[Route]:
    """Those with one of *guards*, by which they ask for a token wherever one of them may."""
    for rule in rules(app):
        operation = operation_of(app, rule)
        is_by_secret = isinstance(operation.guard, BringsUploads) and "capability" in rule.arguments
        if isinstance(operation.guard, guards) and not is_by_secret:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield Route(rule, method, operation)


def token_of(scopes: list[str], user: str = "1") -> str:
    session = {**a_session(user), "authorizations": {"scopes": scopes}}
    return jwt.encode(session, SECRET, algorithm="HS256")


@dataclass(frozen=True)
class Asker:
    """Calls routes with something in each place of their paths: *places*, or what nobody has."""

    client: FlaskClient
    places: dict[str, Any] = field(default_factory=dict)

    def ask(self, route: Route, token: str | None) -> TestResponse:
        values = {
            name: self.places.get(name, _PLACES.get(name, "1")) for name in route.rule.arguments
        }
        adapter = self.client.application.url_map.bind("localhost")
        url = adapter.build(route.rule.endpoint, values, route.method)
        headers = {} if token is None else {"Authorization": token}
        if "/tus" in route.rule.rule:
            headers |= _TUS
        body = _BODIES.get(route.rule.rule.rpartition("/")[2])
        return self.client.open(url, method=route.method, headers=headers, json=body)
