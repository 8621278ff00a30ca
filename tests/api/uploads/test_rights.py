"""Uploads, grants, batches and jobs ask for the scopes of their target, each time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from builders.papers import PAPER, a_token
from filemanager.api.http.operations import ATTRIBUTE
from filemanager.domain.ids import digest_of
from people.person import Person
from people.tus_uploader import metadata

NAMES = {"upload_id", "batch_id", "grant_id", "job_id"}

LOOKS = {
    "ways.uploads.get_upload",
    "ways.uploads.get_batch",
    "ways.grants.get_grant",
    "jobs.get_job",
    "jobs.watch_job",
}
"""Endpoints that only look; all others change something."""

TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True, slots=True)
class Underway:
    """An upload, a batch, a grant and a job of one owner, all on their way to a workspace."""

    client: FlaskClient
    workspace: int
    ids: dict[str, str]

    def statuses(self, app: Flask, *scopes: str) -> dict[tuple[str, str], int]:
        return {
            (rule.endpoint, method): self.ask(rule, method, *scopes).status_code
            for rule, method in routes(app)
        }

    def ask(self, rule: Rule, method: str, *scopes: str) -> TestResponse:
        adapter = self.client.application.url_map.bind("localhost")
        values = {**self.ids, "number": "0"}
        url = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method)
        headers = {"Authorization": a_token("1", *scopes), **TUS, "Upload-Offset": "0"}
        headers |= {"Content-Type": "application/offset+octet-stream"} if "/tus/" in url else {}
        headers |= {"X-HTTP-Method-Override": "PATCH"} if "/tus/" in url else {}
        body = {"parts": [{"number": 1}]} if url.endswith("/parts") else None
        return self.client.open(url, method=method, headers=headers, json=body)


@pytest.fixture
def underway(alice: Person, client: FlaskClient) -> Underway:
    workspace = int(alice.create("main.tex", PAPER)["upload_id"])
    token = {"Authorization": a_token("1")}
    wanted = metadata({"workspace": workspace, "path": "a.tex", "batch": "together"})
    tus = client.post(
        "/uploads/tus", headers={**token, **TUS, "Upload-Length": "5", "Upload-Metadata": wanted}
    )
    wish = {"path": "b.tex", "size": 3, "sha256": digest_of(b"new")}
    grant = client.post(
        "/uploads/grants", headers=token, json={"workspace": workspace, "files": [wish]}
    )
    job = client.post(
        f"/filemanager/api/v2/workspaces/{workspace}/check",
        headers={**token, "Prefer": "respond-async"},
    )
    assert [one.status_code for one in (tus, grant, job)] == [201, 201, 202]
    return Underway(
        client,
        workspace,
        {
            "upload_id": tus.headers["Location"].rpartition("/")[2],
            "batch_id": "together",
            "grant_id": grant.get_json()["id"],
            "job_id": job.headers["Location"].rpartition("/")[2],
        },
    )


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with something of an owner's in its path that has no owner of its own.

    Below the secret of a guest no token is read.
    """
    for rule in app.url_map.iter_rules():
        if "capability" in rule.arguments:
            continue
        if NAMES & rule.arguments and hasattr(app.view_functions[rule.endpoint], ATTRIBUTE):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, method


def test_the_walk_finds_them_all(app: Flask) -> None:
    assert {rule.endpoint for rule, _ in routes(app)} >= LOOKS
    assert len(list(routes(app))) > 15


@pytest.mark.parametrize(
    "scopes",
    [
        ("upload:nothing",),
        ("bucket:write", "bucket:read", "rawstore:write"),
        ("upload:create", "upload:delete", "upload:read_logs"),
        ("upload:read:{other}", "upload:update:{other}", "upload:write:{other}"),
    ],
)
def test_a_token_that_does_not_open_the_target_sees_nothing(
    app: Flask, underway: Underway, scopes: tuple[str, ...]
) -> None:
    bound = [scope.format(other=underway.workspace + 1) for scope in scopes]

    found = {
        f"{m} {rule.rule}": underway.ask(rule, m, *bound).status_code for rule, m in routes(app)
    }

    assert set(found.values()) == {404}, found


def test_a_token_that_only_reads_looks_and_changes_nothing(app: Flask, underway: Underway) -> None:
    read = f"upload:read:{underway.workspace}"

    found = underway.statuses(app, read)

    looks = {key: status for key, status in found.items() if key[0] in LOOKS}
    changes = {key: status for key, status in found.items() if key[0] not in LOOKS}
    assert set(looks.values()) == {200}, looks
    assert set(changes.values()) == {404}, changes


def test_a_token_bound_to_the_workspace_changes_what_goes_there(
    app: Flask, underway: Underway
) -> None:
    write = f"upload:update:{underway.workspace}"
    unharmful = {"ways.tus.ask_tus_offset", "ways.grants.renew_put", *LOOKS}

    found = {
        underway.ask(rule, method, write).status_code
        for rule, method in routes(app)
        if rule.endpoint in unharmful
    }

    assert found == {200}


def test_the_list_shows_only_what_the_token_opens(underway: Underway) -> None:
    def listed(*scopes: str) -> list[str]:
        answer = underway.client.get("/uploads", headers={"Authorization": a_token("1", *scopes)})
        return [one["id"] for one in answer.get_json()["uploads"]]

    assert underway.ids["upload_id"] in listed(f"upload:read:{underway.workspace}")
    assert listed(f"upload:read:{underway.workspace + 1}") == []
    assert listed("bucket:write") == []
