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

from filemanager.domain.errors import FilemanagerError, StoreFull, StoreUnavailable
from filemanager.domain.named_objects import (
    NamedObjectMissing,
    NamedObjects,
    PostedObjects,
    PostForm,
    PostTerms,
)
from filemanager.storage.named.directory import DirectoryNamedObjects
from filemanager.storage.named.s3 import S3NamedObjects, signing_client
from filemanager.storage.s3.client import S3Access
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
    """Objects under test; ``post`` is a client's, ``get`` reads a URL without anything else."""

    objects: NamedObjects
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

    return Kept(objects, post, get)


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.s3)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    if request.param == "directory":
        return kept_in_directory(tmp_path)
    objects = in_gateway(request.getfixturevalue("s3_gateway"), "raw/")
    return Kept(objects, post_to_s3, get_from_s3)


def in_gateway(gateway: Gateway, prefix: str = "") -> S3NamedObjects:
    access = S3Access(
        endpoint_url=gateway.endpoint_url,
        access_key=gateway.access_key,
        secret_key=gateway.secret_key,
    )
    return S3NamedObjects(signing_client(access), gateway.new_bucket(), prefix)


def changed(form: PostForm, **fields: str) -> PostForm:
    named: Mapping[str, str] = {name.replace("_", "-"): value for name, value in fields.items()}
    return PostForm(form.url, {**form.fields, **named})


@pytest.mark.parametrize("data", [b"", b"x", ROW, b"y" * (3 << 20)])
def test_what_was_put_is_found_and_read(kept: Kept, data: bytes) -> None:
    made = kept.objects.put(KEY, [data[:1], data[1:]], "text/csv")

    found = kept.objects.head(KEY)

    assert found == made
    assert (made.key, made.size_bytes, made.media_type) == (KEY, len(data), "text/csv")
    assert kept.bytes_at() == data


def test_a_part_is_read(kept: Kept) -> None:
    kept.objects.put(KEY, [ROW], "text/csv")

    assert b"".join(kept.objects.read(KEY, 2, 5)) == ROW[2:5]
    assert b"".join(kept.objects.read(KEY, 4)) == ROW[4:]


def test_writing_again_replaces_all(kept: Kept) -> None:
    before = kept.objects.put(KEY, [ROW], "text/csv")

    after = kept.objects.put(KEY, [b"{}"], "application/json")

    assert kept.bytes_at() == b"{}"
    assert after.version != before.version
    assert kept.objects.head(KEY) == after


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
    form = kept.objects.form(terms(), HOUR)

    assert kept.post(form, ROW)

    found = kept.objects.head(KEY)
    assert found is not None
    assert (found.size_bytes, found.media_type, found.etag) == (8, "text/csv", terms().md5)
    assert kept.bytes_at() == ROW


@pytest.mark.parametrize("data", [b"", ROW[:-1], ROW + b"3"])
def test_a_file_of_another_length_is_refused(kept: Kept, data: bytes) -> None:
    form = kept.objects.form(terms(), HOUR)

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
    form = kept.objects.form(terms(), HOUR)

    assert not kept.post(changed(form, **fields), ROW)

    assert list(kept.objects.listing("")) == []


def test_a_form_with_another_signature_is_refused(kept: Kept) -> None:
    form = kept.objects.form(terms(), HOUR)
    name = "signature" if "signature" in form.fields else "x-amz-signature"

    altered = PostForm(form.url, {**form.fields, name: form.fields[name][::-1]})

    assert not kept.post(altered, ROW)


def test_a_form_without_a_field_is_refused(kept: Kept) -> None:
    form = kept.objects.form(terms(), HOUR)
    fields = {name: value for name, value in form.fields.items() if name != "Content-Type"}

    assert not kept.post(PostForm(form.url, fields), ROW)


def test_an_expired_form_is_refused(kept: Kept) -> None:
    form = kept.objects.form(terms(), timedelta(minutes=-1))

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

    assert not kept.post(kept.objects.form(terms(), HOUR), b"A" * len(ROW))

    assert kept.bytes_at() == b"before"
    assert list((tmp_path / "arriving").iterdir()) == []


def test_nodes_that_share_a_directory_understand_each_other(tmp_path: Path) -> None:
    one, other = kept_in_directory(tmp_path), kept_in_directory(tmp_path)

    assert other.post(one.objects.form(terms(), HOUR), ROW)

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

    assert post_to_s3(objects.form(terms(), HOUR), b"A" * len(ROW))

    found = objects.head(KEY)
    assert found is not None
    assert found.etag != terms().md5


@pytest.mark.s3
def test_a_public_object_of_s3_is_read_at_its_plain_url(s3_gateway: Gateway) -> None:
    objects = in_gateway(s3_gateway)
    for key, is_public in (("shown", True), ("hidden", False)):
        assert post_to_s3(objects.form(terms(key=key, is_public=is_public), HOUR), ROW)

    place = f"{s3_gateway.endpoint_url}/{objects.bucket}"

    assert get_from_s3(f"{place}/shown") == ROW
    assert get_from_s3(f"{place}/hidden") is None


@pytest.mark.s3
def test_a_bucket_without_acls_is_asked_for_none(s3_gateway: Gateway) -> None:
    access = S3Access(endpoint_url=s3_gateway.endpoint_url, access_key="a", secret_key="b")
    objects = S3NamedObjects(signing_client(access), "bits", sends_acl=False)

    form = objects.form(terms(is_public=True), HOUR)

    assert "acl" not in form.fields
    assert not objects.shows_public


@pytest.mark.s3
def test_a_missing_bucket_or_wrong_key_is_unavailable(s3_gateway: Gateway) -> None:
    access = S3Access(endpoint_url=s3_gateway.endpoint_url, access_key="a", secret_key="b")
    objects = S3NamedObjects(signing_client(access), "missing-bucket")

    for call in (
        lambda: objects.head(KEY),
        lambda: objects.put(KEY, [ROW], "text/csv"),
        lambda: list(objects.listing("")),
        lambda: list(objects.read(KEY)),
        lambda: objects.delete(KEY),
    ):
        with pytest.raises(StoreUnavailable):
            call()
