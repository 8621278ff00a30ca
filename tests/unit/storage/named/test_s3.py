"""What a gateway in a test hardly does: many pages, a full store, an object that vanishes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from filemanager.domain.blobs.named_objects import Written
from filemanager.domain.errors import ScratchFull, StoreFull, StoreUnavailable
from filemanager.storage.named.s3 import S3NamedObjects, S3Place

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "PutObject")


class Store:
    """A client whose pages hold one object each, and which refuses what it is told to."""

    meta = None

    def __init__(self, keys: tuple[str, ...] = (), **refused: str) -> None:
        self.keys = keys
        self.refused = refused

    def put_object(self, **_: object) -> Mapping[str, Any]:
        return self._answer("put")

    def copy_object(self, **_: object) -> Mapping[str, Any]:
        return self._answer("copy")

    def head_object(self, **_: object) -> Mapping[str, Any]:
        return self._answer("head")

    def head_bucket(self, **_: object) -> Mapping[str, Any]:
        return self._answer("bucket")

    def get_object(self, **_: object) -> Mapping[str, Any]:
        return self._answer("get")

    def delete_object(self, **_: object) -> Mapping[str, Any]:
        return self._answer("delete")

    def list_objects_v2(self, **query: object) -> Mapping[str, Any]:
        number = int(str(query.get("ContinuationToken", 0)))
        found = {"Key": self.keys[number], "Size": 1, "ETag": '"e"', "LastModified": NOW}
        is_last = number + 1 == len(self.keys)
        return {
            "Contents": [found],
            "IsTruncated": not is_last,
            "NextContinuationToken": str(number + 1),
        }

    def generate_presigned_url(self, **_: object) -> str:
        return ""

    def _answer(self, call: str) -> Mapping[str, Any]:
        if call in self.refused:
            raise refusal(self.refused[call])
        return {}


def test_a_listing_goes_through_all_pages() -> None:
    objects = S3NamedObjects(Store(("p/a", "p/b", "p/c")), S3Place(bucket="bits", prefix="p/"))

    assert [one.key for one in objects.listing("")] == ["a", "b", "c"]


def test_a_full_store_says_so() -> None:
    objects = S3NamedObjects(Store(put="QuotaExceeded"), S3Place(bucket="bits"))

    with pytest.raises(StoreFull):
        objects.put("a", [b"x"], "text/plain")


def test_no_room_to_wait_in_says_so(tmp_path: Path) -> None:
    staging = str(tmp_path / "gone")
    objects = S3NamedObjects(Listening(), S3Place(bucket="bits"), staging=staging)

    with pytest.raises(ScratchFull):
        objects.put("a", [bytes(9 << 20)], "text/plain")


def test_a_missing_bucket_is_no_missing_object() -> None:
    objects = S3NamedObjects(Store(head="404", bucket="404"), S3Place(bucket="bits"))

    with pytest.raises(StoreUnavailable):
        objects.head("a")


@pytest.mark.parametrize(
    ("is_public", "sends_acl", "sent"),
    [(True, True, "public-read"), (False, True, None), (True, False, None)],
)
def test_only_public_objects_are_shown_and_only_where_acls_are_taken(
    *, is_public: bool, sends_acl: bool, sent: str | None
) -> None:
    store = Listening()
    objects = S3NamedObjects(store, S3Place(bucket="bits", sends_acl=sends_acl))

    written = objects.put("a", [b"x"], "text/csv", is_public=is_public)

    assert written == Written(size_bytes=1, etag="e")
    assert store.heard.get("ACL") == sent


class Listening(Store):
    """Keeps what it is asked to put."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: Mapping[str, object] = {}

    def put_object(self, **given: object) -> Mapping[str, Any]:
        self.heard = given
        return {"ETag": '"e"'}
