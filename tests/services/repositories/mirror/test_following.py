"""The bucket that clients read follows what is published, and holds nothing else for long."""

import gzip
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, tags_of
from filemanager.domain.repositories.repository import Visibility
from filemanager.factory.repositories.public_bucket import Mirroring
from filemanager.services.repositories.planning import Habit
from filemanager.services.repositories.tasks import sync_task
from filemanager.signing.fake import FakeSigner
from worlds.mirrors import APT, GRACE, SUITE, X86_64, Mirror, new_mirror
from worlds.repositories import ADMIN, CATALOGUE, EL7, FOCAL, PUBLISHER
from worlds.stored import START, World

TINY = "tiny_1.0-1_amd64.deb"
OTHER = "other_1.0-1_amd64.deb"
POOL = f"{APT}/pool/focal/main/t/tiny"
PACKAGES = f"{SUITE}/main/binary-amd64/Packages"
YEAR = "max-age=31536000, immutable"
ROOTS = [f"{SUITE}/Release", f"{SUITE}/Release.gpg", f"{SUITE}/InRelease"]


@pytest.fixture
def mirror(world: World) -> Mirror:
    return new_mirror(world)


def push_deb(mirror: Mirror, name: str = "tiny") -> None:
    mirror.depot.push({f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})})


def push_rpm(mirror: Mirror, name: str = "tiny", arch: str = "x86_64") -> None:
    rpm = an_rpm(tags_of(name, arch=arch))
    mirror.depot.push({f"{name}-1.0-1.{arch}.rpm": rpm}, EL7, product=None)


def remove(mirror: Mirror, name: str) -> None:
    with mirror.world.database.read() as tx:
        tree = mirror.repository().tree.id
        ids = [one.id for one in tx.repositories.packages.living(tree, [name])]
    at = mirror.world.clock()
    mirror.world.database.write(lambda tx: tx.repositories.packages.remove(tree, ids, at))
    mirror.depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))


def names_below(mirror: Mirror, prefix: str) -> list[str]:
    return [key.removeprefix(prefix) for key in mirror.listing() if key.startswith(prefix)]


def test_it_works(mirror: Mirror) -> None:
    push_deb(mirror)

    mirror.publish()

    assert mirror.names_of_apt() == ["tiny"]
    assert mirror.repository().mirrored == mirror.repository().tree.revision == 1


def test_an_apt_repository_lies_where_the_original_has_it(mirror: Mirror) -> None:
    mirror.depot.push({TINY: a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES})
    mirror.publish()

    keys = [key for key in mirror.listing() if "/by-hash/" not in key]

    assert keys == sorted(
        [
            *(
                f"{SUITE}/main/binary-{a}/Packages{e}"
                for a in ("amd64", "arm64")
                for e in ("", ".gz")
            ),
            f"{SUITE}/main/source/Sources",
            f"{SUITE}/main/source/Sources.gz",
            *ROOTS,
            *(f"{POOL}/{name}" for name in (TINY, "tiny_1.0-1.dsc", *FILES)),
        ]
    )
    for key in keys:
        if "/pool/" not in key:
            assert mirror.read(key) == mirror.depot.read(key)


def test_a_yum_repository_lies_where_the_original_has_it(mirror: Mirror) -> None:
    push_rpm(mirror)
    push_rpm(mirror, "noarch", "noarch")
    mirror.publish()

    assert mirror.names_of_yum() == ["noarch", "tiny"]
    assert names_below(mirror, f"{X86_64}/Packages/") == [
        "noarch-1.0-1.noarch.rpm",
        "tiny-1.0-1.x86_64.rpm",
    ]
    assert names_below(mirror, f"{EL7}/aarch64/Packages/") == ["noarch-1.0-1.noarch.rpm"]
    for arch in ("x86_64", "aarch64", "SRPMS"):
        *documents, root, signature = sorted(
            names_below(mirror, f"{EL7}/{arch}/repodata/"), key=lambda name: name.startswith("repo")
        )
        assert (root, signature) == ("repomd.xml", "repomd.xml.asc")
        endings = sorted(name[64:] for name in documents)
        assert endings == ["-filelists.xml.gz", "-other.xml.gz", "-primary.xml.gz"]


