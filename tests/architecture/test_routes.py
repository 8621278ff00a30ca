"""Every route says who may use it, and keeps its word."""

from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from builders.papers import PAPER, SECRET, a_session
from filemanager.api.bucket.guard import OfBucket
from filemanager.api.http.guards import AnyToken, Capability, Holds, Public
from filemanager.api.http.operations import ATTRIBUTE, Operation
from filemanager.api.rawstore.guard import Deposits, OpenRawstore
from filemanager.api.workspaces.door import V2
from filemanager.api.workspaces.guard import Owns
from filemanager.domain.caller import Scope
from people.answers import everything
from people.person import Person

OPEN_ROUTES = {
    ("/filemanager/api/status", "workspaces.get_status"),
    ("/livez", "about.check_liveness"),
    ("/readyz", "about.check_readiness"),
    ("/openapi.json", "about.get_openapi"),
    ("/docs", "about.show_docs"),
    ("/bucket/", "bucket.show_bucket"),
    ("/bucket/upload", "bucket.show_upload_form"),
    ("/bucket/upload/inspect", "bucket.show_inspection_form"),
    ("/rawstore/", "rawstore.show_rawstore"),
    ("/rawstore/<public_path:rest>", "rawstore.show_rawstore_elsewhere"),
    ("/rawstore/presign", "rawstore.presign_file"),
    ("/rawstore/objects", "rawstore.post_object"),
    ("/rawstore/objects/<public_path:key>", "rawstore.get_object"),
}
"""All that anybody may ask without a token. Pages are styled by files of ours beside them."""

STATIC = "static"
EVERY_SCOPE = [str(scope) for scope in Scope if scope is not Scope.ADMIN]


@pytest.fixture
def workspace(alice: Person) -> int:
    return int(alice.create("main.tex", PAPER)["upload_id"])


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != STATIC]


def operation_of(app: Flask, rule: Rule) -> Operation:
    found = getattr(app.view_functions[rule.endpoint], ATTRIBUTE)
    assert isinstance(found, Operation), rule
    return found


def owned(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Each rule with a workspace in its path, once for each of its methods."""
    for rule in rules(app):
        if "workspace_id" in rule.arguments:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, method, operation_of(app, rule)


def ask(
    client: FlaskClient, rule: Rule, method: str, workspace_id: int, scopes: list[str] | None,
    *, user: str = "1",
) -> TestResponse:  # fmt: skip
    """Call a route with something in each place of its path; *scopes* None: without a token."""
    others = {"path": "main.tex", "checksum": "abc", "checkpoint_id": 1}
    values: dict[str, Any] = {name: others.get(name, "1") for name in rule.arguments}
    adapter = client.application.url_map.bind("localhost")
    url = adapter.build(rule.endpoint, {**values, "workspace_id": workspace_id}, method)
    headers = {}
    if scopes is not None:
        session = {**a_session(user), "authorizations": {"scopes": scopes}}
        headers["Authorization"] = jwt.encode(session, SECRET, algorithm="HS256")
    return client.open(url, method=method, headers=headers)


def statuses(app: Flask, call: Callable[[Rule, str, Operation], TestResponse]) -> dict[str, int]:
    return {
        f"{method} {rule.rule}": call(rule, method, operation).status_code
        for rule, method, operation in owned(app)
    }


def wanted(app: Flask, status: int, *, in_v2: int | None = None) -> dict[str, int]:
    """A HEAD that would change state is refused before anybody is asked for a token."""
    found = {}
    for rule, method, operation in owned(app):
        is_unsafe = method == "HEAD" and not operation.is_safe
        ours = in_v2 if in_v2 is not None and rule.rule.startswith(V2) else status
        found[f"{method} {rule.rule}"] = 405 if is_unsafe else ours
    return found


def test_every_route_has_a_guard_that_we_know(app: Flask) -> None:
    for rule in rules(app):
        assert isinstance(
            operation_of(app, rule).guard,
            Owns | Holds | AnyToken | Capability | Public | Deposits | OpenRawstore | OfBucket,
        ), rule


def test_open_routes_are_those_on_the_list(app: Flask) -> None:
    found = {
        (rule.rule, rule.endpoint)
        for rule in rules(app)
        if isinstance(operation_of(app, rule).guard, Public | OpenRawstore)
    }

    assert found == OPEN_ROUTES


def test_a_route_with_a_workspace_asks_for_its_owner(app: Flask) -> None:
    for rule in rules(app):
        is_owned = isinstance(operation_of(app, rule).guard, Owns)
        assert is_owned == ("workspace_id" in rule.arguments), rule


def test_every_route_answers_with_something_described(app: Flask) -> None:
    for rule in rules(app):
        assert operation_of(app, rule).answers, rule
        assert app.view_functions[rule.endpoint].__doc__, rule


def test_without_a_token_everything_is_401(
    app: Flask, client: FlaskClient, bob: Person, workspace: int
) -> None:
    before = everything(bob)

    found = statuses(app, lambda rule, method, _: ask(client, rule, method, workspace, None))

    assert found == wanted(app, 401)
    assert everything(bob) == before


def test_without_scopes_everything_is_403(
    app: Flask, client: FlaskClient, bob: Person, workspace: int
) -> None:
    before = everything(bob)

    found = statuses(app, lambda rule, method, _: ask(client, rule, method, workspace, []))

    assert found == wanted(app, 403)
    assert everything(bob) == before


def test_without_its_own_scope_everything_is_403(
    app: Flask, client: FlaskClient, bob: Person, workspace: int
) -> None:
    before = everything(bob)

    def ask_with_the_others(rule: Rule, method: str, operation: Operation) -> TestResponse:
        aliases = {str(operation.guard.scope), "upload:update", "upload:write"}
        return ask(client, rule, method, workspace, sorted({*EVERY_SCOPE} - aliases))

    found = statuses(app, ask_with_the_others)

    assert found == wanted(app, 403)
    assert everything(bob) == before


def test_with_scopes_for_another_workspace_everything_is_403(
    app: Flask, client: FlaskClient, bob: Person, workspace: int
) -> None:
    before = everything(bob)
    other = [f"{scope}:{workspace + 1}" for scope in EVERY_SCOPE]

    found = statuses(app, lambda rule, method, _: ask(client, rule, method, workspace, other))

    assert found == wanted(app, 403)
    assert everything(bob) == before


def test_a_stranger_is_403_and_in_v2_404(
    app: Flask, client: FlaskClient, bob: Person, workspace: int
) -> None:
    before = everything(bob)

    found = statuses(
        app, lambda rule, method, _: ask(client, rule, method, workspace, EVERY_SCOPE, user="3")
    )

    assert found == wanted(app, 403, in_v2=404)
    assert everything(bob) == before


def test_an_unknown_workspace_is_404(app: Flask, client: FlaskClient, bob: Person) -> None:
    before = everything(bob)

    found = {
        number: statuses(app, _asking(client, number)) for number in (999_999, 2**63 - 1, 2**63)
    }

    assert found == dict.fromkeys(found, wanted(app, 404))
    assert everything(bob) == before


def _asking(client: FlaskClient, number: int) -> Callable[[Rule, str, Operation], TestResponse]:
    return lambda rule, method, _: ask(client, rule, method, number, EVERY_SCOPE)
