"""Whatever fails in the middle: who reads the bucket finds what roots promise, and it is made up
for.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm, tags_of
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.repositories.repository import Visibility
from worlds.mirrors import APT, GRACE, SUITE, Mirror, new_mirror
from worlds.repositories import ADMIN, CATALOGUE, EL7, FOCAL
from worlds.stored import Interruption, World, interrupted

MOST_REQUESTS = 100
MOST_CALLS = 300
LEASE = timedelta(minutes=1)
LONG = timedelta(minutes=5)


def fail() -> None:
    raise StoreUnavailable


def push_deb(mirror: Mirror, name: str) -> None:
    mirror.depot.push({f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})})


def push_rpm(mirror: Mirror, name: str) -> None:
    rpm = an_rpm(tags_of(name))
    mirror.depot.push({f"{name}-1.0-1.x86_64.rpm": rpm}, EL7, product=None)


def names_of_apt(mirror: Mirror) -> list[str]:
    return mirror.names_of_apt()


def names_of_yum(mirror: Mirror) -> list[str]:
    return mirror.names_of_yum()


Push = Callable[[Mirror, str], None]
Names = Callable[[Mirror], list[str]]
BOTH = pytest.mark.parametrize(
    ("push", "names"), [(push_deb, names_of_apt), (push_rpm, names_of_yum)], ids=["apt", "yum"]
)


@BOTH
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_request_that_fails_anywhere_is_made_up_for(
    world: World, push: Push, names: Names, moment: str
) -> None:
    mirror = new_mirror(world)
    known: list[str] = []
    for at in range(1, MOST_REQUESTS):
        name = f"p{at:03}"
        push(mirror, name)
        step = Interruption(at, fail)
        setattr(mirror.watched, moment, lambda *_, step=step: step())
        mirror.publish()

        if known:
            assert names(mirror) in (known, [*known, name])
        setattr(mirror.watched, moment, lambda *_: None)
        world.clock.turn(LONG)
        mirror.publish()
        known.append(name)
        assert names(mirror) == known
        if step.calls < at:
            return
    pytest.fail("a mirror never ends")


@BOTH
def test_a_call_that_fails_anywhere_is_made_up_for(world: World, push: Push, names: Names) -> None:
    """Of the database and of the store of blobs."""
    mirror = new_mirror(world)
    known: list[str] = []
    for at in range(1, MOST_CALLS):
        name = f"p{at:03}"
        push(mirror, name)
        step = Interruption(at, fail)
        failing = Mirror(interrupted(world, step), mirror.watched)
        with suppress(StoreUnavailable):
            failing.publish()

        if known:
            assert names(mirror) in (known, [*known, name])
        world.clock.turn(LONG)
        mirror.publish()
        known.append(name)
        assert names(mirror) == known
        if step.calls < at:
            return
    pytest.fail("a mirror never ends")


def test_what_a_run_wrote_that_was_never_ended_is_deleted_too(world: World) -> None:
    mirror = new_mirror(world)
    push_deb(mirror, "aa")
    mirror.publish()
    before = set(mirror.listing())
    mirror.watched.after = lambda *_: fail()
    push_deb(mirror, "passing")
    mirror.publish()
    (stray,) = set(mirror.listing()) - before

    mirror.watched.after = lambda *_: None
    with world.database.read() as tx:
        tree = mirror.repository().tree.id
        ids = [one.id for one in tx.repositories.packages.living(tree, ["passing"])]
    world.database.write(lambda tx: tx.repositories.packages.remove(tree, ids, world.clock()))
    mirror.depot.pushing.rebuild(ADMIN, CATALOGUE.targets(FOCAL))
    world.clock.turn(LONG)
    mirror.publish()
    assert stray in mirror.listing()
    world.clock.turn(GRACE)
    mirror.service.catch_up()
    mirror.publish()

    assert set(mirror.listing()) == before


@pytest.mark.parametrize("at", range(1, 10))
def test_a_publication_that_comes_meanwhile_is_written_last(world: World, at: int) -> None:
    mirror = new_mirror(world)
    push_deb(mirror, "aa")
    mirror.publish()

    def come() -> None:
        mirror.watched.before = lambda *_: None
        push_deb(mirror, "cc")

    step = Interruption(at, come)
    mirror.watched.before = lambda *_: step()
    push_deb(mirror, "bb")
    mirror.publish()

    assert mirror.names_of_apt() == ["aa", "bb", "cc"][: 2 + (step.calls >= at)]
    assert_whole(mirror)


@pytest.mark.parametrize("at", range(1, 10))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_lost_its_lease_does_not_write_last(
    world: World, at: int, moment: str
) -> None:
    """It stands still in the middle of a request until others have published more."""
    mirror = new_mirror(world)
    push_deb(mirror, "aa")
    mirror.publish()

    def overtake() -> None:
        setattr(mirror.watched, moment, lambda *_: None)
        world.clock.turn(LEASE)
        push_deb(mirror, "cc")
        mirror.depot.push({"bb_1.0-1_amd64.deb": OTHER_B}, caller=ADMIN, replaces=True)
        mirror.publish()
        assert mirror.names_of_apt() == ["aa", "bb", "cc", "dd"]
        world.clock.turn(LEASE)

    step = Interruption(at, overtake)
    setattr(mirror.watched, moment, lambda *_: step())
    mirror.depot.push(
        {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name}) for name in ("bb", "dd")}
    )
    mirror.publish()

    assert step.calls == at
    assert mirror.names_of_apt() == ["aa", "bb", "cc", "dd"]
    assert_whole(mirror)


def test_a_worker_that_lost_its_lease_leaves_nothing_private(world: World) -> None:
    mirror = new_mirror(world)
    push_deb(mirror, "aa")

    def hide() -> None:
        mirror.watched.before = lambda *_: None
        world.clock.turn(LEASE)
        mirror.change(visibility=Visibility.PRIVATE)
        mirror.publish()
        assert mirror.listing() == []
        world.clock.turn(LEASE)

    step = Interruption(3, hide)
    mirror.watched.before = lambda *_: step()
    mirror.publish()

    assert mirror.listing() == []


def test_a_sync_that_fails_anywhere_is_made_up_for(world: World) -> None:
    mirror = new_mirror(world)
    for at in range(1, MOST_CALLS):
        name = f"p{at:03}"
        pool = f"{APT}/pool/focal/main/p/{name}"
        mirror.put(f"{pool}/{name}_1.0-1_amd64.deb", a_deb({"Package": name}))
        mirror.put(f"{pool}/{name}_1.0-2_amd64.deb", b"bad")
        mirror.sync.promise_all()
        step = Interruption(at, fail)
        mirror.watched.before = lambda *_, step=step: step()
        with suppress(StoreUnavailable):
            Mirror(interrupted(world, step), mirror.watched).publish()
        mirror.watched.before = lambda *_: None
        world.clock.turn(LONG)
        mirror.publish()

        assert mirror.names_of_apt() == [f"p{number:03}" for number in range(1, at + 1)]
        listed = mirror.read(f"{SUITE}/malformed_list.txt").decode()
        assert f"/{name}_1.0-2_amd64.deb: it is no Debian package" in listed
        if step.calls < at:
            return
    pytest.fail("a sync never ends")


OTHER_B = a_deb({"Package": "bb", "Description": "other"})


def assert_whole(mirror: Mirror) -> None:
    """Every index under its plain name is the newest too."""
    for key in mirror.listing():
        if "/dists/" in key and "/by-hash/" not in key:
            assert mirror.read(key) == mirror.depot.read(key), key
