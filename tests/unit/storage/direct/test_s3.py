"""What is signed for clients, and how an S3 store's answers about parts are taken."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import digest_of
from filemanager.domain.uploads.grant import Portion
from filemanager.domain.uploads.upload import BatchId, UploadId
from filemanager.storage.direct.s3 import S3DirectStore, signer
from filemanager.storage.s3.client import S3Access
from worlds.stored import START, TurnedClock

UPLOAD = UploadId("a" * 28 + "0000")
ACCESS = S3Access(endpoint_url="http://store:9000/", access_key="key", secret_key="secret")
UNTIL = START + timedelta(minutes=15)


class FakeClient:
    """Answers each call with the next of *answers*, and keeps what it was asked."""

    def __init__(self, *answers: Mapping[str, Any] | ClientError) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Mapping[str, Any]:
            self.asked.append((name, arguments))
            answer = self._answers.pop(0)
            if isinstance(answer, ClientError):
                raise answer
            return answer

        return call


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "operation")


def a_store(
    *answers: Mapping[str, Any] | ClientError, endpoint: str | None = None
) -> tuple[S3DirectStore, FakeClient]:
    client = FakeClient(*answers)
    signs = signer(ACCESS, endpoint, TurnedClock())
    return S3DirectStore(client, signs, "my.bucket", "a prefix/"), client


def a_portion(**more: Any) -> Portion:
    return Portion(upload_id=UPLOAD, size_bytes=5, **more)


def test_length_digest_type_and_newness_of_a_file_are_signed() -> None:
    store, _ = a_store()

    leave = store.may_put(a_portion(digest=digest_of(b"hello"), media_type="text/plain"), UNTIL)

    url = urlsplit(leave.url)
    query = parse_qs(url.query)
    assert (url.netloc, url.path) == ("store:9000", f"/my.bucket/a%20prefix/incoming/{UPLOAD}")
    assert query["X-Amz-SignedHeaders"] == [
        "content-length;content-type;host;if-none-match;x-amz-content-sha256"
    ]
    assert query["X-Amz-Expires"] == ["900"]
    assert leave.headers == {
        "Content-Length": "5",
        "Content-Type": "text/plain",
        "If-None-Match": "*",
        "X-Amz-Content-SHA256": digest_of(b"hello"),
    }
    assert leave.capability is None


def test_a_part_is_signed_for_its_number() -> None:
    store, _ = a_store()

    leave = store.may_put(a_portion(number=3, store_name="x/y+z"), UNTIL)

    query = parse_qs(urlsplit(leave.url).query)
    assert (query["partNumber"], query["uploadId"]) == (["3"], ["x/y+z"])
    assert leave.headers == {"Content-Length": "5"}


def test_a_signature_is_for_the_host_that_clients_know() -> None:
    store, _ = a_store(endpoint="https://files.example/")

    leave = store.may_put(a_portion(), UNTIL)

    assert leave.url.startswith("https://files.example/my.bucket/")


def test_without_keys_nothing_is_signed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    bare = signer(S3Access(endpoint_url="http://store"), None, TurnedClock())

    with pytest.raises(StoreUnavailable):
        S3DirectStore(FakeClient(), bare, "bucket").may_put(a_portion(), UNTIL)


def part(number: int, size_bytes: int) -> dict[str, object]:
    return {"PartNumber": number, "Size": size_bytes, "ETag": f"tag{number}"}


def test_an_object_is_made_of_parts_from_several_pages() -> None:
    first = {"Parts": [part(1, 4)], "IsTruncated": True, "NextPartNumberMarker": 1}
    store, client = a_store(first, {"Parts": [part(2, 1)]}, {})

    store.finish_parts(UPLOAD, "name", [4, 1])

    name, asked = client.asked[-1]
    assert [call for call, _ in client.asked[:2]] == ["list_parts", "list_parts"]
    assert client.asked[1][1]["PartNumberMarker"] == 1
    assert name == "complete_multipart_upload"
    assert asked["MultipartUpload"] == {
        "Parts": [{"PartNumber": 1, "ETag": "tag1"}, {"PartNumber": 2, "ETag": "tag2"}]
    }


@pytest.mark.parametrize("sizes", [[4], [4, 2], [4, 1, 1]])
def test_nothing_is_made_of_other_parts(sizes: list[int]) -> None:
    store, client = a_store({"Parts": [part(1, 4), part(2, 1)]})

    store.finish_parts(UPLOAD, "name", sizes)

    assert [call for call, _ in client.asked] == ["list_parts"]


@pytest.mark.parametrize("code", ["NoSuchUpload", "InvalidPart"])
def test_parts_that_went_or_changed_meanwhile_make_nothing(code: str) -> None:
    store, client = a_store({"Parts": [part(1, 4)]}, refusal(code))

    store.finish_parts(UPLOAD, "name", [4])

    assert len(client.asked) == 2


def test_parts_that_are_gone_are_forgotten() -> None:
    store, client = a_store(refusal("NoSuchUpload"))

    store.forget_parts(UPLOAD, "name")

    assert client.asked[0][1]["Key"] == f"a prefix/incoming/{UPLOAD}"


def test_a_store_that_fails_is_told_of() -> None:
    calls: list[Callable[[S3DirectStore], object]] = [
        lambda store: store.begin_parts(UPLOAD),
        lambda store: store.finish_parts(UPLOAD, "name", [4]),
        lambda store: store.forget_parts(UPLOAD, "name"),
        lambda store: store.sizes(BatchId("a" * 32)),
        lambda store: store.count_stale(START),
        lambda store: store.forget_stale(START),
    ]

    for call in calls:
        store, _ = a_store(refusal("InternalError"))
        with pytest.raises(StoreUnavailable):
            call(store)


def test_what_lies_in_the_store_is_told_from_every_page() -> None:
    keys = [f"a prefix/incoming/{'a' * 28}{number:04x}" for number in range(2)]
    pages = [
        {
            "Contents": [{"Key": keys[0], "Size": 1}],
            "IsTruncated": True,
            "NextContinuationToken": "t",
        },
        {"Contents": [{"Key": keys[1], "Size": 2}]},
    ]
    store, client = a_store(*pages)

    found = store.sizes(BatchId("a" * 32))

    assert found == {"a" * 28 + "0000": 1, "a" * 28 + "0001": 2}
    assert client.asked[0][1]["Prefix"] == f"a prefix/incoming/{'a' * 28}"


def test_old_parts_are_counted_and_none_is_given_up() -> None:
    old = {"Key": "a prefix/packs/1", "UploadId": "1", "Initiated": START - timedelta(days=1)}
    young = {"Key": "a prefix/packs/2", "UploadId": "2", "Initiated": START}
    store, client = a_store({}, {"Uploads": [old, young]}, {}, {})

    count = store.count_stale(START)

    assert count == 1
    assert {name for name, _ in client.asked} == {"list_multipart_uploads"}


def test_only_old_parts_under_our_prefixes_are_given_up() -> None:
    old = {"Key": "a prefix/incoming/1", "UploadId": "1", "Initiated": START - timedelta(days=1)}
    young = {"Key": "a prefix/packs/2", "UploadId": "2", "Initiated": START}
    markers = {"NextKeyMarker": "k", "NextUploadIdMarker": "u"}
    store, client = a_store(
        {"Uploads": [old], "IsTruncated": True, **markers}, {}, {}, {}, {}, {"Uploads": [young]}
    )

    count = store.forget_stale(START)

    aborted = [asked["UploadId"] for name, asked in client.asked if name.startswith("abort")]
    prefixes = [asked["Prefix"] for name, asked in client.asked if name.startswith("list")]
    assert (count, aborted) == (1, ["1"])
    assert set(prefixes) == {
        f"a prefix/{name}/" for name in ("incoming", "objects", "packs", "small")
    }
