"""From a push to what clients read."""

import gzip
import hashlib
import lzma
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.repository import repository_subject
from filemanager.domain.requests.preconditions import whole_second
from filemanager.domain.trees.errors import FileNotFound
from filemanager.services.repositories.reading import PublishedFile
from filemanager.services.repositories.renewing import Renewal
from filemanager.signing.fake import FakeSigner
from worlds.repositories import CATALOGUE, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import World

ROOT = "live/2.8/ubuntu"
SUITE = f"{ROOT}/dists/focal"
PACKAGES = f"{SUITE}/main/binary-amd64/Packages"
TINY = "tiny_1.0-1_amd64.deb"


@pytest.fixture
def depot(world: World) -> Depot:
    return Depot(world)


def packages_of(index: bytes) -> list[str]:
    return re.findall("^Package: (.*)$", index.decode(), re.MULTILINE)


def test_it_works(depot: Depot) -> None:
    deb = a_deb()

    pushed = depot.push({TINY: deb})
    depot.publish()

    assert depot.pushing.is_published(pushed)
    index = depot.read(PACKAGES)
    assert packages_of(index) == ["tiny"]
    assert gzip.decompress(depot.read(f"{PACKAGES}.gz")) == index
    filename = re.search("^Filename: (.*)$", index.decode(), re.MULTILINE)
    assert filename is not None
    assert filename[1] == f"pool/focal/main/t/tiny/{TINY}"
    assert depot.read(f"{ROOT}/{filename[1]}") == deb


