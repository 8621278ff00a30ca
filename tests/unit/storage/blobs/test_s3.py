"""How much the bucket is asked for, and what its answers become; without a server."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from filemanager.domain.errors import FilemanagerError, StoreFull, StoreUnavailable
from filemanager.storage.blobs.objects import ObjectMissing
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.blobs.s3 import PART_BYTES, S3Objects
from filemanager.storage.s3.client import S3Access, s3_client
from filemanager.storage.scratch.file import MemoryContent

KEY = "packs/abcdef"
Answer = Mapping[str, Any]
USUAL: Answer = {"create_multipart_upload": {"UploadId": "1"}, "upload_part": {"ETag": "tag"}}


@dataclass(slots=True)
class FakeClient:
    """Says yes to everything but *refused*, which gets *error*; remembers what was asked."""

    refused: str = ""
    error: Exception | None = None
    body: io.IOBase | None = None
    pages: Iterator[Answer] = field(default_factory=lambda: iter(()))
    asked: list[str] = field(default_factory=list)
    sent_bytes: list[int] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        def answer(**arguments: object) -> Answer:
            self.asked.append(name)
            if (sent := arguments.get("Body")) is not None:
                self.sent_bytes.append(_size_of(sent))
            if self.error and name == self.refused:
                raise self.error
            if name == "list_objects_v2":
                return next(self.pages)
            return {"Body": self.body, **USUAL.get(name, {})}

        return answer


def _size_of(body: Any) -> int:
    return len(body) if isinstance(body, bytes) else len(body.read())


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "Any")


@pytest.mark.parametrize("count", [1, 20, 2_000])
def test_many_small_files_are_one_request(count: int) -> None:
    client = FakeClient()
    contents = [MemoryContent.of(f"{number} ".encode() * 500) for number in range(count)]

    put = PackingBlobStore(S3Objects(client, "bucket")).put(contents)

    assert len(put.blobs) == count
    assert client.asked == ["put_object"]


def test_a_large_object_is_sent_in_bounded_parts() -> None:
    client = FakeClient()

    S3Objects(client, "bucket").write(KEY, [bytes(4 << 20)] * 65)

    assert client.sent_bytes == [PART_BYTES] * 32 + [4 << 20]
    assert client.asked == [
        "create_multipart_upload",
        *["upload_part"] * 33,
        "complete_multipart_upload",
    ]


def test_as_much_as_a_pack_holds_is_one_request() -> None:
    client = FakeClient()

    S3Objects(client, "bucket").write(KEY, [bytes(4 << 20)] * 64)

    assert client.sent_bytes == [256 << 20]
    assert client.asked == ["put_object"]


@pytest.mark.parametrize("refused", ["upload_part", "complete_multipart_upload"])
def test_a_refused_part_aborts_the_upload(refused: str) -> None:
    client = FakeClient(refused, refusal("InternalError"))

    with pytest.raises(StoreUnavailable):
        S3Objects(client, "bucket").write(KEY, [bytes(PART_BYTES)] * 33)

    assert client.asked[-1] == "abort_multipart_upload"


def test_an_error_in_the_bytes_aborts_the_upload() -> None:
    def failing() -> Iterator[bytes]:
        yield from [bytes(PART_BYTES)] * 33
        raise KeyError

    client = FakeClient()

    with pytest.raises(KeyError):
        S3Objects(client, "bucket").write(KEY, failing())

    assert client.asked[-1] == "abort_multipart_upload"


def test_an_error_in_the_first_bytes_sends_nothing() -> None:
    def failing() -> Iterator[bytes]:
        yield b"some"
        raise KeyError

    client = FakeClient()

    with pytest.raises(KeyError):
        S3Objects(client, "bucket").write(KEY, failing())

    assert client.asked == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal("QuotaExceeded"), StoreFull),
        (refusal("SlowDown"), StoreUnavailable),
        (refusal("AccessDenied"), StoreUnavailable),
        (refusal("NoSuchBucket"), StoreUnavailable),
        (EndpointConnectionError(endpoint_url="http://store"), StoreUnavailable),
        (ReadTimeoutError(endpoint_url="http://store"), StoreUnavailable),
    ],
)
def test_errors_of_the_library_stay_inside(
    error: Exception, expected: type[FilemanagerError]
) -> None:
    with pytest.raises(expected):
        S3Objects(FakeClient("put_object", error), "bucket").write(KEY, [b"bytes"])


def test_an_unknown_size_is_not_a_missing_object() -> None:
    objects = S3Objects(FakeClient("head_object", refusal("403")), "bucket")

    with pytest.raises(StoreUnavailable):
        objects.size(KEY)


@pytest.mark.parametrize("code", ["NoSuchKey", "InvalidRange"])
def test_an_object_that_does_not_hold_the_range_is_missing(code: str) -> None:
    objects = S3Objects(FakeClient("get_object", refusal(code)), "bucket")

    with pytest.raises(ObjectMissing):
        list(objects.read(KEY, 5, 10))


def test_a_connection_lost_in_the_middle_is_a_store_that_is_down() -> None:
    objects = S3Objects(FakeClient(body=_BrokenBody()), "bucket")

    with pytest.raises(StoreUnavailable):
        list(objects.read(KEY, 0, 10))


def test_a_reader_that_leaves_closes_the_connection() -> None:
    body = io.BytesIO(bytes(3 << 20))
    chunks = S3Objects(FakeClient(body=body), "bucket").read(KEY, 0, 3 << 20)

    next(chunks)
    del chunks

    assert body.closed


class _BrokenBody(io.BytesIO):
    def read(self, _size: int | None = -1) -> bytes:
        raise BotoCoreError


def test_a_listing_follows_its_pages() -> None:
    pages: Iterator[Answer] = iter(
        [
            {},
            {
                "Contents": [a_listed("objects/1")],
                "IsTruncated": True,
                "NextContinuationToken": "t",
            },
            {"Contents": [a_listed("objects/2")], "IsTruncated": False},
            {"Contents": [a_listed("packs/3")]},
            {},
        ]
    )

    listed = S3Objects(FakeClient(pages=pages), "bucket", prefix="mine/").listing()

    assert [found.key for found in listed] == ["objects/1", "objects/2", "packs/3"]


def a_listed(key: str) -> Answer:
    return {"Key": f"mine/{key}", "Size": 1, "LastModified": None}


def test_a_secret_key_is_not_shown() -> None:
    access = S3Access(endpoint_url=None, access_key="key", secret_key="hidden")

    assert "hidden" not in repr(access)


def test_the_client_gives_up_soon() -> None:
    access = S3Access(endpoint_url="http://127.0.0.1:9", access_key="key", secret_key="secret")

    config = s3_client(access).meta.config

    assert config.connect_timeout + config.read_timeout <= 30
    assert config.retries["total_max_attempts"] == 3
