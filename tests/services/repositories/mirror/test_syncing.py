"""What lies in the bucket already is taken in before anything is written there."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, int32, tags_of
from filemanager.archives.packages.tags import Tag
from filemanager.domain.caller import Owner
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ports import Transaction
from filemanager.services.jobs import Running
from filemanager.services.repositories.tasks import PUBLISH, sync_task
from worlds.mirrors import APT, GRACE, SUITE, X86_64, Mirror, new_mirror
from worlds.repositories import CATALOGUE, EL7, FOCAL, PUBLISHER
from worlds.stored import World

POOL = f"{APT}/pool/focal/main/t/tiny"
TINY = f"{POOL}/tiny_1.0-1_amd64.deb"
BAD = f"{POOL}/bad_1.0-1_amd64.deb"
DSC = f"{POOL}/tiny_1.0-1.dsc"
RPM = f"{X86_64}/Packages/tiny-1.0-1.x86_64.rpm"
LIST = f"{SUITE}/malformed_list.txt"
HOUR = timedelta(hours=1)


@pytest.fixture
def mirror(world: World) -> Mirror:
    return new_mirror(world)


def a_named_deb(name: str, **more: str) -> bytes:
    return a_deb({"Package": name, **more})


def sync(mirror: Mirror, path: str = FOCAL) -> list[str]:
    """Returns which objects were read."""
    mirror.watched.asked.clear()
    at = mirror.world.clock()
    mirror.world.database.write(lambda tx: tx.outbox.add(sync_task(path), at))
    mirror.publish()
    return mirror.watched.fetched


def fill(mirror: Mirror, objects: Mapping[str, bytes]) -> None:
    for key, data in objects.items():
        mirror.put(key, data)


def a_source() -> Mapping[str, bytes]:
    return {DSC: a_dsc(), **{f"{POOL}/{name}": data for name, data in FILES.items()}}


def told(mirror: Mirror, key: str = LIST) -> list[str]:
    """The lines of the list, by us and in the bucket the same."""
    text = mirror.read(key)
    assert mirror.depot.read(key) == text
    return text.decode().splitlines()


def test_it_works(mirror: Mirror) -> None:
    fill(mirror, {TINY: a_deb(), **a_source(), f"{SUITE}/InRelease": b"of another service"})

    sync(mirror)

    assert mirror.names_of_apt() == ["tiny"]
    assert mirror.depot.read(f"{SUITE}/main/source/Sources").count(b"Package: tiny") == 1
    assert mirror.depot.read(TINY) == a_deb()


def test_a_yum_repository_is_taken_in(mirror: Mirror) -> None:
    noarch, tags = an_rpm(tags_of("any", arch="noarch")), tags_of("src")
    del tags[Tag.SOURCE_RPM]
    source = an_rpm({**tags, Tag.SOURCE_PACKAGE: int32(1)})
    fill(
        mirror,
        {
            RPM: an_rpm(),
            f"{X86_64}/Packages/any-1.0-1.noarch.rpm": noarch,
            f"{EL7}/aarch64/Packages/any-1.0-1.noarch.rpm": noarch,
            f"{EL7}/SRPMS/Packages/src-1.0-1.src.rpm": source,
        },
    )

    read = sync(mirror, EL7)

    assert len(read) == 4
    assert mirror.names_of_yum() == ["any", "tiny"]
    assert mirror.depot.read(f"{EL7}/SRPMS/Packages/src-1.0-1.src.rpm") == source
    assert sync(mirror, EL7) == []


def test_who_pushed_it_was_the_sync(mirror: Mirror) -> None:
    mirror.put(TINY, a_deb())

    sync(mirror)

    with mirror.world.database.read() as tx:
        packages = tx.repositories.packages.living(mirror.repository().tree.id, ["tiny"])
    assert [one.added_by for one in packages] == [Owner("filemanager:sync")]


def test_each_object_is_read_once(mirror: Mirror) -> None:
    fill(mirror, {TINY: a_deb(), **a_source(), BAD: b"bad"})

    assert sorted(sync(mirror)) == sorted([TINY, BAD, *a_source()])
    assert sync(mirror) == []


def test_clients_of_another_service_lose_nothing(mirror: Mirror) -> None:
    """What it has published is there in every publication of ours, whatever comes first."""
    fill(mirror, {TINY: a_deb(), f"{SUITE}/InRelease": b"of another service"})
    seen = []

    def look(name: str, key: str) -> None:
        if name == "put" and key.endswith("/InRelease"):
            seen.append(mirror.names_of_apt())

    mirror.watched.after = look
    mirror.depot.push({"new_1.0-1_amd64.deb": a_named_deb("new")})
    mirror.publish()

    assert seen == [["new", "tiny"]]


def test_a_publication_from_before_is_not_written_there(mirror: Mirror) -> None:
    """Though it comes late: packages of the bucket wait to be published."""
    fill(mirror, {TINY: a_deb(), f"{SUITE}/InRelease": b"of another service"})
    mirror.depot.push({"new_1.0-1_amd64.deb": a_named_deb("new")})
    calls = iter([True, False, True])

    def publish(running: Running) -> None:
        if not next(calls):
            raise StoreUnavailable
        mirror.depot.publishing.publish(running)

    mirror.depot.handlers[PUBLISH] = publish
    mirror.publish()
    assert mirror.read(f"{SUITE}/InRelease") == b"of another service"
    mirror.world.clock.turn(HOUR)
    mirror.publish()

    assert mirror.names_of_apt() == ["new", "tiny"]


def test_what_is_wrong_is_listed_and_holds_up_nothing(mirror: Mirror) -> None:
    upper = f"{POOL}/Upper_1.0-1_amd64.deb"
    loose = f"{POOL}/loose.tar.xz"
    fill(mirror, {BAD: b"bad", upper: a_deb(), loose: b"loose", TINY: a_deb()})

    sync(mirror)

    assert mirror.names_of_apt() == ["tiny"]
    lines = told(mirror)
    assert [line.partition(": ")[0] for line in lines] == [
        key.removeprefix(f"{APT}/") for key in (upper, BAD, loose)
    ]
    assert lines[1].endswith(": it is no Debian package")
    assert "no .dsc" in lines[2]
    assert mirror.told(LIST).cache_control == "no-cache"


def test_wrong_packages_of_yum_are_listed_by_architecture(mirror: Mirror) -> None:
    fill(mirror, {RPM: an_rpm(), f"{X86_64}/Packages/bad-1.0-1.x86_64.rpm": b"bad"})

    sync(mirror, EL7)

    (line,) = told(mirror, f"{X86_64}/repodata/malformed_list.txt")
    assert line.startswith("x86_64/Packages/bad-1.0-1.x86_64.rpm: ")
    assert f"{EL7}/aarch64/repodata/malformed_list.txt" not in mirror.listing()
    assert mirror.names_of_yum() == ["tiny"]


def test_the_list_goes_when_nothing_is_wrong_any_more(mirror: Mirror) -> None:
    fill(mirror, {BAD: b"bad", TINY: a_deb()})
    sync(mirror)
    assert told(mirror)

    mirror.objects.delete(BAD)
    sync(mirror)

    assert LIST not in mirror.listing()
    assert LIST.rpartition("/")[2] not in mirror.depot.names(SUITE)


def test_a_package_that_was_put_right_is_taken_in(mirror: Mirror) -> None:
    mirror.put(BAD, b"bad")
    sync(mirror)
    mirror.put(BAD, a_named_deb("bad"))

    assert sync(mirror) == [BAD]

    assert mirror.names_of_apt() == ["bad"]
    assert LIST not in mirror.listing()


def test_what_is_wrong_is_read_again_after_longer_and_longer_pauses(mirror: Mirror) -> None:
    mirror.put(BAD, b"bad")
    sync(mirror)
    pauses = []
    for _ in range(7):
        pause = HOUR
        while True:
            mirror.world.clock.turn(HOUR - timedelta(milliseconds=1))
            assert sync(mirror) == []
            mirror.world.clock.turn(timedelta(milliseconds=1))
            if sync(mirror):
                break
            pause += HOUR
        pauses.append(pause / HOUR)

    assert pauses == [1, 2, 4, 8, 16, 32, 32]


def test_a_source_waits_for_its_files(mirror: Mirror) -> None:
    dsc, *files = a_source()
    fill(mirror, {key: a_source()[key] for key in (dsc, files[0])})
    sync(mirror)
    assert [line.partition(": ")[0] for line in told(mirror)] == [
        key.removeprefix(f"{APT}/") for key in sorted((dsc, files[0]))
    ]

    mirror.put(files[1], a_source()[files[1]])
    sync(mirror)

    assert mirror.depot.read(f"{SUITE}/main/source/Sources").count(b"Package: tiny") == 1
    assert LIST not in mirror.listing()


def test_sources_may_share_a_file_whichever_of_them_is_refused(mirror: Mirror) -> None:
    shared = {"tiny_1.0.orig.tar.xz": FILES["tiny_1.0.orig.tar.xz"]}
    second = {**shared, "tiny_1.0-2.debian.tar.xz": b"second"}
    broken = {**shared, "tiny_1.0-0.debian.tar.xz": b"broken"}
    fill(
        mirror,
        {
            **a_source(),
            f"{POOL}/tiny_1.0-0.dsc": a_dsc({"Version": "1.0-0"}, broken),
            f"{POOL}/tiny_1.0-0.debian.tar.xz": b"others",
            f"{POOL}/tiny_1.0-2.dsc": a_dsc({"Version": "1.0-2"}, second),
            f"{POOL}/tiny_1.0-2.debian.tar.xz": b"second",
        },
    )

    sync(mirror)

    assert mirror.depot.read(f"{SUITE}/main/source/Sources").count(b"Package: tiny") == 2
    assert [line.partition(": ")[0].rpartition("/")[2] for line in told(mirror)] == [
        "tiny_1.0-0.debian.tar.xz",
        "tiny_1.0-0.dsc",
    ]


def test_a_version_that_is_there_with_other_bytes_is_refused(mirror: Mirror) -> None:
    fill(
        mirror,
        {TINY: a_deb(), f"{APT}/pool/focal/main/o/other/tiny_1.0-1_amd64.deb": a_deb({"X-A": "b"})},
    )

    sync(mirror)

    (line,) = told(mirror)
    assert line.startswith("pool/focal/main/t/tiny/tiny_1.0-1_amd64.deb: ")
    assert "is there with other bytes" in line


def test_what_was_written_by_us_is_not_read(mirror: Mirror) -> None:
    mirror.depot.push({"tiny_1.0-1_amd64.deb": a_deb(), "a+_1_all.deb": a_deb(A_PLUS)})
    mirror.publish()

    assert sync(mirror) == []


def test_an_object_that_somebody_replaced_is_noticed(mirror: Mirror) -> None:
    mirror.depot.push({"tiny_1.0-1_amd64.deb": a_deb()})
    mirror.publish()
    mirror.put(TINY, a_deb()[:-1] + b"?")

    assert sync(mirror) == [TINY]

    (line,) = told(mirror)
    assert line.startswith("pool/focal/main/t/tiny/tiny_1.0-1_amd64.deb: ")


def test_what_is_to_be_deleted_does_not_come_back(mirror: Mirror) -> None:
    mirror.depot.push(
        {"tiny_1.0-1_amd64.deb": a_deb(), "other_1.0-1_amd64.deb": a_named_deb("other")}
    )
    mirror.publish()

    def remove(tx: Transaction) -> None:
        tree = mirror.repository().tree.id
        (package,) = tx.repositories.packages.living(tree, ["tiny"])
        tx.repositories.packages.remove(tree, [package.id], mirror.world.clock())

    mirror.world.database.write(remove)
    mirror.depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    mirror.publish()

    assert sync(mirror) == []
    assert mirror.names_of_apt() == ["other"]
    mirror.world.clock.turn(GRACE)
    sync(mirror)
    assert TINY not in mirror.listing()
    assert mirror.names_of_apt() == ["other"]


def test_the_directory_of_a_package_is_its_product(mirror: Mirror) -> None:
    """Also where it lies deeper, or beside where we put it."""
    debian, top = f"{APT}/pool/focal/main/libt/libtiny/", f"{APT}/pool/focal/"
    fill(
        mirror,
        {
            f"{debian}tiny_1.0-1_amd64.deb": a_deb(),
            f"{top}other_1.0-1_amd64.deb": a_named_deb("other"),
            f"{APT}/pool/focal/main/./evil_1.0-1_amd64.deb": a_named_deb("evil"),
            f"{APT}/pool/focal/main/-/-dash/dash_1.0-1_amd64.deb": a_named_deb("dash"),
        },
    )

    sync(mirror)

    assert mirror.depot.read(f"{APT}/pool/focal/main/l/libtiny/tiny_1.0-1_amd64.deb") == a_deb()
    assert mirror.names_of_apt() == ["other", "tiny"]
    (line,) = told(mirror)
    assert line.startswith("pool/focal/main/-/-dash/dash_1.0-1_amd64.deb: The product '-dash'")


@pytest.mark.parametrize(
    "key",
    [
        f"{POOL}/a b_1.0-1_amd64.deb",
        f"{POOL}/line\nfeed_1.0-1_amd64.deb",
        f"{POOL}//tiny_1.0-1_amd64.deb",
        f"{POOL}/../tiny_1.0-1_amd64.deb",
        f"{POOL}/{'a' * 300}_1.0-1_amd64.deb",
        f"{POOL}/tiny-dbgsym_1.0-1_amd64.ddeb",
        f"{POOL}/tiny-1.0-1.x86_64.rpm",
        f"{POOL}/notes.txt",
        f"{APT}/pool/jammy/main/t/tiny/tiny_1.0-1_amd64.deb",
        f"{APT}/tiny_1.0-1_amd64.deb",
    ],
)
def test_what_is_no_package_of_the_repository_is_passed_over(mirror: Mirror, key: str) -> None:
    mirror.put(key, a_deb())

    assert sync(mirror) == []

    assert LIST not in mirror.listing()


def test_an_empty_object_is_refused(mirror: Mirror) -> None:
    mirror.put(BAD, b"")

    sync(mirror)

    assert len(told(mirror)) == 1


def test_what_is_too_large_for_a_push_is_not_read(world: World) -> None:
    mirror = new_mirror(world, max_push_bytes=len(a_deb()))
    parts = {"tiny_1.0.orig.tar.xz": bytes(len(a_deb()))}
    fill(mirror, {TINY: a_deb(), BAD: a_deb() + b"?", DSC: a_dsc(files=parts)})
    fill(mirror, {f"{POOL}/{name}": data for name, data in parts.items()})

    read = sync(mirror)

    assert BAD not in read
    assert mirror.names_of_apt() == ["tiny"]
    bad, dsc, part = told(mirror)
    assert bad.endswith("bad_1.0-1_amd64.deb: it has more bytes than a push may have")
    assert dsc.endswith("tiny_1.0-1.dsc: it has more bytes than a push may have")
    assert "tiny_1.0.orig.tar.xz: no .dsc" in part


def test_many_packages_are_taken_in_a_batch_at_a_time(mirror: Mirror) -> None:
    debs = {
        f"{POOL}/p{n:03}_1.0-1_amd64.deb": a_named_deb(f"p{n:03}") for n in range(205) if n != 50
    }
    fill(mirror, {**debs, f"{POOL}/p050_1.0-1_amd64.deb": b"bad"})

    sync(mirror)

    assert len(mirror.names_of_apt()) == 204
    assert len(told(mirror)) == 1


def test_every_configured_repository_in_the_bucket_is_taken_in(mirror: Mirror) -> None:
    jammy = f"{APT}/pool/jammy/main/t/tiny/tiny_1.0-1_amd64.deb"
    unknown = f"{APT}/pool/noble/main/t/tiny/tiny_1.0-1_amd64.deb"
    fill(mirror, {TINY: a_deb(), jammy: a_deb(), RPM: an_rpm(), unknown: a_deb(), "top": b""})
    mirror.put("@1/" + TINY, a_deb())

    mirror.sync.promise_all()
    mirror.publish()

    with mirror.world.database.read() as tx:
        found = [one.path for one in tx.repositories.page("", 10)]
    assert found == [EL7, FOCAL, "live/2.8/ubuntu/jammy"]
    assert mirror.watched.fetched == [RPM, TINY, jammy]


def test_a_repository_that_is_not_configured_any_more_is_let_be(mirror: Mirror) -> None:
    assert sync(mirror, "live/2.8/ubuntu/noble") == []

    with mirror.world.database.read() as tx:
        assert tx.rows.count("outbox") == 0


def test_a_repository_without_room_waits_and_leaves_the_bucket_as_it_is(world: World) -> None:
    mirror = new_mirror(world, max_bytes=1)
    fill(mirror, {TINY: a_deb(), f"{SUITE}/InRelease": b"of another service"})

    sync(mirror)

    assert mirror.read(f"{SUITE}/InRelease") == b"of another service"
    with world.database.read() as tx:
        assert tx.rows.count("outbox") == 1


def test_whoever_builds_a_repository_anew_means_what_was_put_there_by_hand(mirror: Mirror) -> None:
    mirror.depot.push({"other_1.0-1_amd64.deb": a_named_deb("other")})
    mirror.publish()
    mirror.put(TINY, a_deb())

    mirror.depot.pushing.rebuild(PUBLISHER, CATALOGUE.targets(FOCAL))
    mirror.publish()

    assert mirror.names_of_apt() == ["other", "tiny"]


A_PLUS = {"Package": "a+", "Version": "1", "Architecture": "all"}
