"""How many requests a push costs from its bytes to what clients read, whatever is there already."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

import pytest

from builders.debian import CONTROL, VERSION, a_paragraph, a_tar, an_ar, control_archive
from builders.rpms import an_rpm, tags_of, translated
from filemanager.archives.packages.tags import Tag
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.blobs.s3 import S3Objects
from filemanager.storage.named.s3 import S3NamedObjects, S3Place, signing_client
from filemanager.storage.s3.client import S3Access, s3_client
from servers.radosgw import Gateway
from worlds.mirrors import Mirror, Watched
from worlds.repositories import EL7, FOCAL
from worlds.stored import World

SMALL, LARGE = 100, 100_000
"""Bytes; from 64 KiB on a blob is an object of its own, and is copied by the store."""

Files = Callable[[int, int], dict[str, bytes]]


def debs(number: int, size_bytes: int) -> dict[str, bytes]:
    name = f"p{number:05}"
    control = control_archive(a_paragraph({**CONTROL, "Package": name}))
    data = "data.tar", a_tar(("./file", Random(number).randbytes(size_bytes)))
    return {f"{name}_1.0-1_amd64.deb": an_ar(VERSION, control, data)}


def rpms(number: int, size_bytes: int, arch: str = "x86_64") -> dict[str, bytes]:
    name = f"p{number:05}"
    tags = {**tags_of(name, arch=arch), Tag.DESCRIPTION: translated("x" * size_bytes)}
    return {f"{name}-1.0-1.{arch}.rpm": an_rpm(tags)}


def on_gateway(world: World, gateway: Gateway) -> tuple[Mirror, list[str]]:
    """A mirror in one store with the blobs, and every request to it."""
    access = S3Access(
        endpoint_url=gateway.endpoint_url,
        access_key=gateway.access_key,
        secret_key=gateway.secret_key,
    )
    asked: list[str] = []
    kept, read = s3_client(access), signing_client(access)
    for client in (kept, read):
        client.meta.events.register(
            "before-send.s3", lambda request, **_: asked.append(f"{request.method} {request.url}")
        )
    place = S3Place(bucket=gateway.new_bucket())
    world.blobs = PackingBlobStore(S3Objects(kept, place.bucket, place.prefix))
    objects = S3NamedObjects(read, S3Place(bucket=gateway.new_bucket()), blobs=place)
    return Mirror(world, Watched(objects)), asked


@pytest.mark.s3
@pytest.mark.parametrize("size_bytes", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("files", "path", "paths", "changed"),
    [(debs, FOCAL, 1, 2), (rpms, EL7, 1, 3), (partial(rpms, arch="noarch"), EL7, 2, 6)],
)
def test_a_push_costs_the_same_whatever_is_there(
    worlds: Iterator[World],
    s3_gateway: Gateway,
    files: Files,
    path: str,
    paths: int,
    changed: int,
    size_bytes: int,
) -> None:
    """*paths* is at how many a package lies, *changed* how many indexes it changes."""
    costs = []
    for count in (1, 200):
        mirror, asked = on_gateway(next(worlds), s3_gateway)
        many = [files(number, SMALL) for number in range(count)]
        mirror.depot.push({name: data for one in many for name, data in one.items()}, path)
        mirror.publish()
        asked.clear()

        mirror.depot.push(files(99_999, size_bytes), path)
        mirror.publish()
        costs.append(len(asked))

    assert costs[0] == costs[1] <= 1 + 2 * paths + 2 * changed + 5