def test_readers_of_apt_find_what_roots_promise_at_any_time(mirror: Mirror) -> None:
    push_deb(mirror)

    mirror.publish()

    written = mirror.watched.written
    lasting = [key for key in written if "/by-hash/" in key]
    assert written[0] == f"{POOL}/{TINY}"
    assert written[1 : 1 + len(lasting)] == lasting
    assert written[-3:] == ROOTS


def test_readers_of_yum_find_what_roots_promise_at_any_time(mirror: Mirror) -> None:
    push_rpm(mirror)

    mirror.publish()

    written = mirror.watched.written
    assert written[0] == f"{X86_64}/Packages/tiny-1.0-1.x86_64.rpm"
    assert [key.removeprefix(f"{EL7}/") for key in written[-6:]] == [
        f"{arch}/repodata/repomd.xml{ending}"
        for arch in ("SRPMS", "aarch64", "x86_64")
        for ending in (".asc", "")
    ]
    assert all(key.endswith(".xml.gz") for key in written[1:-6])


@pytest.mark.parametrize(
    ("key", "media", "cached"),
    [
        (f"{POOL}/{TINY}", "application/vnd.debian.binary-package", YEAR),
        (PACKAGES, "text/plain; charset=utf-8", "no-cache"),
        (f"{PACKAGES}.gz", "application/gzip", "no-cache"),
        (f"{SUITE}/InRelease", "text/plain; charset=utf-8", "no-cache"),
        (f"{SUITE}/Release.gpg", "application/pgp-signature", "no-cache"),
        (f"{X86_64}/Packages/tiny-1.0-1.x86_64.rpm", "application/x-rpm", YEAR),
        (f"{X86_64}/repodata/repomd.xml", "application/xml", "no-cache"),
        (f"{X86_64}/repodata/repomd.xml.asc", "application/pgp-signature", "no-cache"),
    ],
)
def test_caches_are_told_what_changes(mirror: Mirror, key: str, media: str, cached: str) -> None:
    push_deb(mirror)
    push_rpm(mirror)
    mirror.publish()

    told = mirror.told(key)

    assert (told.media_type, told.cache_control) == (media, cached)


def test_what_is_called_by_its_digest_never_changes(mirror: Mirror) -> None:
    push_deb(mirror)
    push_rpm(mirror)
    mirror.publish()

    lasting = [key for key in mirror.listing() if "/by-hash/" in key or key.endswith(".xml.gz")]

    assert lasting
    assert {mirror.told(key).cache_control for key in lasting} == {YEAR}
    assert all("/by-hash/SHA256/" in key for key in lasting if "/by-hash/" in key)
    plain, packed = mirror.read(PACKAGES), mirror.read(f"{PACKAGES}.gz")
    assert gzip.decompress(packed) == plain


