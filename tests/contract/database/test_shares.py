"""Shares, what opens them, visits, logs and packs, on every database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders.rows import LATER, NOW, Steps
from builders.source_values import BUCKET
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId, digest_of, random_id
from filemanager.domain.packages.changes import ItemChange, NewItem, PointedTo
from filemanager.domain.packages.data_package import (
    BlobBehind,
    DataPackage,
    DataPackageId,
    Description,
)
from filemanager.domain.packages.pointer import NewPointer, ObjectPlace
from filemanager.domain.ports import Transaction
from filemanager.domain.requests.secrets import new_secret
from filemanager.domain.shares.capability import CapabilityId, ShareCapability
from filemanager.domain.shares.errors import ShareUnknown, ShareUsedUp, SlugTaken
from filemanager.domain.shares.pack import PackKind, SharePack
from filemanager.domain.shares.share import Share, ShareId, new_key
from filemanager.domain.shares.visit import ShareAccess, ShareVisit, VisitId, Visitor
from filemanager.domain.sources.objects import PinnedObject
from filemanager.domain.trees.tree import TreePath

DAY = timedelta(days=1)
FIRST, SECOND = Visitor("1" * 64), Visitor("2" * 64)


@pytest.fixture
def package(steps: Steps) -> DataPackage:
    made = DataPackage(
        id=DataPackageId(random_id()),
        owner=Owner("issuer:alice"),
        tree_id=TreeId(0),
        revision=Revision(0),
        described=Description(name="study"),
        items=0,
        size_bytes=0,
        text_bytes=0,
        is_anonymous=False,
        created_at=NOW,
        changed_at=NOW,
    )
    return steps.database.write(lambda tx: tx.packages.add(made))


def a_share(package: DataPackage, **more: Any) -> Share:
    values: dict[str, Any] = {
        "id": ShareId(0),
        "slug": "iris",
        "package_id": package.id,
        "number": None,
        "base": "https://files.example.org",
        "description": "",
        "created_at": NOW,
        "key": new_key(),
    }
    return Share(**values | more)


def add(database: SqlDatabase, share: Share) -> Share:
    return database.write(lambda tx: tx.shares.add(share))


@pytest.fixture
def share(database: SqlDatabase, package: DataPackage) -> Share:
    return add(database, a_share(package))


def test_a_share_is_found_as_it_was_added(database: SqlDatabase, package: DataPackage) -> None:
    wish = a_share(
        package,
        number=3,
        description="for re\u00efews",
        password="$argon2id$v=19$x",
        expires_at=LATER,
        max_visits=2,
        is_listed=False,
        audience=frozenset({"issuer:b\u00f6b", "issuer:*"}),
    )

    made = add(database, wish)

    with database.read() as tx:
        assert tx.shares.find("iris") == tx.shares.get(made.id) == made
        assert made == replace(wish, id=made.id)
        assert tx.shares.find("IRIS") is None
        with pytest.raises(ShareUnknown):
            tx.shares.get(ShareId(99))


def test_a_name_is_given_once_also_when_its_share_was_revoked(
    database: SqlDatabase, package: DataPackage, share: Share
) -> None:
    other = add(database, a_share(package, slug="other"))
    database.write(lambda tx: tx.shares.save(replace(share, revoked_at=NOW)))

    with pytest.raises(SlugTaken):
        add(database, a_share(package))
    with pytest.raises(SlugTaken):
        database.write(lambda tx: tx.shares.save(replace(other, slug="iris")))


def test_living_shares_are_listed_and_counted(
    database: SqlDatabase, package: DataPackage, share: Share
) -> None:
    others = [add(database, a_share(package, slug=f"share{number}")) for number in range(3)]
    database.write(lambda tx: tx.shares.save(replace(others[0], revoked_at=NOW)))

    with database.read() as tx:
        assert list(tx.shares.page(package.id, 0, 2)) == [share, others[1]]
        assert list(tx.shares.page(package.id, others[1].id, 9)) == [others[2]]
        assert tx.shares.count(package.id) == 3
        assert list(tx.shares.page_of(package.owner, share.id, 1)) == [others[1]]
        assert list(tx.shares.page_of(Owner("issuer:bob"), 0, 9)) == []


def test_saving_keeps_the_count_of_visits(database: SqlDatabase, share: Share) -> None:
    begin(database, share, FIRST)

    database.write(lambda tx: tx.shares.save(replace(share, description="new", visits=77)))

    with database.read() as tx:
        assert tx.shares.get(share.id) == replace(share, description="new", visits=1)


def begin(database: SqlDatabase, share: Share, visitor: Visitor, at: Any = NOW) -> ShareVisit:
    return database.write(lambda tx: tx.shares.visits.begin(share.id, visitor, at, at + DAY))


def test_a_visit_is_counted_once_for_as_long_as_it_lasts(
    database: SqlDatabase, share: Share
) -> None:
    first = begin(database, share, FIRST)
    again = begin(database, share, FIRST, NOW + DAY / 2)
    later = begin(database, share, FIRST, NOW + DAY)

    with database.read() as tx:
        assert first == again
        assert (later.id, later.number, later.until) == (first.id, 2, NOW + 2 * DAY)
        assert tx.shares.get(share.id).visits == 2
        assert tx.shares.visits.find(share.id, FIRST, NOW + DAY) == later
        assert tx.shares.visits.get(first.id, NOW + 2 * DAY) is None
        assert tx.shares.visits.find(share.id, SECOND, NOW) is None


def test_a_share_is_used_up_by_as_many_visitors_as_it_allows(
    database: SqlDatabase, package: DataPackage
) -> None:
    share = add(database, a_share(package, max_visits=1))
    begin(database, share, FIRST)

    with pytest.raises(ShareUsedUp):
        begin(database, share, SECOND)

    assert begin(database, share, FIRST).number == 1
    with database.read() as tx:
        assert tx.shares.get(share.id).visits == 1
        assert tx.shares.visits.find(share.id, SECOND, NOW) is None


def test_many_at_once_never_get_past_the_limit(database: SqlDatabase, package: DataPackage) -> None:
    share = add(database, a_share(package, max_visits=3))

    def visit(number: int) -> bool:
        try:
            begin(database, share, Visitor(f"{number % 8:064}"))
        except ShareUsedUp:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        let_in = list(pool.map(visit, range(16)))

    assert sum(let_in) == 6
    with database.read() as tx:
        assert tx.shares.get(share.id).visits == 3


def test_who_was_right_is_known_for_a_while(database: SqlDatabase, share: Share) -> None:
    for at in (NOW, LATER):
        database.write(lambda tx, at=at: tx.shares.visits.note_right(share.id, FIRST, at))  # type: ignore[misc]  # bound at once

    with database.read() as tx:
        assert tx.shares.visits.was_right(share.id, FIRST, LATER)
        assert not tx.shares.visits.was_right(share.id, FIRST, LATER + DAY)
        assert not tx.shares.visits.was_right(share.id, SECOND, NOW)


def test_visits_and_known_addresses_are_forgotten(database: SqlDatabase, share: Share) -> None:
    begin(database, share, FIRST)
    begin(database, share, SECOND, LATER)
    database.write(lambda tx: tx.shares.visits.note_right(share.id, FIRST, NOW))

    pruned = [
        database.write(lambda tx: tx.shares.visits.prune(LATER + DAY, LATER, 10)) for _ in range(2)
    ]

    assert pruned == [2, 0]
    with database.read() as tx:
        assert tx.shares.visits.find(share.id, SECOND, LATER) is not None


def a_capability(share: Share, name: str | None = None, **more: Any) -> ShareCapability:
    values: dict[str, Any] = {"id": CapabilityId(0), "created_at": NOW, "expires_at": LATER}
    return ShareCapability(share_id=share.id, name=name, **values | more)


def test_a_capability_is_found_by_the_digest_of_its_secret(
    database: SqlDatabase, share: Share
) -> None:
    secret = new_secret()
    made = database.write(lambda tx: tx.shares.capabilities.add(a_capability(share), secret.digest))

    with database.read() as tx:
        assert tx.shares.capabilities.find(secret.digest) == made
        assert tx.shares.capabilities.find(new_secret().digest) is None
        assert tx.shares.capabilities.numbered(share.id, made.id) == made
        assert tx.shares.capabilities.numbered(ShareId(share.id + 1), made.id) is None
        assert tx.shares.capabilities.numbered(share.id, CapabilityId(made.id + 1)) is None
        assert list(tx.shares.capabilities.named(share.id, 0, 9)) == []


def test_access_keys_are_listed_counted_and_revoked(database: SqlDatabase, share: Share) -> None:
    def make(name: str | None, **more: Any) -> ShareCapability:
        wish = a_capability(share, name, **more)
        return database.write(lambda tx: tx.shares.capabilities.add(wish, new_secret().digest))

    unlocked, forever, ended = make(None), make("f\u00fcr cron", expires_at=None), make("old")

    with database.read() as tx:
        assert list(tx.shares.capabilities.named(share.id, 0, 9)) == [forever, ended]
        assert tx.shares.capabilities.count_named(share.id, LATER) == 1
    assert [
        database.write(lambda tx, one=one: tx.shares.capabilities.revoke(share.id, one.id))  # type: ignore[misc]  # bound at once
        for one in (unlocked, forever, forever)
    ] == [False, True, False]


def test_what_was_unlocked_ends_and_access_keys_go_on(database: SqlDatabase, share: Share) -> None:
    secrets = [new_secret(), new_secret()]
    for secret, name in zip(secrets, (None, "key"), strict=True):
        wish = a_capability(share, name)
        database.write(
            lambda tx, w=wish, s=secret: tx.shares.capabilities.add(w, s.digest)  # type: ignore[misc]  # bound at once
        )

    database.write(lambda tx: tx.shares.capabilities.revoke_unlocked(share.id))

    with database.read() as tx:
        found = [tx.shares.capabilities.find(secret.digest) for secret in secrets]
    assert [one and one.name for one in found] == [None, "key"]
    assert database.write(lambda tx: tx.shares.capabilities.prune(LATER, 9)) == 0
    assert database.write(lambda tx: tx.shares.capabilities.prune(LATER + DAY, 9)) == 1


def an_access(share: Share, item: str = "f/a.txt", **more: Any) -> ShareAccess:
    values: dict[str, Any] = {
        "at": NOW,
        "visit_id": VisitId(1),
        "size_bytes": 5,
        "agent": "wget \u00fc",
        "network": "192.0.2.0/24",
    }
    return ShareAccess(share_id=share.id, item=item, **values | more)


def test_the_log_is_told_newest_first_and_pruned(database: SqlDatabase, share: Share) -> None:
    for access in (
        an_access(share, "f/a.txt"),
        an_access(share, "f/b\u00fc.txt", at=LATER, visit_id=None, size_bytes=None),
        an_access(share, "f/c.txt", at=LATER, agent="x" * 5000),
    ):
        database.write(lambda tx, access=access: tx.shares.accesses.add(access))  # type: ignore[misc]  # bound at once

    with database.read() as tx:
        newest, *older = tx.shares.accesses.page(share.id, None, 9)
        assert [one.item for one in older] == ["f/b\u00fc.txt", "f/a.txt"]
        assert len(newest.agent) == 300
        assert older[0] == an_access(
            share, "f/b\u00fc.txt", at=LATER, visit_id=None, size_bytes=None, id=older[0].id
        )
        assert [one.item for one in tx.shares.accesses.page(share.id, older[0].id, 9)] == [
            "f/a.txt"
        ]
    assert database.write(lambda tx: tx.shares.accesses.prune(LATER, 9)) == 1


def test_a_pack_holds_its_blob_until_it_is_forgotten(
    database: SqlDatabase, steps: Steps, share: Share
) -> None:
    steps.store("pack", "other")
    pack = SharePack(
        share_id=share.id,
        kind=PackKind.ANNEX,
        digest=digest_of(b"pack"),
        url=share.url,
        refs=(("refs/heads/main", "a" * 40),),
    )
    database.write(lambda tx: tx.shares.packs.save(replace(pack, digest=digest_of(b"other"))))
    database.write(lambda tx: tx.shares.packs.save(pack))

    with database.read() as tx:
        assert tx.shares.packs.find(share.id, PackKind.ANNEX) == pack
        assert tx.shares.packs.find(share.id, PackKind.DVC) is None
        assert list(tx.blobs.sweepable(LATER, 9)) == [digest_of(b"other")]
    database.write(lambda tx: tx.shares.packs.forget(share.id))
    with database.read() as tx:
        assert len(tx.blobs.sweepable(LATER, 9)) == 2


def test_items_are_found_by_source_and_digest_in_their_revision(
    database: SqlDatabase, steps: Steps, package: DataPackage
) -> None:
    steps.store("text")
    sha256 = Digest("5" * 64)

    def work(tx: Transaction) -> tuple[int, DataPackage]:
        source = tx.sources.add("lab", BUCKET, ("*",), NOW)
        place = ObjectPlace(source_id=source.id, pinned=PinnedObject(key="k", version="v"))
        new = NewPointer(place=place, size_bytes=7, sha256=sha256, md5="7" * 32)
        (pointer,) = tx.packages.pointers.hold([new], NOW)
        text = BlobBehind(digest=digest_of(b"text"), size_bytes=4, md5="a" * 32, is_text=True)
        items = (
            NewItem(path=TreePath("a.txt"), behind=text, media_type="text/plain"),
            NewItem(
                path=TreePath("b\u00fc.tif"), behind=PointedTo(pointer.id, 7), media_type="x/y"
            ),
            NewItem(path=TreePath("c.tif"), behind=PointedTo(pointer.id, 7), media_type="x/y"),
        )
        full = tx.packages.apply(tx.packages.lock(package.id), ItemChange(put=items), NOW)
        gone = ItemChange(end=(TreePath("b\u00fc.tif"), TreePath("c.tif")))
        tx.packages.apply(tx.packages.lock(package.id), gone, NOW)
        return source.id, full

    source_id, full = database.write(work)

    with database.read() as tx:
        then, now = full.revision, Revision(full.revision + 1)
        tree_id = package.tree_id
        assert list(tx.shares.sources(tree_id, then)) == [source_id]
        assert list(tx.shares.sources(tree_id, now)) == []
        assert set(tx.shares.paths_of_md5(tree_id, then, "7" * 32)) == {"b\u00fc.tif", "c.tif"}
        assert set(tx.shares.paths_of_md5(tree_id, then, "a" * 32)) == {"a.txt"}
        wanted = [sha256, digest_of(b"text"), digest_of(b"nothing")]
        found = tx.shares.paths_of_sha256s(tree_id, then, wanted)
        assert set(found) == {"a.txt", "b\u00fc.tif", "c.tif"}
        assert set(tx.shares.paths_of_sha256s(tree_id, now, wanted)) == {"a.txt"}
