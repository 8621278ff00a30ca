"""What every keeper of named objects promises, and what its forms let through."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from filemanager.domain.blobs.blob import RAW_OBJECT_BYTES, KeptAs
from filemanager.domain.blobs.named_objects import (
    NamedObjectMissing,
    NamedObjects,
    Original,
    PostedObjects,
    PostForm,
    PostForms,
    PostTerms,
)
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged, FilemanagerError, StoreFull, StoreUnavailable
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.blobs.s3 import S3Objects
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.named.links import S3BlobLinks
from filemanager.storage.named.post_policies import s3_post_forms
from filemanager.storage.named.s3 import S3NamedObjects, S3Place, signing_client
from filemanager.storage.s3.client import S3Access, s3_client
from filemanager.storage.scratch.file import MemoryContent
from servers.radosgw import Gateway

HOUR = timedelta(hours=1)
ROW = b"a,b\n1,2\n"
KEY = "alice/ds/data/f ü.csv"
PLACE = "/rawstore/objects"


def clock() -> datetime:
    return datetime.now(UTC)


def terms(data: bytes = ROW, *, key: str = KEY, is_public: bool = False) -> PostTerms:
    return PostTerms(
        key=key,
        size_bytes=len(data),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        media_type="text/csv",
        is_public=is_public,
    )


@dataclass(frozen=True)
class Kept:
    """Objects under test; ``post`` is a client's, ``get`` reads a URL without anything else.

    ``blobs`` are in the same store, if that can be.
    """

    objects: NamedObjects
    forms: PostForms
    blobs: BlobStore
    post: Callable[[PostForm, bytes], bool]
    get: Callable[[str], bytes | None]

    def bytes_at(self, key: str = KEY) -> bytes:
        return b"".join(self.objects.read(key))


def post_to_s3(form: PostForm, data: bytes) -> bool:
    files: dict[str, Any] = {"file": ("f", BytesIO(data))}
    answer = requests.post(form.url, data=dict(form.fields), files=files, timeout=30)
    assert answer.status_code in (204, 400, 403), answer.text
    return answer.status_code == 204


def get_from_s3(url: str) -> bytes | None:
    answer = requests.get(url, timeout=30)
    return answer.content if answer.ok else None


def kept_in_directory(directory: Path) -> Kept:
    objects = DirectoryNamedObjects(directory, "rawstore", PLACE, clock)

    def post(form: PostForm, data: bytes) -> bool:
        posted: PostedObjects = objects
        try:
            posted.take(posted.terms_of(form.fields), [data[:3], data[3:]])
        except FilemanagerError:
            return False
        return True

    def get(url: str) -> bytes | None:
        key, (path, _, query) = objects.key_of(url), url.partition("?")
        assert key is not None
        assert path.startswith(PLACE)
        try:
            objects.ensure_signed(key, dict(pair.split("=") for pair in query.split("&")))
        except FilemanagerError:
            return None
        return b"".join(objects.read(key))

    return Kept(objects, objects, PackingBlobStore(MemoryObjects()), post, get)


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.s3)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    if request.param == "directory":
        return kept_in_directory(tmp_path)
    gateway = request.getfixturevalue("s3_gateway")
    place = S3Place(bucket=gateway.new_bucket(), prefix="store/")
    blobs = PackingBlobStore(S3Objects(s3_client(access_to(gateway)), place.bucket, place.prefix))
    objects = in_gateway(gateway, "raw/", blobs=place)
    forms = forms_of(gateway, S3Place(bucket=objects.bucket, prefix="raw/"))
    return Kept(objects, forms, blobs, post_to_s3, get_from_s3)


def access_to(gateway: Gateway) -> S3Access:
    return S3Access(
        endpoint_url=gateway.endpoint_url,
        access_key=gateway.access_key,
        secret_key=gateway.secret_key,
    )


def forms_of(gateway: Gateway, place: S3Place) -> PostForms:
    return s3_post_forms(access_to(gateway), place, clock)


def in_gateway(
    gateway: Gateway, prefix: str = "", *, blobs: S3Place | None = None
) -> S3NamedObjects:
    place = S3Place(bucket=gateway.new_bucket(), prefix=prefix)
    return S3NamedObjects(signing_client(access_to(gateway)), place, blobs=blobs)


def changed(form: PostForm, **fields: str) -> PostForm:
    named: Mapping[str, str] = {name.replace("_", "-"): value for name, value in fields.items()}
    return PostForm(form.url, {**form.fields, **named})


@pytest.mark.parametrize("data", [b"", b"x", ROW, b"y" * (3 << 20)])
def test_what_was_put_is_found_and_read(kept: Kept, data: bytes) -> None:
    made = kept.objects.put(KEY, [data[:1], data[1:]], "text/csv")

    found = kept.objects.head(KEY)

    assert found is not None
    assert (found.key, found.media_type, found.cache_control) == (KEY, "text/csv", None)
    assert (found.size_bytes, found.etag) == (made.size_bytes, made.etag)
    assert kept.bytes_at() == data


def test_caches_are_told_what_was_asked_for(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv", cache_control="no-cache")

    found = kept.objects.head(KEY)

    assert found is not None
    assert found.cache_control == "no-cache"


def original(kept: Kept, data: bytes, keep: KeptAs = KeptAs.RAW) -> Original:
    (blob,) = kept.blobs.put([MemoryContent.of(data)], keep).blobs
    return Original(blob, kept.blobs)


@pytest.mark.parametrize("keep", KeptAs)
@pytest.mark.parametrize("size_bytes", [0, 100, RAW_OBJECT_BYTES, 3 << 20])
def test_a_blob_is_copied_however_it_is_kept(kept: Kept, size_bytes: int, keep: KeptAs) -> None:
    data = b"y" * size_bytes
    kept.blobs.put([MemoryContent.of(b"another")])

    made = kept.objects.copy_from(KEY, original(kept, data, keep), "text/csv", cache_control="x")

    found = kept.objects.head(KEY)
    assert found is not None
    assert (found.media_type, found.cache_control) == ("text/csv", "x")
    assert (found.size_bytes, found.etag) == (made.size_bytes, made.etag)
    assert kept.bytes_at() == data


@pytest.mark.parametrize("size_bytes", [100, RAW_OBJECT_BYTES])
def test_a_blob_that_is_gone_is_not_copied(kept: Kept, size_bytes: int) -> None:
    kept.objects.put(KEY, [ROW], "text/csv")
    gone = original(kept, b"y" * size_bytes)
    kept.blobs.put([MemoryContent.of(b"another")])
    kept.blobs.delete(gone.blob.object_key)

    with pytest.raises(BlobDamaged):
        kept.objects.copy_from(KEY, gone, "text/csv")

    assert kept.bytes_at() == ROW


def test_a_part_is_read(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv")

    assert b"".join(kept.objects.read(KEY, 2, 5)) == ROW[2:5]
    assert b"".join(kept.objects.read(KEY, 4)) == ROW[4:]


def test_writing_again_replaces_all(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv", cache_control="no-cache")
    before = kept.objects.head(KEY)

    kept.objects.put(KEY, [b"{}"], "application/json")

    after = kept.objects.head(KEY)
    assert kept.bytes_at() == b"{}"
    assert before is not None
    assert after is not None
    assert after.version != before.version
    assert (after.media_type, after.cache_control) == ("application/json", None)


def test_what_is_missing_is_told(kept: Kept) -> None:
    assert kept.objects.head(KEY) is None
    with pytest.raises(NamedObjectMissing):
        kept.bytes_at()


def test_what_was_deleted_is_missing_and_deleting_again_is_no_error(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv")

    kept.objects.delete(KEY)
    kept.objects.delete(KEY)

    assert kept.objects.head(KEY) is None


def test_a_file_may_lie_beside_its_namesake_of_a_directory(kept: Kept) -> None:
    for key in ("a/b", "a", "b"):
        kept.objects.put(key, [key.encode()], "text/plain")

    assert [one.key for one in kept.objects.listing("a")] == ["a", "a/b"]
    assert [one.size_bytes for one in kept.objects.listing("")] == [1, 3, 1]


def test_a_form_posts_its_file(kept: Kept) -> None:
    form = kept.forms.form(terms(), HOUR)

    assert kept.post(form, ROW)

    found = kept.objects.head(KEY)
    assert found is not None
    assert (found.size_bytes, found.media_type, found.etag) == (8, "text/csv", terms().md5)
    assert kept.bytes_at() == ROW


@pytest.mark.parametrize("data", [b"", ROW[:-1], ROW + b"3"])
def test_a_file_of_another_length_is_refused(kept: Kept, data: bytes) -> None:
    form = kept.forms.form(terms(), HOUR)

    assert not kept.post(form, data)

    assert kept.objects.head(KEY) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "mallory/x"},
        {"key": "../alice/ds/data/f.csv"},
        {"Content_Type": "text/html"},
        {"acl": "public-read"},
        {"policy": ""},
        {"policy": "e30="},
    ],
)
def test_an_altered_form_is_refused(kept: Kept, fields: dict[str, str]) -> None:
    form = kept.forms.form(terms(), HOUR)

    assert not kept.post(changed(form, **fields), ROW)

    assert list(kept.objects.listing("")) == []


def test_a_form_with_another_signature_is_refused(kept: Kept) -> None:
    form = kept.forms.form(terms(), HOUR)
    name = "signature" if "signature" in form.fields else "x-amz-signature"

    altered = PostForm(form.url, {**form.fields, name: form.fields[name][::-1]})

    assert not kept.post(altered, ROW)


def test_a_form_without_a_field_is_refused(kept: Kept) -> None:
    form = kept.forms.form(terms(), HOUR)
    fields = {name: value for name, value in form.fields.items() if name != "Content-Type"}

    assert not kept.post(PostForm(form.url, fields), ROW)


def test_an_expired_form_is_refused(kept: Kept) -> None:
    form = kept.forms.form(terms(), timedelta(minutes=-1))

    assert not kept.post(form, ROW)

    assert kept.objects.head(KEY) is None


def test_a_signed_url_reads_one_object(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv")

    url = kept.objects.signed_url(KEY, HOUR)

    assert kept.get(url) == ROW
    assert kept.objects.key_of(url) == KEY


def test_an_expired_or_altered_url_reads_nothing(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv")
    kept.objects.put("alice/g", [ROW], "text/csv")
    url = kept.objects.signed_url("alice/g", HOUR)

    assert kept.get(kept.objects.signed_url(KEY, timedelta(minutes=-1))) is None
    assert kept.get(url.replace("alice/g", "alice/ds/data/f%20%C3%BC.csv")) is None


def test_urls_of_others_name_nothing_here(kept: Kept) -> None:
    for url in ("", "x", "https://example.org/alice/g", "file:///etc/passwd", "//host/a", "/a"):
        assert kept.objects.key_of(url) is None, url


def test_every_prefix_leads_to_the_key(kept: Kept) -> None:
    for prefix in kept.objects.url_prefixes():
        assert kept.objects.key_of(f"{prefix}alice/a%20b") == "alice/a b"


def test_a_missing_directory_is_no_empty_store(tmp_path: Path) -> None:
    kept = kept_in_directory(tmp_path / "gone")

    with pytest.raises(StoreUnavailable):
        kept.objects.put(KEY, [ROW], "text/csv")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield ROW
        raise OSError(errno.ENOSPC, "No space left on device")

    kept = kept_in_directory(tmp_path)

    with pytest.raises(StoreFull):
        kept.objects.put(KEY, chunks(), "text/csv")

    assert kept.objects.head(KEY) is None
    assert list((tmp_path / "arriving").iterdir()) == []


def test_what_a_killed_process_left_is_removed_in_time(tmp_path: Path) -> None:
    kept = kept_in_directory(tmp_path)
    arriving = tmp_path / "arriving"
    arriving.mkdir()
    for name, age in (("abandoned", timedelta(days=2)), ("arriving", timedelta())):
        (arriving / name).touch()
        written_at = (clock() - age).timestamp()
        os.utime(arriving / name, (written_at, written_at))

    kept.objects.put(KEY, [ROW], "text/csv")

    assert [path.name for path in arriving.iterdir()] == ["arriving"]


def test_the_directory_refuses_another_md5(tmp_path: Path) -> None:
    kept = kept_in_directory(tmp_path)
    kept.objects.put(KEY, [b"before"], "text/csv")

    assert not kept.post(kept.forms.form(terms(), HOUR), b"A" * len(ROW))

    assert kept.bytes_at() == b"before"
    assert list((tmp_path / "arriving").iterdir()) == []


def test_nodes_that_share_a_directory_understand_each_other(tmp_path: Path) -> None:
    one, other = kept_in_directory(tmp_path), kept_in_directory(tmp_path)

    assert other.post(one.forms.form(terms(), HOUR), ROW)

    assert one.get(other.objects.signed_url(KEY, HOUR)) == ROW


def test_forms_of_another_secret_are_refused(tmp_path: Path) -> None:
    kept = kept_in_directory(tmp_path)
    other = DirectoryNamedObjects(tmp_path, "rawstore", PLACE, clock, secret=b"x" * 32)

    assert not kept.post(other.form(terms(), HOUR), ROW)
    assert kept.get(other.signed_url(KEY, HOUR)) is None


@pytest.mark.s3
def test_the_gateway_stores_other_bytes_of_the_same_length(s3_gateway: Gateway) -> None:
    """No S3 store compares ``Content-MD5`` in a form: who needs the digest must look."""
    objects = in_gateway(s3_gateway)
    forms = forms_of(s3_gateway, S3Place(bucket=objects.bucket))

    assert post_to_s3(forms.form(terms(), HOUR), b"A" * len(ROW))

    found = objects.head(KEY)
    assert found is not None
    assert found.etag != terms().md5


@pytest.mark.s3
def test_a_public_object_of_s3_is_read_at_its_plain_url(s3_gateway: Gateway) -> None:
    objects = in_gateway(s3_gateway)
    forms = forms_of(s3_gateway, S3Place(bucket=objects.bucket))
    for key, is_public in (("shown", True), ("hidden", False)):
        assert post_to_s3(forms.form(terms(key=key, is_public=is_public), HOUR), ROW)

    place = f"{s3_gateway.endpoint_url}/{objects.bucket}"

    assert get_from_s3(f"{place}/shown") == ROW
    assert get_from_s3(f"{place}/hidden") is None


@pytest.mark.s3
def test_a_public_copy_is_read_at_its_plain_url(s3_gateway: Gateway) -> None:
    place = S3Place(bucket=s3_gateway.new_bucket())
    client = s3_client(access_to(s3_gateway))
    blobs = PackingBlobStore(S3Objects(client, place.bucket))
    (blob,) = blobs.put([MemoryContent.of(ROW * RAW_OBJECT_BYTES)], KeptAs.RAW).blobs
    objects = in_gateway(s3_gateway, blobs=place)
    url = f"{s3_gateway.endpoint_url}/{objects.bucket}"

    for key, is_public in (("shown", True), ("hidden", False)):
        objects.copy_from(key, Original(blob, blobs), "text/csv", is_public=is_public)

    assert get_from_s3(f"{url}/shown") == ROW * RAW_OBJECT_BYTES
    assert get_from_s3(f"{url}/hidden") is None


@dataclass(frozen=True)
class Counted:
    """A place for objects, all blobs in the same store, and the requests that are made."""

    objects: S3NamedObjects
    blobs: BlobStore
    requests: list[str]

    def during(self, work: Callable[[], object]) -> list[str]:
        self.requests.clear()
        work()
        return list(self.requests)


@pytest.fixture
def counted(s3_gateway: Gateway) -> Counted:
    blobs, client = s3_client(access_to(s3_gateway)), signing_client(access_to(s3_gateway))
    requests: list[str] = []
    for one in (blobs, client):
        one.meta.events.register(
            "before-send.s3", lambda request, **_: requests.append(request.method)
        )
    place = S3Place(bucket=s3_gateway.new_bucket())
    return Counted(
        S3NamedObjects(client, S3Place(bucket=s3_gateway.new_bucket()), blobs=place),
        PackingBlobStore(S3Objects(blobs, place.bucket)),
        requests,
    )


@pytest.mark.s3
def test_a_write_is_one_request(counted: Counted) -> None:
    assert counted.during(lambda: counted.objects.put(KEY, [ROW], "text/csv")) == ["PUT"]


@pytest.mark.s3
def test_a_copy_is_one_request_and_no_byte_passes_us(counted: Counted) -> None:
    (blob,) = counted.blobs.put([MemoryContent.of(ROW * RAW_OBJECT_BYTES)], KeptAs.RAW).blobs
    original = Original(blob, counted.blobs)

    assert counted.during(lambda: counted.objects.copy_from(KEY, original, "text/csv")) == ["PUT"]


@pytest.mark.s3
def test_what_the_store_cannot_copy_is_read_and_written_once(counted: Counted) -> None:
    (blob,) = counted.blobs.put([MemoryContent.of(ROW)], KeptAs.RAW).blobs
    original = Original(blob, counted.blobs)

    asked = counted.during(lambda: counted.objects.copy_from(KEY, original, "text/csv"))

    assert asked == ["GET", "PUT"]


@pytest.mark.s3
def test_a_missing_bucket_or_wrong_key_is_unavailable(s3_gateway: Gateway) -> None:
    access = S3Access(endpoint_url=s3_gateway.endpoint_url, access_key="a", secret_key="b")
    objects = S3NamedObjects(signing_client(access), S3Place(bucket="missing-bucket"))

    for call in (
        lambda: objects.head(KEY),
        lambda: objects.put(KEY, [ROW], "text/csv"),
        lambda: list(objects.listing("")),
        lambda: list(objects.read(KEY)),
        lambda: objects.delete(KEY),
    ):
        with pytest.raises(StoreUnavailable):
            call()


@pytest.mark.s3
def test_a_link_reads_the_bytes_of_a_blob_that_is_an_object(
    request: pytest.FixtureRequest,
) -> None:
    gateway: Gateway = request.getfixturevalue("s3_gateway")
    place = S3Place(bucket=gateway.new_bucket(), prefix="store/")
    store = S3Objects(s3_client(access_to(gateway)), place.bucket, place.prefix)
    large, small = bytes(RAW_OBJECT_BYTES), b"another"
    put = PackingBlobStore(store).put(map(MemoryContent.of, (large, small)), KeptAs.RAW)
    links = S3BlobLinks(signing_client(access_to(gateway)), place, HOUR)
    of_large, of_small = (links.link(blob) for blob in put.blobs)

    assert of_large is not None
    answer = requests.get(of_large("text/csv", "attachment; filename=f.csv"), timeout=30)

    assert answer.content == large
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename=f.csv"
    assert of_small is None