def test_only_what_differs_is_written(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.publish()
    mirror.watched.asked.clear()

    push_deb(mirror, "other")
    mirror.publish()

    assert [name for name, _ in mirror.watched.asked] == ["copy_from"] + ["put"] * 7
    written = mirror.watched.written
    assert written[0] == f"{POOL}/{OTHER}"
    assert written[3:] == [PACKAGES, f"{PACKAGES}.gz", *ROOTS]
    assert mirror.names_of_apt() == ["other", "tiny"]


def test_a_publication_without_changes_writes_its_roots_alone(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.publish()
    mirror.watched.asked.clear()

    mirror.depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    mirror.publish()

    assert mirror.watched.asked == [("put", key) for key in ROOTS]


def test_an_index_as_xz_is_written_too(mirror: Mirror) -> None:
    mirror.depot.habit = Habit(arches=("amd64",), is_xz=True)
    push_deb(mirror)

    mirror.publish()

    assert mirror.read(f"{PACKAGES}.xz") == mirror.depot.read(f"{PACKAGES}.xz")
    assert len(names_below(mirror, f"{SUITE}/main/binary-amd64/by-hash/SHA256/")) == 3


def test_a_name_with_a_plus_is_found_where_aws_looks_for_it(mirror: Mirror) -> None:
    deb = a_deb({"Version": "1.0+b1"})
    mirror.depot.push({"tiny_1.0+b1_amd64.deb": deb}, product="lib++")

    mirror.publish()

    assert mirror.read(f"{APT}/pool/focal/main/l/lib++/tiny_1.0+b1_amd64.deb") == deb
    assert mirror.read(f"{APT}/pool/focal/main/l/lib  /tiny_1.0 b1_amd64.deb") == deb


def test_what_has_gone_is_deleted_after_a_while_and_not_before(mirror: Mirror) -> None:
    mirror.depot.push({"a+_1.0-1_amd64.deb": a_deb({"Package": "a+"})})
    push_deb(mirror, "other")
    mirror.publish()
    before = set(mirror.listing())
    mirror.watched.asked.clear()
    remove(mirror, "a+")
    mirror.publish()
    assert before < set(mirror.listing())

    mirror.world.clock.turn(GRACE - timedelta(milliseconds=1))
    assert mirror.service.catch_up() == 0
    mirror.world.clock.turn(timedelta(milliseconds=1))
    assert mirror.service.catch_up() == 1
    assert mirror.publish() == 1

    deleted = mirror.watched.deleted
    assert [key for key in deleted if "/pool/" in key] == [
        f"{POOL}/a+_1.0-1_amd64.deb",
        f"{POOL}/a _1.0-1_amd64.deb",
    ]
    assert len([key for key in deleted if "/by-hash/" in key]) == len(deleted) - 2 == 2
    assert before - set(mirror.listing()) == set(deleted)
    assert mirror.names_of_apt() == ["other"]
    assert mirror.service.catch_up() == 0


def test_old_documents_of_yum_are_deleted_too(mirror: Mirror) -> None:
    push_rpm(mirror)
    mirror.publish()
    push_rpm(mirror, "other")
    mirror.publish()
    assert len(names_below(mirror, f"{X86_64}/repodata/")) == 2 + 2 * 3

    mirror.world.clock.turn(GRACE)
    mirror.service.catch_up()
    mirror.publish()

    assert len(names_below(mirror, f"{X86_64}/repodata/")) == 2 + 3
    assert mirror.names_of_yum() == ["other", "tiny"]


def test_what_comes_back_in_time_stays(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.publish()
    index = set(names_below(mirror, f"{SUITE}/main/binary-amd64/by-hash/"))
    remove(mirror, "tiny")
    mirror.publish()
    push_deb(mirror)
    mirror.publish()

    mirror.world.clock.turn(GRACE)
    mirror.service.catch_up()
    mirror.publish()

    assert mirror.names_of_apt() == ["tiny"]
    assert set(names_below(mirror, f"{SUITE}/main/binary-amd64/by-hash/")) == index


def test_other_bytes_of_a_package_replace_the_object(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.publish()
    other = a_deb({"Description": "other"})

    mirror.depot.push({TINY: other}, caller=ADMIN, replaces=True)
    mirror.publish()

    assert mirror.read(f"{POOL}/{TINY}") == other
    assert mirror.names_of_apt() == ["tiny"]


def test_signatures_that_are_made_no_more_go_at_once(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.publish()

    mirror.depot.signer = FakeSigner()
    push_deb(mirror, "other")
    mirror.publish()

    assert names_below(mirror, f"{SUITE}/Rel") == ["ease"]
    assert f"{SUITE}/InRelease" not in mirror.listing()


def test_signatures_of_another_service_are_not_left_there(mirror: Mirror) -> None:
    foreign = f"{APT}/pool/focal/main/o/old/notes.txt"
    for key in (f"{SUITE}/InRelease", f"{SUITE}/malformed_list.txt", foreign):
        mirror.put(key, b"of another service")
    mirror.depot.signer = FakeSigner()
    push_deb(mirror)

    mirror.publish()

    assert f"{SUITE}/InRelease" not in mirror.listing()
    assert f"{SUITE}/malformed_list.txt" not in mirror.listing()
    assert foreign in mirror.listing()


def test_a_private_repository_is_not_in_the_bucket(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.change(visibility=Visibility.PRIVATE)

    mirror.publish()

    assert mirror.listing() == []
    assert mirror.service.catch_up() == 0


def test_what_becomes_private_is_deleted_at_once(mirror: Mirror) -> None:
    foreign = f"{APT}/pool/focal/main/o/old/old_1_amd64.deb"
    mirror.put(foreign, b"only here")
    push_deb(mirror)
    push_deb(mirror, "gone")
    mirror.publish()
    remove(mirror, "gone")
    mirror.publish()

    mirror.change(visibility=Visibility.PRIVATE)
    mirror.publish()

    assert mirror.listing() == [foreign]
    assert mirror.service.catch_up() == 0


def test_what_becomes_public_again_is_written_again(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.publish()
    before = mirror.bytes_by_key()
    mirror.change(visibility=Visibility.PRIVATE)
    mirror.publish()

    mirror.change(visibility=Visibility.PUBLIC)
    mirror.publish()

    assert mirror.bytes_by_key() == before


def test_other_repositories_are_left_alone(mirror: Mirror) -> None:
    mirror.depot.push({TINY: a_deb()}, "live/2.8/ubuntu/jammy")
    push_deb(mirror)
    mirror.publish()

    mirror.change(visibility=Visibility.PRIVATE)
    mirror.publish()

    assert all("/jammy/" in key for key in mirror.listing())
    assert f"{APT}/dists/jammy/InRelease" in mirror.listing()


def test_a_repository_from_before_there_was_a_bucket_is_caught_up_with(mirror: Mirror) -> None:
    push_deb(mirror)
    mirror.depot.announce = lambda *_: None
    mirror.publish()
    assert mirror.listing() == []

    assert mirror.service.catch_up() == 1
    mirror.publish()

    assert mirror.names_of_apt() == ["tiny"]


def test_the_first_of_many_packages_are_written_while_others_wait(mirror: Mirror) -> None:
    """A run ends after so many, that it does not hold up publications."""
    push_deb(mirror)
    mirror.publish()
    mirror.world.clock.turn(GRACE)
    mirror.watched.asked.clear()
    names = [f"p{number:03}" for number in range(101)]
    mirror.depot.push({f"{name}_1.0-1_amd64.deb": a_deb({"Package": name}) for name in names})

    assert mirror.publish() == 3

    written = mirror.watched.written
    assert len(written) == len(set(written))
    assert mirror.names_of_apt() == [*names, "tiny"]


def test_what_was_promised_to_a_bucket_that_is_no_more_is_let_be(mirror: Mirror) -> None:
    mirror.depot.handlers = dict(Mirroring().handlers)
    push_deb(mirror)
    mirror.sync.promise_all()
    mirror.world.database.write(lambda tx: tx.outbox.add(sync_task(FOCAL), START))

    assert mirror.publish() == 4

    assert mirror.listing() == []
    with mirror.world.database.read() as tx:
        assert tx.rows.count("outbox") == 0


def test_roots_are_written_in_no_second_twice(mirror: Mirror) -> None:
    """Stores tell whole seconds: a client that has read the first would never read the second."""
    written: list[datetime] = []

    def note(_: str, key: str) -> None:
        if key == f"{SUITE}/InRelease":
            written.append(mirror.world.clock())

    mirror.watched.after = note
    for number in range(4):
        push_deb(mirror, f"p{number}")
        mirror.depot.publish()
        mirror.world.clock.turn(timedelta(milliseconds=400))
    mirror.publish()

    gaps = [later - earlier for earlier, later in pairwise(written)]
    assert gaps
    assert min(gaps) > timedelta(seconds=1)
    assert mirror.names_of_apt() == ["p0", "p1", "p2", "p3"]
