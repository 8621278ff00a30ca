"""What every store promises of bytes that clients put into it themselves: exactly those, once."""

import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import boto3
import pytest
from pydantic import SecretStr

from builders.papers import SECRET, a_token
from filemanager.domain.ids import digest_of
from filemanager.factory import application as factory
from filemanager.factory.parts import Parts, parts_of
from filemanager.services.uploads.plans import portion_of
from filemanager.settings.service import Settings
from people.granting import GRANTS, Sender, a_file, a_sender, put_to
from servers.radosgw import Gateway
from servers.service import wait_until

MEBIBYTE = 1 << 20

ON_S3 = pytest.mark.parametrize(
    "doorstep", [pytest.param("s3", marks=pytest.mark.s3)], indirect=True
)
"""What a signature binds, by a store that looks at it."""


@dataclass(frozen=True)
class Doorstep:
    """A service on one kind of store, somebody who sends to it, and a look behind it."""

    sender: Sender
    made: Parts

    @property
    def objects(self) -> list[tuple[str, int]]:
        return [(one.key, one.size_bytes) for one in self.made.blobs.objects()]

    def put(self, leave: dict[str, Any], data: bytes, **headers: str) -> int:
        return put_to(self.sender.client, leave, data, **headers)


@pytest.fixture(params=["filesystem", pytest.param("s3", marks=pytest.mark.s3)])
def doorstep(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path
) -> Iterator[Doorstep]:
    kept: dict[str, Any] = {}
    if request.param == "s3":
        gateway = request.getfixturevalue("s3_gateway")
        kept = {
            "s3_bucket": gateway.new_bucket(),
            "s3_endpoint": gateway.endpoint_url,
            "s3_access_key": SecretStr(gateway.access_key),
            "s3_secret_key": SecretStr(gateway.secret_key),
            "s3_prefix": "shared/",
        }
    settings = Settings(data_dir=tmp_path, jwt_secret=SecretStr(SECRET), jobs=False, **kept)
    shutil.copy(migrated_file, tmp_path / "filemanager.db")
    made = parts_of(settings)
    with closing(made.database):
        sender = a_sender(factory.app_on(made).test_client(), a_token())
        yield Doorstep(sender, made)


def test_what_was_put_is_received(doorstep: Doorstep) -> None:
    files = {"a.txt": b"hello", "empty": b"", "b/c.bin": random.Random(2).randbytes(MEBIBYTE)}

    done = doorstep.sender.complete(doorstep.sender.sent(files))

    assert done.status_code == 200, done.text
    assert doorstep.sender.files == files
    assert not [key for key, _ in doorstep.objects if key.startswith("incoming/")]


@pytest.mark.parametrize(
    "data", [b"hell", b"hello!", b"", b"HELLO"], ids=["short", "long", "nothing", "other"]
)
def test_other_bytes_are_refused(doorstep: Doorstep, data: bytes) -> None:
    (file,) = doorstep.sender.begun()["files"]

    status = doorstep.sender.put(file, data)

    assert status in (400, 403, 413)
    assert doorstep.objects == []


def test_a_refused_put_may_be_repeated_right(doorstep: Doorstep) -> None:
    grant = doorstep.sender.begun()
    (file,) = grant["files"]
    doorstep.sender.put(file, b"HELLO")

    status = doorstep.sender.put(file, b"hello")

    assert status == 200
    assert doorstep.sender.complete(f"{GRANTS}/{grant['id']}").status_code == 200


def test_a_url_serves_once(doorstep: Doorstep) -> None:
    grant = doorstep.sender.begun()
    (file,) = grant["files"]
    doorstep.sender.put(file, b"hello")

    replayed = doorstep.sender.put(file, b"hello")

    assert replayed in (409, 412)
    assert [size for _, size in doorstep.objects] == [5]
    assert doorstep.sender.complete(f"{GRANTS}/{grant['id']}").status_code == 200