def test_the_release_file_lists_every_index_with_its_digests(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()

    release = depot.read(f"{SUITE}/Release").decode()
    listed = re.findall("^ ([0-9a-f]{64}) +([0-9]+) (.*)$", release, re.MULTILINE)

    assert sorted(path for _, _, path in listed) == [
        *(f"main/binary-{arch}/Packages{e}" for arch in ("amd64", "arm64") for e in ("", ".gz")),
        "main/source/Sources",
        "main/source/Sources.gz",
    ]
    for digest, size, path in listed:
        data = depot.read(f"{SUITE}/{path}")
        assert (hashlib.sha256(data).hexdigest(), str(len(data))) == (digest, size)
        directory = path.rpartition("/")[0]
        assert depot.read(f"{SUITE}/{directory}/by-hash/SHA256/{digest}") == data
    assert depot.read(f"{SUITE}/InRelease") == depot.signer.clearsigned(release.encode())
    assert depot.read(f"{SUITE}/Release.gpg") == depot.signer.detached(release.encode())


def test_a_package_for_all_is_in_every_index(depot: Depot) -> None:
    depot.push({"tiny_1.0-1_all.deb": a_deb({"Architecture": "all"})})
    depot.publish()

    for arch in ("amd64", "arm64"):
        assert packages_of(depot.read(f"{SUITE}/main/binary-{arch}/Packages")) == ["tiny"]


def test_another_architecture_gets_an_index_with_what_is_for_all(depot: Depot) -> None:
    depot.push({"tiny_1.0-1_all.deb": a_deb({"Architecture": "all"})})
    depot.publish()
    other = a_deb({"Package": "other", "Architecture": "riscv64"})

    depot.push({"other_1.0-1_riscv64.deb": other})
    depot.publish()

    index = depot.read(f"{SUITE}/main/binary-riscv64/Packages")
    assert packages_of(index) == ["other", "tiny"]


def test_a_source_is_published_with_its_files(depot: Depot) -> None:
    depot.push({"tiny_1.0-1.dsc": a_dsc(), **FILES})
    depot.publish()

    sources = depot.read(f"{SUITE}/main/source/Sources").decode()
    assert packages_of(sources.encode()) == ["tiny"]
    directory = re.search("^Directory: (.*)$", sources, re.MULTILINE)
    assert directory is not None
    for name, data in FILES.items():
        assert depot.read(f"{ROOT}/{directory[1]}/{name}") == data


@pytest.mark.parametrize("count", [1, 40])
def test_whatever_the_order_of_pushes_the_index_is_the_same(
    worlds: Iterator[World], count: int
) -> None:
    debs = {
        f"p{number}_1.0-1_amd64.deb": a_deb({"Package": f"p{number}"}) for number in range(count)
    }
    at_once, one_by_one = Depot(next(worlds)), Depot(next(worlds))

    at_once.push(debs)
    at_once.publish()
    for name in reversed(debs):
        one_by_one.push({name: debs[name]})
        one_by_one.publish()

    for path in (PACKAGES, f"{PACKAGES}.gz"):
        assert at_once.read(path) == one_by_one.read(path)


def test_an_rpm_is_in_the_metadata_of_its_architecture(depot: Depot) -> None:
    rpm = an_rpm()
    depot.push({"tiny-1.0-1.x86_64.rpm": rpm}, EL7, product=None)
    depot.publish()

    repomd = depot.read(f"{EL7}/x86_64/repodata/repomd.xml").decode()
    hrefs = re.findall('href="([^"]+)"', repomd)
    primary = gzip.decompress(depot.read(f"{EL7}/x86_64/{hrefs[0]}")).decode()

    assert len(hrefs) == 3
    assert 'packages="1"' in primary
    location = re.search('<location href="([^"]+)"', primary)
    assert location is not None
    assert depot.read(f"{EL7}/x86_64/{location[1]}") == rpm
    signature = depot.read(f"{EL7}/x86_64/repodata/repomd.xml.asc")
    assert signature == depot.signer.detached(repomd.encode())


def test_a_repository_of_the_configuration_is_published_empty_when_asked_for(
    depot: Depot,
) -> None:
    assert depot.read(PACKAGES) == b""
    assert depot.read(f"{ROOT}/dists/jammy/Release").startswith(b"Origin: Example\n")
    with pytest.raises(RepositoryUnknown):
        depot.read(f"{ROOT}/dists/noble/Release")


def test_every_publication_keeps_an_address_of_its_own(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()
    before = depot.read(f"{SUITE}/Release")
    depot.push({"other_1.0-1_amd64.deb": a_deb({"Package": "other"})})
    depot.publish()

    assert depot.read(f"@1/{SUITE}/Release") == before
    assert packages_of(depot.read(f"@1/{PACKAGES}")) == ["tiny"]
    assert packages_of(depot.read(f"@2/{PACKAGES}")) == ["other", "tiny"]
    with pytest.raises(FileNotFound):
        depot.read(f"@1/{ROOT}/pool/focal/main/t/tiny/other_1.0-1_amd64.deb")


def test_directories_lead_from_the_top_to_every_file(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()

    assert depot.names("") == ["live", "release"]
    assert depot.names("live/2.8") == ["el", "ubuntu"]
    assert depot.names(ROOT) == ["dists", "pool"]
    assert depot.names(f"{ROOT}/pool") == ["focal", "jammy"]
    assert depot.names(SUITE) == ["main", "InRelease", "Release", "Release.gpg"]
    assert depot.names(f"{SUITE}/main/binary-amd64") == ["Packages", "Packages.gz"]
    assert depot.names(f"{ROOT}/pool/focal/main/t/tiny") == [TINY]
    assert depot.names(f"{ROOT}/pool/jammy") == []
    assert depot.names(f"{EL7}") == ["SRPMS", "aarch64", "x86_64"]


def test_a_push_that_comes_while_another_is_published_is_published_too(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    late = depot.push({"other_1.0-1_amd64.deb": a_deb({"Package": "other"})})
    assert depot.publish() == 1

    assert depot.pushing.is_published(late)
    assert packages_of(depot.read(PACKAGES)) == ["other", "tiny"]


def test_rebuilding_publishes_once_more(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()
    before = depot.read(PACKAGES)

    again = depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    depot.publish()

    assert depot.pushing.is_published(again)
    assert depot.read(PACKAGES) == before


def test_a_repository_is_charged_for_what_it_keeps(depot: Depot) -> None:
    def charged() -> tuple[int, int]:
        with depot.world.database.read() as tx:
            repository = tx.repositories.find(FOCAL)
            assert repository is not None
            used = tx.quotas.usage(repository_subject(FOCAL)).used_bytes
            waiting = tx.repositories.packages.waiting(repository.tree.id).charged_bytes
            return used, repository.tree.kept_bytes + waiting

    for number in range(3):
        depot.push({f"p{number}_1.0-1_amd64.deb": a_deb({"Package": f"p{number}"})})
        used, kept = charged()
        assert used == kept > 0
        depot.publish()
        used, kept = charged()
        assert used == kept > 0


def test_what_came_and_went_unseen_is_published_by_nobody(depot: Depot) -> None:
    depot.push({TINY: a_deb()})

    def remove(tx: Transaction) -> None:
        repository = tx.repositories.lock(FOCAL)
        (package,) = tx.repositories.packages.living(repository.tree.id, ["tiny"])
        tx.repositories.packages.remove(repository.tree.id, [package.id], depot.world.clock())

    depot.world.database.write(remove)
    depot.publish()

    assert depot.read(PACKAGES) == b""
    with depot.world.database.read() as tx:
        assert tx.rows.count("repository_packages") == tx.rows.count("repository_files") == 0


def test_indexes_are_packed_as_xz_where_that_is_wished_for(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()
    depot.habit = replace(depot.habit, is_xz=True)
    depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    depot.publish()
    packed = depot.read(f"{PACKAGES}.xz")

    assert lzma.decompress(packed) == depot.read(PACKAGES)
    digest = hashlib.sha256(packed).hexdigest()
    assert (
        f" {digest} {len(packed)} main/binary-amd64/Packages.xz\n"
        in depot.read(f"{SUITE}/Release").decode()
    )
    by_hash = f"{SUITE}/main/binary-amd64/by-hash/SHA256/{digest}"
    assert depot.read(by_hash) == packed

    depot.habit = replace(depot.habit, is_xz=False)
    depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    depot.publish()
    depot.world.clock.turn(timedelta(hours=25))

    for path in (f"{PACKAGES}.xz", by_hash):
        with pytest.raises(FileNotFound):
            depot.read(path)
    assert b"Packages.xz" not in depot.read(f"{SUITE}/Release")


def test_an_architecture_that_is_not_wished_for_any_more_goes(depot: Depot) -> None:
    depot.push({"tiny_1.0-1_all.deb": a_deb({"Architecture": "all"})})
    depot.publish()
    depot.habit = replace(depot.habit, arches=("amd64",))
    depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    depot.publish()

    assert b"\nArchitectures: amd64\n" in depot.read(f"{SUITE}/Release")
    assert depot.names(f"{SUITE}/main") == ["binary-amd64", "source"]
    with depot.world.database.read() as tx:
        living = [row for row in tx.rows.of("repository_pages") if row["ended_at"] is None]
    assert len(living) == 1


def test_nothing_is_signed_without_keys_and_what_was_signed_before_goes(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()
    depot.signer = FakeSigner()
    depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    depot.publish()

    assert depot.names(SUITE) == ["main", "Release"]


def test_a_repository_that_runs_out_is_signed_again_in_time(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()
    world = depot.world
    renewal = Renewal(world.database, timedelta(days=8), world.clock)

    world.clock.turn(timedelta(days=3, hours=23))
    renewal.renew()
    assert depot.publish() == 0
    world.clock.turn(timedelta(hours=1))
    renewal.renew()

    assert depot.publish() == 1
    assert depot.read(f"{SUITE}/Release") != depot.read(f"@1/{SUITE}/Release")


def test_no_two_publications_bear_the_same_second(depot: Depot) -> None:
    """A client that asks for what is newer than the first must be given the second."""
    times = []
    for number in range(3):
        depot.push({f"p{number}_1.0-1_amd64.deb": a_deb({"Package": f"p{number}"})})
        depot.publish()
        found = depot.reader.open(None, f"{SUITE}/InRelease")
        assert isinstance(found, PublishedFile)
        # The clock stands still: what comes next may be of the second that this one names.
        assert not found.has_settled
        times.append(whole_second(found.download.modified_at))
    assert len(set(times)) == 3
    depot.world.clock.turn(timedelta(seconds=3))

    found = depot.reader.open(None, f"{SUITE}/InRelease")

    assert isinstance(found, PublishedFile)
    assert found.has_settled


def test_the_date_never_goes_back(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()
    depot.world.clock.turn(timedelta(hours=-1))
    depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    depot.publish()

    date = re.compile(b"^Date: .*$", re.MULTILINE)
    before, after = (date.findall(depot.read(f"@{n}/{SUITE}/Release")) for n in (1, 2))
    assert before == after
