"""Readers who are sent to the store: for packages that are objects of their own, nothing else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from builders.debian import a_large_deb
from builders.papers import SECRET
from builders.rpms import an_rpm
from filemanager.domain.blobs.blob import RAW_OBJECT_BYTES
from filemanager.services.downloads import Download
from filemanager.services.repositories.reading import PublishedFile
from filemanager.storage.named.links import S3BlobLinks
from filemanager.storage.named.s3 import S3Place, signing_client
from filemanager.storage.s3.client import S3Access
from worlds.repositories import EL7, Depot
from worlds.stored import World

STORE = S3Access(endpoint_url="http://s3.example.org", access_key="key", secret_key=SECRET)
POOL = "live/2.8/ubuntu/pool/focal/main/t/tiny"
NAME = "tiny_1.0-1_amd64.deb"


@pytest.fixture
def depot(world: World) -> Depot:
    return Depot(world)


@pytest.fixture
def redirecting(depot: Depot) -> Depot:
    place = S3Place(bucket="blobs", prefix="files/")
    depot.links = S3BlobLinks(signing_client(STORE), place, timedelta(minutes=15))
    return depot


def opened(depot: Depot, path: str) -> Download:
    found = depot.reader.open(None, path)
    assert isinstance(found, PublishedFile)
    return found.download


@pytest.mark.parametrize("name", [f"@1/{POOL}/{NAME}", f"{POOL}/{NAME}"])
def test_a_large_package_is_read_in_the_store(redirecting: Depot, name: str) -> None:
    redirecting.push({NAME: a_large_deb(RAW_OBJECT_BYTES)})
    redirecting.publish()

    link = opened(redirecting, name).link

    assert link is not None
    url = urlsplit(link("application/x-deb", "attachment"))
    (key,) = (one.key for one in redirecting.world.blobs.objects() if "objects/" in one.key)
    asked = parse_qs(url.query)
    assert (url.netloc, url.path) == ("s3.example.org", f"/blobs/files/{key}")
    assert asked["response-content-type"] == ["application/x-deb"]
    assert asked["response-content-disposition"] == ["attachment"]
    assert asked["X-Amz-Expires"] == ["900"]


def test_what_shares_an_object_is_sent_by_us(redirecting: Depot) -> None:
    redirecting.push({NAME: a_large_deb(RAW_OBJECT_BYTES - 2)})
    redirecting.publish()

    assert opened(redirecting, f"{POOL}/{NAME}").link is None


def test_so_is_what_lies_there_in_another_form(redirecting: Depot, world: World) -> None:
    deb = a_large_deb(1 << 21)
    world.upload(world.create(), {NAME: deb})
    redirecting.push({NAME: deb})
    redirecting.publish()

    assert opened(redirecting, f"{POOL}/{NAME}").link is None
    assert redirecting.read(f"{POOL}/{NAME}") == deb


def test_so_are_indexes_and_roots(redirecting: Depot) -> None:
    redirecting.push({NAME: a_large_deb(RAW_OBJECT_BYTES)})
    redirecting.push({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7)
    redirecting.publish()
    suite = "live/2.8/ubuntu/dists/focal"

    for path in (
        f"{suite}/InRelease",
        f"{suite}/main/binary-amd64/Packages.gz",
        f"{EL7}/x86_64/repodata/repomd.xml",
    ):
        assert opened(redirecting, path).link is None


def test_nobody_is_sent_away_unless_that_is_asked_for(depot: Depot) -> None:
    depot.push({NAME: a_large_deb(RAW_OBJECT_BYTES)})
    depot.publish()

    assert opened(depot, f"{POOL}/{NAME}").link is None