def test_a_replay_after_the_end_changes_nothing(doorstep: Doorstep) -> None:
    grant = doorstep.sender.begun()
    (file,) = grant["files"]
    doorstep.sender.put(file, b"hello")
    doorstep.sender.complete(f"{GRANTS}/{grant['id']}")
    revision = doorstep.sender.revision

    doorstep.sender.put(file, b"hello")

    assert (doorstep.sender.revision, doorstep.sender.files) == (revision, {"a.txt": b"hello"})


def test_nothing_is_visible_before_it_is_received(doorstep: Doorstep) -> None:
    path = doorstep.sender.sent({"a.txt": b"hello"})
    before = (doorstep.sender.files, doorstep.sender.revision)

    doorstep.sender.complete(path)

    assert before == ({}, 0)
    assert doorstep.sender.files == {"a.txt": b"hello"}


def test_what_has_not_come_is_named_and_nothing_changes(doorstep: Doorstep) -> None:
    grant = doorstep.sender.begun(a_file("here"), a_file("missing"))
    doorstep.sender.put(grant["files"][0], b"hello")

    refused = doorstep.sender.complete(f"{GRANTS}/{grant['id']}")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "upload_incomplete")
    assert "missing" in refused.get_json()["detail"]
    assert "here" not in refused.get_json()["detail"]
    assert (doorstep.sender.files, doorstep.sender.revision) == ({}, 0)


def test_what_is_abandoned_leaves_nothing(doorstep: Doorstep) -> None:
    path = doorstep.sender.sent({"a.txt": b"hello"})

    gone = doorstep.sender.ask("POST", f"{path}:abandon")

    assert gone.status_code == 204
    assert doorstep.objects == []
    assert doorstep.sender.complete(path).status_code == 404


@cache
def large() -> bytes:
    """Four parts of 16 MiB, and one of ten bytes."""
    return random.Random(1).randbytes((64 << 20) + 10)  # repeatable, not secret


def parted(doorstep: Doorstep) -> str:
    """The id of a grant of one file that is put in five parts."""
    grant = doorstep.sender.begun(a_file("large.bin", large()))
    assert grant["files"] == [
        {"path": "large.bin", "multipart": {"part_size": 16 << 20, "parts": 5}}
    ]
    return str(grant["id"])


def bytes_of(part: dict[str, Any]) -> bytes:
    start = (part["number"] - 1) * (16 << 20)
    return large()[start : start + part["size"]]


def test_a_large_file_comes_in_parts(doorstep: Doorstep) -> None:
    grant = parted(doorstep)
    for number in (5, 1, 3, 2):
        part = doorstep.sender.part(grant, number)
        assert doorstep.put(part, bytes_of(part)) == 200
    early = doorstep.sender.complete(f"{GRANTS}/{grant}")
    last = doorstep.sender.part(grant, 4, sha256=digest_of(large()[3 << 24 : 4 << 24]))
    assert doorstep.put(last, bytes_of(last)) == 200

    path = f"{GRANTS}/{grant}"
    promised = doorstep.sender.complete(path)

    assert (early.status_code, early.get_json()["code"]) == (409, "upload_incomplete")
    assert promised.status_code == 202
    assert doorstep.sender.ask("GET", path).get_json()["files"][0]["arrived"] is True


def test_other_bytes_of_a_part_are_refused(doorstep: Doorstep) -> None:
    grant = parted(doorstep)
    right = large()[-10:]
    plain = doorstep.sender.part(grant, 5)
    sizes = [doorstep.put(plain, right[:-1]), doorstep.put(plain, right + b"!")]
    named = doorstep.sender.part(grant, 5, sha256=digest_of(right))

    other = doorstep.put(named, right[::-1])

    assert all(status in (400, 403, 413) for status in (*sizes, other))
    assert doorstep.objects == []
    assert doorstep.put(named, right) == 200


def test_parts_of_what_is_abandoned_go(doorstep: Doorstep) -> None:
    grant = parted(doorstep)
    part = doorstep.sender.part(grant, 5)
    doorstep.put(part, bytes_of(part))

    gone = doorstep.sender.ask("POST", f"{GRANTS}/{grant}:abandon")

    assert gone.status_code == 204
    assert doorstep.objects == []
    assert doorstep.put(part, bytes_of(part)) in (404, 409)


