"""Whatever call of a port fails in the middle, clients read one whole publication."""

import gzip
import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm, tags_of
from filemanager.domain.errors import StoreUnavailable
from worlds.repositories import EL7, FOCAL, Depot
from worlds.stored import Interruption, World, interrupted

SUITE = "live/2.8/ubuntu/dists/focal"
MOST_CALLS = 200


def fail() -> None:
    raise StoreUnavailable


def names_of_apt(depot: Depot) -> list[str]:
    """The packages of the index that the Release file lists, by the digest there."""
    release = depot.read(f"{SUITE}/InRelease").decode()
    listed = re.search("^ ([0-9a-f]{64}) [0-9]+ main/binary-amd64/Packages$", release, re.MULTILINE)
    assert listed is not None
    index = depot.read(f"{SUITE}/main/binary-amd64/by-hash/SHA256/{listed[1]}")
    assert hashlib.sha256(index).hexdigest() == listed[1]
    for path in re.findall("^Filename: (.*)$", index.decode(), re.MULTILINE):
        assert depot.read(f"live/2.8/ubuntu/{path}")
    return re.findall("^Package: (.*)$", index.decode(), re.MULTILINE)


def names_of_yum(depot: Depot) -> list[str]:
    base = f"{EL7}/x86_64"
    repomd = depot.read(f"{base}/repodata/repomd.xml").decode()
    href = re.search('"(repodata/[^"]+-primary.xml.gz)"', repomd)
    assert href is not None
    primary = gzip.decompress(depot.read(f"{base}/{href[1]}")).decode()
    for path in re.findall('<location href="([^"]+)"', primary):
        assert depot.read(f"{base}/{path}")
    return re.findall("<name>([^<]+)</name>", primary)


def push_deb(depot: Depot, name: str) -> None:
    depot.push({f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}, FOCAL)


def push_rpm(depot: Depot, name: str) -> None:
    depot.push({f"{name}-1.0-1.x86_64.rpm": an_rpm(tags_of(name))}, EL7, product=None)


@pytest.mark.parametrize(
    ("push", "names"), [(push_deb, names_of_apt), (push_rpm, names_of_yum)], ids=["apt", "yum"]
)
def test_a_publication_that_fails_anywhere_is_made_up_for(
    world: World, push: Callable[[Depot, str], None], names: Callable[[Depot], list[str]]
) -> None:
    depot = Depot(world)
    known: list[str] = []
    for at in range(1, MOST_CALLS):
        name = f"p{at:03}"
        push(depot, name)
        step = Interruption(at, fail)
        with suppress(StoreUnavailable):
            Depot(interrupted(world, step)).publish()

        # What failed may have been committed: only its answer was lost.
        if known:
            assert names(depot) in (known, [*known, name])
        world.clock.turn(timedelta(minutes=5))
        depot.publish()
        known.append(name)
        assert names(depot) == known
        if step.calls < at:
            return
    pytest.fail("a publication never ends")
