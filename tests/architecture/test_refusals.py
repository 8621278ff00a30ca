"""What every route that a token guards answers to those who may not: status, body, challenge."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from architecture.routes import (
    EVERY_SCOPE,
    Asker,
    Route,
    operation_of,
    routes,
    rules,
    token_of,
)
from builders.papers import PAPER
from filemanager.api.bucket.guard import OfBucket
from filemanager.api.http.guards import AnyToken, Holds, Public
from filemanager.api.packages.guard import OwnsPackage
from filemanager.api.rawstore.guard import Deposits, OpenRawstore
from filemanager.api.repositories.guard import Basic, Keeps, OfFile
from filemanager.api.repositories.paths import ONE as REPOSITORY
from filemanager.api.shares.guard import SharesPackage
from filemanager.api.uploads.guard import BringsUploads
from filemanager.api.workspaces.door import V2
from filemanager.api.workspaces.guard import Owns
from people.answers import everything
from people.person import Person

SCOPED = (Owns, OwnsPackage, Holds, Deposits, OfBucket, Basic, Keeps, OfFile, SharesPackage)
GUARDED = (*SCOPED, AnyToken, BringsUploads)

Seen = tuple[int, str | None, Any, str | None]
"""Status, media type, body (None: not of a HEAD) and challenge."""


@dataclass(frozen=True)
class Refused:
    status: int
    code: str
    message: str
    challenge: str | None = None

    def by(self, route: Route) -> Seen:
        """As the door of *route* words it."""
        if route.is_refused_method:
            return 405, _media(route), None, None
        is_by_name = isinstance(route.operation.guard, Basic | Keeps | OfFile)
        if self is NO_SESSION and is_by_name and not _is_problem(route):
            return ASKED_FOR_PASSWORD
        body = None if route.method == "HEAD" else self._body(route)
        return self.status, _media(route), body, self.challenge

    def _body(self, route: Route) -> dict[str, object]:
        phrase = HTTPStatus(self.status).phrase
        if _is_problem(route):
            return {
                "type": f"http://localhost/docs/problems/{self.code}",
                "title": phrase,
                "status": self.status,
                "detail": self.message,
                "code": self.code,
            }
        if route.rule.rule.startswith("/bucket"):
            return {"status": phrase.lower(), "code": self.status, "error": self.message}
        if route.rule.rule.startswith("/repositories"):
            return {"message": self.message}
        if route.rule.rule.startswith("/rawstore"):
            return {"error": {"message": self.message}, "reason": self.message}
        return {"reason": self.message}


ASKED_FOR_PASSWORD: Seen = 401, "text/html", None, 'Basic realm="Authentication Required"'
NO_SESSION = Refused(401, "no_session", "Not a valid session", 'Bearer realm="filemanager"')
BAD_TOKEN = Refused(
    401,
    "invalid_token",
    "Invalid auth token",
    'Bearer realm="filemanager", error="invalid_token",'
    ' error_description="The token cannot be read."',
)
NOT_OWNER = Refused(403, "not_owner", "Access denied")
NO_WORKSPACE = Refused(404, "workspace_not_found", "workspace not found")
NO_JOB = Refused(404, "job_not_found", "There is no such job, or it ended long ago.")
NO_GRANT = Refused(404, "grant_not_found", "There is no such grant, or it has expired.")
NO_INVITATION = Refused(
    404,
    "invitation_unknown",
    "There is no such invitation. Ask who sent you the link for a new one.",
)
NO_UPLOAD = Refused(404, "upload_not_found", "There is no such upload, or it has expired.")
NO_OVERRIDE = Refused(405, "method_not_allowed", "The method is not allowed for the requested URL.")
NOBODYS = {
    "/jobs/<job_id>": NO_JOB,
    "/jobs/<job_id>/events": NO_JOB,
    "/uploads/<upload_id>": NO_UPLOAD,
    "/uploads/batches/<batch_id>": NO_UPLOAD,
    "/uploads/batches/<batch_id>:receive": NO_UPLOAD,
    "/uploads/grants/<grant_id>": NO_GRANT,
    "/uploads/grants/<grant_id>:abandon": NO_GRANT,
    "/uploads/grants/<grant_id>:complete": NO_GRANT,
    "/uploads/grants/<grant_id>/files/<id:number>/parts": NO_UPLOAD,
    "/uploads/grants/<grant_id>/files/<id:number>/put": NO_UPLOAD,
    "/uploads/tus/<upload_id>": NO_UPLOAD,
}
"""What is asked for by an id, and what there is not."""


def lacking(route: Route) -> Refused:
    """The challenge names the scope that is missing."""
    challenge = f'Bearer error="insufficient_scope", scope="{route.operation.guard.scope}"'
    return Refused(403, "insufficient_scope", "Access denied", challenge)


@pytest.fixture
def places(alice: Person) -> dict[str, Any]:
    """A workspace of Alice's with a file and a checkpoint."""
    workspace = int(alice.create("main.tex", PAPER)["upload_id"])
    checksum = alice.post(f"/{workspace}/checkpoint").headers["ETag"]
    (checkpoint,) = alice.get(f"/v2/workspaces/{workspace}/checkpoints").get_json()["checkpoints"]
    return {"workspace_id": workspace, "checksum": checksum, "checkpoint_id": checkpoint["id"]}


