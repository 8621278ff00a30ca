"""Resumable uploads to the bucket: kept as the form keeps them, for who may write there."""

import hashlib
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders.papers import a_tarball, a_token
from filemanager.settings.bucket import BucketSettings
from people.following import led_to
from people.tus_uploader import TUS, Uploader, metadata, refusal
from people.visitors import a_visitor

WRITER = a_token("1", "bucket:write", "bucket:read")
DATA = b"dropped\n"


@pytest.fixture
def uploader(client: FlaskClient) -> Uploader:
    return Uploader(client, WRITER)


def begin(uploader: Uploader, size: int, **more: Any) -> Any:
    asked = metadata({"bucket": "true", "filename": "a.txt", **more})
    return uploader.tus("POST", TUS, Upload_Metadata=asked, Upload_Length=str(size))


def test_it_works(uploader: Uploader, client: FlaskClient) -> None:
    url = led_to(begin(uploader, len(DATA)))

    last = uploader.append(url, 0, DATA)

    digest = hashlib.sha256(DATA).hexdigest()
    known = a_visitor(client, "1", "bucket:read").get(f"checksum/{digest}")
    state = uploader.call("GET", url.replace(TUS, "/uploads")).get_json()
    assert (last.status_code, known.status_code) == (204, 200)
    assert state["state"] == "received"
    assert state["result"]["sha256"] == digest


@pytest.mark.parametrize(
    "special", [{"bucket": BucketSettings.model_validate({"REPLICATE_0": "user/${Username}"})}]
)
def test_an_archive_is_taken_apart_and_labelled(uploader: Uploader) -> None:
    archive = a_tarball({"d/x.txt": b"inside\n"})
    asked = {"filename": "d.tgz", "username": "bob"}
    url = led_to(begin(uploader, len(archive), **asked))

    uploader.append(url, 0, archive)

    result = uploader.call("GET", url.replace(TUS, "/uploads")).get_json()["result"]
    inside = uploader.call("GET", f"/bucket/{result['replicas'][0]}/d/x.txt")
    assert inside.get_data() == b"inside\n"


def test_without_the_scope_of_the_bucket_nothing_begins(client: FlaskClient) -> None:
    response = begin(Uploader(client, a_token("1", "upload:update")), 5)

    assert refusal(response) == (403, "insufficient_scope")


def test_a_scope_lost_meanwhile_is_missed_at_the_next_request(
    uploader: Uploader, client: FlaskClient
) -> None:
    url = led_to(begin(uploader, len(DATA)))

    refused = Uploader(client, a_token("1", "upload:update")).append(url, 0, DATA)

    assert refusal(refused) == (404, "upload_not_found")
    digest = hashlib.sha256(DATA).hexdigest()
    assert a_visitor(client, "1", "bucket:read").get(f"checksum/{digest}").status_code == 404


@pytest.mark.parametrize("special", [{"max_owner_bytes": 8191}])
def test_drops_count_against_their_owner(uploader: Uploader, client: FlaskClient) -> None:
    kept = a_visitor(client, "1", "bucket:write").send({"a.txt": DATA})

    refused = begin(uploader, 5)

    assert kept.status_code == 200
    assert refusal(refused) == (413, "quota_exceeded")