@ON_S3
def test_a_tampered_signature_is_refused(doorstep: Doorstep) -> None:
    (file,) = doorstep.sender.begun()["files"]
    url = file["put"]["url"]
    turned = url[:-1] + ("0" if url[-1] != "0" else "1")

    status = doorstep.put({**file["put"], "url": turned}, b"hello")

    assert status == 403
    assert doorstep.objects == []


@ON_S3
def test_another_key_is_refused(doorstep: Doorstep) -> None:
    first, second = doorstep.sender.begun(a_file("a"), a_file("b"))["files"]
    other = urlsplit(second["put"]["url"]).path
    url = urlunsplit(urlsplit(first["put"]["url"])._replace(path=other))

    status = doorstep.put({**first["put"], "url": url}, b"hello")

    assert status == 403
    assert doorstep.objects == []


@ON_S3
def test_a_longer_life_is_refused(doorstep: Doorstep) -> None:
    (file,) = doorstep.sender.begun()["files"]
    parts = urlsplit(file["put"]["url"])
    query = {**dict(parse_qsl(parts.query)), "X-Amz-Expires": "86400"}
    url = urlunsplit(parts._replace(query=urlencode(query)))

    assert doorstep.put({**file["put"], "url": url}, b"hello") == 403
    assert doorstep.objects == []


@ON_S3
@pytest.mark.parametrize("name", ["If-None-Match", "X-Amz-Content-SHA256"])
def test_a_header_that_is_left_out_is_missed(doorstep: Doorstep, name: str) -> None:
    (file,) = doorstep.sender.begun()["files"]
    headers = {key: value for key, value in file["put"]["headers"].items() if key != name}

    status = doorstep.put({**file["put"], "headers": headers}, b"hello")

    assert status in (400, 403)
    assert doorstep.objects == []


@ON_S3
def test_a_part_of_another_number_is_refused(doorstep: Doorstep) -> None:
    part = doorstep.sender.part(parted(doorstep), 5)
    url = part["url"].replace("partNumber=5", "partNumber=6")

    assert url != part["url"]
    assert doorstep.put({**part, "url": url}, bytes_of(part)) == 403


@ON_S3
def test_an_expired_url_is_refused(doorstep: Doorstep) -> None:
    upload = doorstep.sender.begun()["files"][0]
    at = datetime.now(UTC)
    with doorstep.made.database.read() as tx:
        (found,) = tx.uploads.expired(at + timedelta(days=30), 10)
    leave = doorstep.made.direct.may_put(portion_of(found), at + timedelta(seconds=1))
    signed = {"url": leave.url, "headers": dict(leave.headers)}

    wait_until(lambda: doorstep.put(signed, b"HELLO") == 403, "the URL has expired")

    assert doorstep.put(signed, b"hello") == 403
    assert doorstep.objects == []
    assert doorstep.sender.put(upload, b"hello") == 200


@ON_S3
def test_parts_that_were_left_behind_are_swept(doorstep: Doorstep, s3_gateway: Gateway) -> None:
    grant = parted(doorstep)
    part = doorstep.sender.part(grant, 5)
    doorstep.put(part, bytes_of(part))
    now = datetime.now(UTC)

    young = doorstep.made.direct.forget_stale(now - timedelta(hours=1))
    counted = doorstep.made.direct.count_stale(now + timedelta(hours=1))
    old = doorstep.made.direct.forget_stale(now + timedelta(hours=1))

    assert (young, counted, old) == (0, 1, 1)
    assert doorstep.put(part, bytes_of(part)) == 404
    assert open_uploads(doorstep, s3_gateway) == []


def open_uploads(doorstep: Doorstep, gateway: Gateway) -> list[object]:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=gateway.endpoint_url,
        aws_access_key_id=gateway.access_key,
        aws_secret_access_key=gateway.secret_key,
        region_name="us-east-1",
    )
    with closing(client):
        listed = client.list_multipart_uploads(Bucket=doorstep.made.settings.s3_bucket)
    return list(listed.get("Uploads", []))
