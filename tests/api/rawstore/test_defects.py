"""What went wrong with BitStore, one test each, in the order in which it was found."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from filemanager.api.http.context import EXTENSION
from filemanager.api.rawstore.door import RawstoreDoor
from people.depositors import (
    Depositor,
    claims,
    datahub_token,
    deposit,
    door_settings,
    entry,
    worded,
)

ROW = b"a,b\n1,2\n"
NOBODY_LISTENS = "http://127.0.0.1:9"
ON_S3 = {
    "STORAGE_BUCKET_NAME": "bits",
    "STORAGE_ACCESS_KEY_ID": "a",
    "STORAGE_SECRET_ACCESS_KEY": "b",
    "S3_ENDPOINT_URL": NOBODY_LISTENS,
}
HERE = "http://fooserver.localdomain/rawstore/objects"


def digest(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@contextmanager
def watched_server() -> Iterator[tuple[str, list[str]]]:
    """A server that notes what it is asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            asked.append(str(self.rfile.readline()))

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_1_no_user_reads_anothers_private_file(ann: Depositor, mallory: Depositor) -> None:
    url = ann.push("f", ROW, findability="private")

    for asked in (url, f"{url}?mallory", f"{url}#mallory", "http://mallory/alice/ds/f"):
        assert mallory.presign(asked, ownerid="mallory").status_code == 404
        assert mallory.presign(asked, ownerid="alice").status_code == 404


def test_2_nothing_is_fetched_for_a_url(passer_by: Depositor) -> None:
    with watched_server() as (url, asked):
        told = passer_by.presign(f"{url}/x")

    assert told.status_code == 404
    assert asked == []


def test_3_the_quota_binds(ann: Depositor) -> None:
    assert ann.authorize(deposit({"f": entry(ROW, length=-5)})).status_code == 400
    form = ann.form("f", ROW)
    assert ann.send(form, ROW * 2).status_code == 400
    promise = deposit({"g": entry(ROW, length=10_000_000)})
    assert ann.authorize(promise).status_code == 403


@pytest.mark.parametrize("special", [door_settings(**ON_S3)])
def test_3_the_policy_binds_the_length(ann: Depositor) -> None:
    policy = ann.form("f", ROW)["upload_query"]["policy"]

    conditions = json.loads(base64.b64decode(policy))["conditions"]

    assert ["content-length-range", 8, 8] in conditions


@pytest.mark.parametrize("path", ["../../other/x", "a/../../b", "/x", "a//b", "x/"])
def test_4_no_path_leads_elsewhere(ann: Depositor, path: str) -> None:
    told = ann.authorize(deposit({path: entry(ROW)}))

    assert told.status_code == 400
    assert repr(path)[1:-1] in told.get_json()["reason"]


@pytest.mark.parametrize("special", [door_settings(STORAGE_PATH_PATTERN="{owner}/{md5_hex}")])
def test_4_what_clients_send_besides_feeds_no_pattern(ann: Depositor) -> None:
    form = ann.form("f", ROW, owner="mallory", md5_hex="evil", tenant="x")

    assert form["upload_query"]["key"] == "alice/e5ebd4c02cefbe7955977c67ada242b7"


def test_4_a_missing_dataset_is_no_text(ann: Depositor) -> None:
    keys = []
    for row in (ROW, ROW[::-1]):
        told = ann.authorize(deposit({"f": entry(row)}, dataset=None)).get_json()
        keys.append(told["filedata"]["f"]["upload_query"]["key"])

    # By their bytes: nothing that two datasets call the same is overwritten.
    assert keys == [f"alice/{digest(row)}/f" for row in (ROW, ROW[::-1])]


def test_5_a_prefix_does_not_exist(ann: Depositor) -> None:
    ann.push("data/f.csv", ROW)

    assert not ann.form("data/f", ROW)["exists"]


@pytest.mark.parametrize("special", [door_settings(**ON_S3)])
def test_6_a_store_that_is_down_is_503_in_json(ann: Depositor) -> None:
    key = ann.form("f", ROW)["upload_query"]["key"]

    told = ann.presign(f"{NOBODY_LISTENS}/bits/{key}")

    assert (told.status_code, told.mimetype) == (503, "application/json")
    assert told.get_json() == worded("The object store does not answer. Try again shortly.")
    assert told.headers["Retry-After"]


@pytest.mark.parametrize("special", [door_settings(**ON_S3)])
def test_7_authorising_two_hundred_files_asks_the_store_nothing(ann: Depositor) -> None:
    told = ann.authorize(deposit({f"{number}.csv": entry(ROW) for number in range(200)}))

    assert told.status_code == 200
    assert len(told.get_json()["filedata"]) == 200


@pytest.mark.parametrize("special", [door_settings(**ON_S3)])
def test_7_all_requests_share_one_client(ann: Depositor, app: Flask) -> None:
    objects = app.extensions[EXTENSION].doors[RawstoreDoor].settler._objects
    before = objects._client, objects._signer

    ann.form("f", ROW)

    assert (objects._client, objects._signer) == before


@pytest.mark.parametrize("special", [door_settings(**ON_S3, storage_acl="false")])
def test_8_a_bucket_without_acls_is_asked_for_none(ann: Depositor) -> None:
    form = ann.form("f", ROW)

    assert "acl" not in form["upload_query"]


def test_9_any_origin_is_no_origin(ann: Depositor) -> None:
    told = ann.get("/info", headers={"Origin": "https://evil.example"})

    assert not [name for name, _ in told.headers if name.startswith("Access-Control")]


def test_9_a_token_in_a_query_is_in_no_log(client: FlaskClient) -> None:
    token = datahub_token()

    with capture_logs() as logs:
        client.get("/rawstore/presign", query_string={"jwt": token, "url": f"{HERE}/secret"})

    assert logs
    assert token not in str(logs)
    assert "secret" not in str(logs)


def test_10_a_token_ends_and_is_for_one_service(client: FlaskClient) -> None:
    for changed in ({"exp": None}, {"exp": 1}, {"service": "other"}):
        told = Depositor(client, "alice", datahub_token(**changed)).get("/info")
        assert told.status_code == 401, claims("alice", **changed)


def test_11_the_answer_has_both_of_its_names(ann: Depositor) -> None:
    told = ann.authorize(deposit({"f": entry(ROW)})).get_json()

    assert told["filedata"] == told["fileData"]


@pytest.mark.parametrize("special", [door_settings(**ON_S3)])
def test_the_prefixes_are_the_originals_and_the_one_that_is_true(ann: Depositor) -> None:
    assert ann.get("/info").get_json()["prefixes"] == [
        "http://bits:80/alice",
        "http://bits/alice",
        "https://bits:443/alice",
        "https://bits/alice",
        f"{NOBODY_LISTENS}/bits/alice",
    ]