@pytest.fixture
def asker(client: FlaskClient, places: dict[str, Any], bob: Person) -> Iterator[Asker]:
    """Whatever is asked, nothing has changed in the end."""
    before = everything(bob)
    yield Asker(client, places)
    assert everything(bob) == before


Answers = dict[str, Seen]


def answers(found: Iterator[Route], ask: Callable[[Route], TestResponse]) -> Answers:
    return {str(route): _seen(route, ask(route)) for route in found}


def test_without_a_token(app: Flask, asker: Asker) -> None:
    found = answers(routes(app, *GUARDED), lambda route: asker.ask(route, None))

    assert found == {str(route): NO_SESSION.by(route) for route in routes(app, *GUARDED)}


@pytest.mark.parametrize("token", ["nonsense", "Bearer x.y.z"])
def test_a_token_that_is_sent_must_be_good_even_where_none_is_needed(
    app: Flask, asker: Asker, token: str
) -> None:
    asked = [*routes(app, *GUARDED, Public, OpenRawstore)]

    found = answers(iter(asked), lambda route: asker.ask(route, token))

    assert found == {str(route): BAD_TOKEN.by(route) for route in asked}


def _none(route: Route, workspace_id: int) -> list[str]:
    del route, workspace_id
    return []


def _all_others(route: Route, workspace_id: int) -> list[str]:
    del workspace_id
    scope = str(route.operation.guard.scope)
    opening = {scope, "upload:update", "upload:write"}
    if scope.startswith("repository:"):
        opening.add("repository:admin")
    return sorted({*EVERY_SCOPE} - opening)


def _for_another_workspace(route: Route, workspace_id: int) -> list[str]:
    del route
    return [f"{scope}:{workspace_id + 1}" for scope in EVERY_SCOPE]


@pytest.mark.parametrize("scopes", [_none, _all_others, _for_another_workspace])
def test_without_its_scope(
    app: Flask, asker: Asker, scopes: Callable[[Route, int], list[str]]
) -> None:
    workspace_id = asker.places["workspace_id"]

    found = answers(
        routes(app, *SCOPED),
        lambda route: asker.ask(route, token_of(scopes(route, workspace_id))),
    )

    assert found == {str(route): lacking(route).by(route) for route in routes(app, *SCOPED)}


def test_for_a_stranger_a_workspace_is_not_theirs_and_in_v2_not_there(
    app: Flask, asker: Asker
) -> None:
    stranger = token_of(EVERY_SCOPE, "3")

    found = answers(routes(app, Owns), lambda route: asker.ask(route, stranger))

    assert found == {
        str(route): (NO_WORKSPACE if route.rule.rule.startswith(V2) else NOT_OWNER).by(route)
        for route in routes(app, Owns)
    }


@pytest.mark.parametrize("number", [999_999, 2**63 - 1, 2**63])
def test_an_unknown_workspace(app: Flask, asker: Asker, number: int) -> None:
    there = Asker(asker.client, {**asker.places, "workspace_id": number})

    found = answers(routes(app, Owns), lambda route: there.ask(route, token_of(EVERY_SCOPE)))

    assert found == {str(route): NO_WORKSPACE.by(route) for route in routes(app, Owns)}


def test_a_job_an_upload_and_a_grant_that_nobody_has(app: Flask, asker: Asker) -> None:
    asked = [route for route in routes(app, AnyToken, BringsUploads) if route.rule.arguments]
    wanted = {str(route): NOBODYS[route.rule.rule].by(route) for route in asked}
    # A POST in place of another method says in a header which.
    for_another = next(route for route in asked if str(route) == "POST /uploads/tus/<upload_id>")

    found = answers(iter(asked), lambda route: asker.ask(route, token_of(EVERY_SCOPE)))

    assert found == {**wanted, str(for_another): NO_OVERRIDE.by(for_another)}


def test_a_guest_that_nobody_is(app: Flask, asker: Asker) -> None:
    """A token, however strong, is not looked at."""
    there = Asker(asker.client, {**asker.places, "capability": "nobodys"})
    below = [rule for rule in rules(app) if rule.rule.startswith("/g/<capability>/")]
    asked = [
        Route(rule, method, operation_of(app, rule))
        for rule in below
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]

    found = answers(iter(asked), lambda route: there.ask(route, token_of(EVERY_SCOPE)))

    assert len(asked) > 20
    assert found == {str(route): NO_INVITATION.by(route) for route in asked}


def _is_problem(route: Route) -> bool:
    return route.rule.rule.startswith(
        (V2, "/uploads", "/jobs", f"/repositories{REPOSITORY}")
    ) or not route.rule.rule.startswith(("/filemanager", "/bucket", "/rawstore", "/repositories"))


def _media(route: Route) -> str:
    return "application/problem+json" if _is_problem(route) else "application/json"


def _seen(route: Route, response: TestResponse) -> Seen:
    body = None if route.method == "HEAD" else response.get_json()
    if body is not None and _is_problem(route):
        assert body.pop("request_id")
    challenge = response.headers.get("WWW-Authenticate")
    return response.status_code, response.mimetype, body, challenge
