"""What every source promises, in memory, in a directory and in Ceph with versions and without."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from filemanager.domain.errors import Malformed
from filemanager.domain.sources.errors import (
    SourceObjectChanged,
    SourceObjectGone,
    SourceUnavailable,
)
from filemanager.domain.sources.objects import (
    ObjectPage,
    ObjectQuery,
    PinnedObject,
    SignedMethod,
    SignedWish,
    SourceObject,
    SourceObjects,
)
from filemanager.domain.sources.source import Credentials, Probe
from servers.radosgw import Gateway
from worlds.lab_sources import (
    PREFIX,
    GatewayLab,
    Lab,
    directory_lab,
    gateway_lab,
    memory_lab,
)

KEYS = ["a-b", "a.b", "a/b/c", "a/b/d", "a/c", "a0", "sub dir/b \u00fc.tif", "z+%2B&=?#'\"<\u2028>"]
LISTINGS: list[tuple[ObjectQuery, list[str], list[str]]] = [
    (ObjectQuery(delimiter=""), KEYS, []),
    (ObjectQuery(), ["a-b", "a.b", "a0", KEYS[-1]], ["a/", "sub dir/"]),
    (ObjectQuery(prefix="a"), ["a-b", "a.b", "a0"], ["a/"]),
    (ObjectQuery(prefix="a/"), ["a/c"], ["a/b/"]),
    (ObjectQuery(prefix="a/", delimiter=""), ["a/b/c", "a/b/d", "a/c"], []),
    (ObjectQuery(prefix="sub dir/b \u00fc"), ["sub dir/b \u00fc.tif"], []),
    (ObjectQuery(prefix="nothing/"), [], []),
    (ObjectQuery(prefix="nothing"), [], []),
    (ObjectQuery(contains="b", delimiter=""), ["a-b", "a.b", "a/b/c", "a/b/d", KEYS[6]], []),
    (ObjectQuery(contains="b"), ["a-b", "a.b"], ["sub dir/"]),
    (ObjectQuery(contains="a", prefix="a"), [], []),
]
LARGE = random.Random(1).randbytes((2 << 20) + 7)
MINUTE = timedelta(minutes=1)
WISH = SignedWish(disposition='attachment; filename="x y.tif"', media_type="image/tiff")

S3 = pytest.mark.s3
KINDS = (
    "memory",
    "memory-versioned",
    "directory",
    pytest.param("ceph", marks=S3),
    pytest.param("ceph-versioned", marks=S3),
)


@pytest.fixture(params=KINDS)
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Lab:
    kind = str(request.param)
    if kind == "directory":
        return directory_lab(tmp_path / "lab")
    is_versioned = kind.endswith("versioned")
    if kind.startswith("ceph"):
        return gateway_lab(request.getfixturevalue("s3_gateway"), is_versioned=is_versioned)
    return memory_lab(is_versioned=is_versioned)


@pytest.fixture
def ceph(s3_gateway: Gateway) -> GatewayLab:
    return gateway_lab(s3_gateway, is_versioned=True)


@pytest.fixture
def filled(lab: Lab) -> Lab:
    for key in KEYS:
        lab.put(key)
    return lab


def pages(objects: SourceObjects, query: ObjectQuery) -> Iterator[ObjectPage]:
    while True:
        page = objects.page(query)
        yield page
        if page.next is None:
            return
        query = replace(query, cursor=page.next)


def listed(objects: SourceObjects, query: ObjectQuery) -> tuple[list[str], list[str]]:
    """The keys and the prefixes of all pages."""
    found = list(pages(objects, query))
    assert all(len(page.objects) + len(page.prefixes) <= query.limit for page in found)
    keys = [one.key for page in found for one in page.objects]
    return keys, [one for page in found for one in page.prefixes]


def pinned(found: SourceObject) -> PinnedObject:
    return PinnedObject(key=found.key, version=found.version, etag=found.etag)


def read(objects: SourceObjects, pin: PinnedObject, start: int, stop: int) -> bytes:
    return b"".join(objects.read(pin, start, stop))


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_what_lies_there_is_listed_in_byte_order_a_page_at_a_time(filled: Lab, limit: int) -> None:
    for query, keys, prefixes in LISTINGS:
        found = listed(filled.objects, replace(query, limit=limit))

        assert found == (keys, prefixes), query


def test_an_empty_source_is_an_empty_page(lab: Lab) -> None:
    assert listed(lab.objects, ObjectQuery()) == ([], [])


def test_a_listing_and_a_look_tell_the_same_of_an_object(lab: Lab) -> None:
    lab.put("a", b"12345")

    (one,) = lab.objects.page(ObjectQuery()).objects
    found = lab.objects.find("a")

    assert found.size_bytes == 5
    assert (one.key, one.size_bytes, one.etag, one.version) == (
        found.key, found.size_bytes, found.etag, found.version,
    )  # fmt: skip
    assert found.etag
    assert '"' not in found.etag
    assert found.modified_at.replace(microsecond=0) == one.modified_at.replace(microsecond=0)
    assert abs(datetime.now(UTC) - found.modified_at) < timedelta(days=3650)


@pytest.mark.parametrize(
    "cursor",
    ["", "[]", "nonsense", '["a"]', '["a", 1, 2]', "[" * 5000, '["\\ud800"]', '["a", "\\ud800"]'],
)
@pytest.mark.parametrize("kind", ["ceph", "ceph-versioned"])
@pytest.mark.s3
def test_a_cursor_of_somebody_elses_is_refused_or_leads_nowhere_else(
    s3_gateway: Gateway, kind: str, cursor: str
) -> None:
    lab = gateway_lab(s3_gateway, is_versioned=kind.endswith("versioned"))
    lab.put("a")

    try:
        keys = [one.key for one in lab.objects.page(ObjectQuery(cursor=cursor)).objects]
    except (Malformed, SourceUnavailable):
        keys = []

    assert keys in ([], ["a"])


def test_what_was_deleted_is_neither_listed_nor_found(lab: Lab) -> None:
    lab.put("a")
    lab.put("b")
    lab.delete("a")

    assert listed(lab.objects, ObjectQuery()) == (["b"], [])
    for key in ("a", "a/b"):
        with pytest.raises(SourceObjectGone):
            lab.objects.find(key)
    with pytest.raises(SourceObjectGone):
        read(lab.objects, PinnedObject(key="a"), 0, 4)


def test_the_latest_version_is_what_is_listed(lab: Lab) -> None:
    for text in (b"1", b"22", b"333"):
        lab.put("a", text)

    (one,) = lab.objects.page(ObjectQuery()).objects

    assert one.size_bytes == 3
    assert read(lab.objects, pinned(one), 0, 3) == b"333"


def test_ranges_are_read_in_chunks(lab: Lab) -> None:
    lab.put("large", LARGE)
    pin = pinned(lab.objects.find("large"))

    chunks = list(lab.objects.read(pin, 0, len(LARGE)))

    assert b"".join(chunks) == LARGE
    assert max(map(len, chunks)) <= 1 << 20
    assert read(lab.objects, pin, 5, 7) == LARGE[5:7]
    assert read(lab.objects, pin, len(LARGE) - 1, len(LARGE)) == LARGE[-1:]


def test_of_an_empty_object_nothing_is_read(lab: Lab) -> None:
    lab.put("empty", b"")

    pin = pinned(lab.objects.find("empty"))

    assert read(lab.objects, pin, 0, 0) == b""
    with pytest.raises(SourceObjectGone):
        read(lab.objects, PinnedObject(key="none"), 0, 0)


def test_what_was_pinned_is_what_is_read_or_nothing(lab: Lab) -> None:
    lab.put("a", b"old!")
    old = lab.objects.find("a")
    assert lab.objects.ensure_there(pinned(old)) == old

    lab.put("a", b"new?")

    try:
        found = read(lab.objects, pinned(old), 0, 4)
    except SourceObjectChanged:
        found = None
        with pytest.raises(SourceObjectChanged):
            lab.objects.ensure_there(pinned(old))
    keeps_versions = lab.objects.probe().versioning
    assert found == (b"old!" if keeps_versions else None)
    assert read(lab.objects, pinned(lab.objects.find("a")), 0, 4) == b"new?"


def test_an_etag_that_is_not_met_is_a_change_even_of_a_version(lab: Lab) -> None:
    lab.put("a")
    found = lab.objects.find("a")

    for version in (None, found.version):
        other = PinnedObject(key="a", version=version, etag="0" * 32)
        with pytest.raises(SourceObjectChanged):
            lab.objects.ensure_there(other)
        with pytest.raises(SourceObjectChanged):
            read(lab.objects, other, 0, 1)


@pytest.mark.s3
def test_a_version_that_never_was_is_gone(ceph: GatewayLab) -> None:
    ceph.put("a")

    for version in ("x", "0" * 32, ceph.objects.find("a").version[:-1] + "_"):  # type: ignore[index]  # there is one
        with pytest.raises(SourceObjectGone):
            ceph.objects.ensure_there(PinnedObject(key="a", version=version))


@pytest.mark.s3
def test_a_delete_marker_is_no_content(ceph: GatewayLab) -> None:
    ceph.put("a")
    ceph.delete("a")
    made = ceph.client.list_object_versions(Bucket=ceph.place.bucket)["DeleteMarkers"]

    with pytest.raises(SourceObjectGone):
        ceph.objects.ensure_there(PinnedObject(key="a", version=made[0]["VersionId"]))


@pytest.mark.s3
def test_signed_urls_read_that_version_for_whoever_has_them(ceph: GatewayLab) -> None:
    ceph.put("sub dir/b \u00fc.tif", b"old!")
    old = ceph.objects.find("sub dir/b \u00fc.tif")
    ceph.put("sub dir/b \u00fc.tif", b"new?")

    got = requests.get(ceph.objects.sign(pinned(old), SignedMethod.GET, WISH, MINUTE), timeout=9)
    head = ceph.objects.sign(pinned(old), SignedMethod.HEAD, WISH, MINUTE)
    told = requests.head(head, timeout=9)

    assert (got.status_code, got.content) == (200, b"old!")
    assert got.headers["Content-Type"] == "image/tiff"
    assert got.headers["Content-Disposition"] == WISH.disposition
    assert (told.status_code, told.headers["Content-Length"]) == (200, "4")


@pytest.mark.s3
def test_a_signed_url_is_for_nothing_else(ceph: GatewayLab) -> None:
    ceph.put("a", b"old!")
    old = ceph.objects.find("a")
    ceph.put("a", b"new?")
    url = ceph.objects.sign(pinned(old), SignedMethod.GET, WISH, MINUTE)

    others = [
        url.replace(f"/{ceph.place.bucket}/", "/other/"),
        url.replace("image%2Ftiff", "text%2Fhtml"),
        url.replace(f"versionId={old.version}", "versionId=x"),
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"),
    ]

    assert len({url, *others}) == 5
    assert [requests.get(one, timeout=9).status_code for one in others] == [403] * 4
    assert requests.head(url, timeout=9).status_code == 403


@pytest.mark.s3
def test_without_credentials_urls_are_plain_and_what_is_not_public_is_refused(
    ceph: GatewayLab,
) -> None:
    ceph.put("a")
    ceph.client.put_object_acl(Bucket=ceph.place.bucket, Key=f"{PREFIX}a", ACL="public-read")
    found = ceph.objects.find("a")
    open_to_all = ceph.of(None)

    url = open_to_all.sign(pinned(found), SignedMethod.GET, WISH, MINUTE)

    assert url.partition("?")[2] == f"versionId={found.version}"
    assert read(open_to_all, PinnedObject(key="a", etag=found.etag), 0, 4) == b"text"
    for refused in (
        lambda: open_to_all.page(ObjectQuery()),
        lambda: open_to_all.find("b"),
        open_to_all.probe,
    ):
        with pytest.raises(SourceUnavailable):
            refused()


@pytest.mark.s3
def test_credentials_that_are_refused_are_no_answer(ceph: GatewayLab) -> None:
    ceph.put("a")
    wrong = ceph.of(Credentials(access_key="AKTEST", secret_key="wrong"))

    for refused in (
        wrong.probe,
        lambda: wrong.page(ObjectQuery()),
        lambda: wrong.find("a"),
        lambda: read(wrong, PinnedObject(key="a"), 0, 1),
    ):
        with pytest.raises(SourceUnavailable):
            refused()


@pytest.mark.s3
def test_a_bucket_that_is_not_there_is_no_object_that_is_gone(ceph: GatewayLab) -> None:
    ceph.client.delete_bucket(Bucket=ceph.place.bucket)

    for missing in (
        lambda: ceph.objects.find("a"),
        lambda: read(ceph.objects, PinnedObject(key="a"), 0, 1),
        lambda: ceph.objects.page(ObjectQuery()),
    ):
        with pytest.raises(SourceUnavailable):
            missing()


@pytest.mark.s3
@pytest.mark.parametrize("is_versioned", [False, True])
def test_a_probe_tells_what_the_bucket_does(s3_gateway: Gateway, is_versioned: bool) -> None:
    lab = gateway_lab(s3_gateway, is_versioned=is_versioned)
    empty = lab.objects.probe()
    lab.put("a")
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    lab.client.put_bucket_cors(Bucket=lab.place.bucket, CORSConfiguration={"CORSRules": [rule]})

    assert empty == Probe(versioning=is_versioned, cors=False)
    assert lab.objects.probe() == Probe(
        versioning=is_versioned, conditional_get=True, signed_head=True, cors=True
    )


@pytest.mark.s3
@pytest.mark.parametrize(
    "key", ["../x", "a/../../b", "./a", "a//b", "//", "a/", "a\u007f\u0085", "a b+c"]
)
def test_odd_keys_are_keys_and_lead_nowhere_else(ceph: GatewayLab, key: str) -> None:
    ceph.put(key, b"odd")

    found = ceph.objects.find(key)
    url = ceph.objects.sign(pinned(found), SignedMethod.GET, WISH, MINUTE)

    assert read(ceph.objects, pinned(found), 0, 3) == b"odd"
    assert listed(ceph.objects, ObjectQuery(delimiter="")) == ([key], [])
    assert url.startswith(f"{ceph.place.endpoint}/{ceph.place.bucket}/")


@pytest.mark.s3
def test_one_page_asks_ten_times_at_most_for_what_is_looked_for(ceph: GatewayLab) -> None:
    for number in range(12):
        ceph.put(f"{number:02}")

    first = ceph.objects.page(ObjectQuery(contains="11", limit=1))

    assert (first.objects, first.next is None) == ([], False)
    assert listed(ceph.objects, ObjectQuery(contains="11", limit=1)) == (["11"], [])
