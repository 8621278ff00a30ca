"""Drops: rows, explosions, checksums, labels and rates, on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from builders.rows import LATER, NOW, Steps, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.domain.bucket.drop import Drop, DropId
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreeChange, TreePath

ALICE = Owner("issuer:alice")
TEXT = digest_of(b"text")
PACKED = digest_of(b"packed")


def a_drop(name: str = "a.txt", digest: Digest = TEXT, **more: Any) -> Drop:
    made = Drop(
        id=DropId(0),
        path=TreePath(name),
        digest=digest,
        size_bytes=4,
        kept_bytes=4,
        owner=ALICE,
        created_at=NOW,
    )
    return replace(made, **more)


@pytest.fixture
def stored(steps: Steps) -> SqlDatabase:
    """Blobs of ``text``, ``packed`` and ``other``."""
    steps.store("text", "packed", "other")
    return steps.database


def keep(database: SqlDatabase, drop: Drop) -> Drop:
    return database.write(lambda tx: tx.drops.add([drop]))[0]


def explode(database: SqlDatabase, archive: Digest = PACKED) -> bool:
    """Explode as uploads do: whoever is first puts the file ``d/x`` into the tree."""

    def work(tx: Transaction) -> bool:
        if tx.drops.hold_explosion(archive) is not None:
            return False
        tree = tx.drops.add_explosion(archive)
        if tree is not None:
            tx.trees.apply(tree, TreeChange(put=(an_entry("d/x"),)), NOW)
        tx.drops.add([a_drop("a.tar", archive, archive=archive)])
        return tree is not None

    return database.write(work)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))


def test_a_drop_is_found_as_it_was_added(stored: SqlDatabase) -> None:
    first = keep(stored, a_drop("é/a.txt", expires_at=LATER, owner=None, decompressed=PACKED))
    second = keep(stored, a_drop("b"))

    with stored.read() as tx:
        page = tx.drops.page(None, 10)
        assert list(page) == [second, first]
        assert list(tx.drops.page(second.id, 10)) == [first]
        assert list(tx.drops.sent_as(TEXT)) == [first, second]
        assert tx.drops.oldest_of(TEXT) == first
        assert tx.drops.oldest_of(PACKED) == first


def test_many_drops_get_their_ids_in_their_order(stored: SqlDatabase) -> None:
    many = [a_drop(str(number)) for number in range(1500)]

    added = stored.write(lambda tx: tx.drops.add(many))

    ids = [drop.id for drop in added]
    with stored.read() as tx:
        found = {drop.id: drop.path for drop in tx.drops.page(None, 2000)}
    assert [found[one] for one in ids] == [drop.path for drop in many]
    assert ids == sorted(ids)


def test_a_drop_keeps_its_blobs_from_the_sweeper(stored: SqlDatabase) -> None:
    keep(stored, a_drop(decompressed=PACKED))

    with stored.read() as tx:
        assert list(tx.blobs.sweepable(LATER, 10)) == [digest_of(b"other")]


def test_a_deleted_drop_lets_go_of_everything(stored: SqlDatabase) -> None:
    explode(stored)
    with stored.read() as tx:
        drops = tx.drops.page(None, 10)

    taken = stored.write(lambda tx: tx.drops.take(drops))

    with stored.read() as tx:
        assert [one.id for one in taken] == [one.id for one in drops]
        assert tx.drops.explosion(PACKED) is None
        assert not tx.drops.holds(TEXT)
        assert len(tx.blobs.sweepable(LATER, 10)) == 3


def test_an_explosion_stays_while_a_drop_names_it(stored: SqlDatabase) -> None:
    explode(stored)
    again = keep(stored, a_drop("b.tar", PACKED, archive=PACKED))
    with stored.read() as tx:
        first = [one for one in tx.drops.page(None, 10) if one.id != again.id]

    stored.write(lambda tx: tx.drops.take(first))

    with stored.read() as tx:
        tree = tx.drops.explosion(PACKED)
        assert tree is not None
        assert tx.trees.find(tree.id, Area.SOURCE, "d/x").digest == TEXT
        assert list(tx.drops.member_names(TEXT, 10)) == ["d/x"]
        assert tx.drops.holds(TEXT)
        assert [one for one, _ in tx.drops.explosions(None, 10)] == [PACKED]
        assert list(tx.drops.blobs(None, 10)) == sorted([TEXT, PACKED])


def test_an_archive_that_many_send_at_once_is_exploded_once(stored: SqlDatabase) -> None:
    made = at_once(8, lambda _: explode(stored))

    assert sum(made) == 1
    with stored.read() as tx:
        tree = tx.drops.explosion(PACKED)
        assert tree is not None
        assert len(tx.trees.entries(tree.id, tree.revision)) == 1


def test_a_checksum_belongs_to_the_first_bytes_that_have_it(stored: SqlDatabase) -> None:
    other = digest_of(b"other")
    for values in ({TEXT: "aa", PACKED: "bb"}, {other: "aa", TEXT: "aa"}):
        stored.write(lambda tx, values=values: tx.drops.note_checksums("md5", values))  # type: ignore[misc]  # bound at once

    with stored.read() as tx:
        assert tx.drops.checksums("md5", [TEXT, PACKED, other]) == {TEXT: "aa", PACKED: "bb"}
        assert tx.drops.with_checksum("aa") == ("md5", TEXT)
        assert tx.drops.with_checksum("cc") is None


def test_blobs_without_a_checksum_are_told(stored: SqlDatabase) -> None:
    keep(stored, a_drop(decompressed=PACKED))
    stored.write(lambda tx: tx.drops.note_checksums("sha1", {TEXT: "aa"}))

    with stored.read() as tx:
        assert list(tx.drops.without_checksum("sha1", None, 10)) == [PACKED]
        assert list(tx.drops.without_checksum("sha1", PACKED, 10)) == []


def test_a_label_is_given_once_and_never_inside_another(stored: SqlDatabase) -> None:
    first, second = keep(stored, a_drop()), keep(stored, a_drop())

    def add(path: str, drop: Drop) -> bool:
        return stored.write(lambda tx: tx.drops.add_replica(path, drop))

    assert add("u/a.0", first)
    assert not add("u/a.0", second)
    assert not add("u/a.0/b", second)
    assert not add("u", second)
    assert add("u/a.1", second)
    with stored.read() as tx:
        assert list(tx.drops.taken_names("u/a.")) == ["u/a.0", "u/a.1"]
        assert [one.drop.id for one in tx.drops.replicas("u/", "", 10)] == [first.id, second.id]


def test_latest_moves_for_owners_and_for_nobody_only_what_is_nobodys(stored: SqlDatabase) -> None:
    owned, nobodys = keep(stored, a_drop()), keep(stored, a_drop(owner=None))

    def point(drop: Drop) -> bool:
        return stored.write(lambda tx: tx.drops.point_latest("l", drop))

    found = [point(nobodys), point(nobodys), point(owned), point(nobodys), point(owned)]

    assert found == [True, True, True, False, True]
    with stored.read() as tx:
        replica = tx.drops.replica(["x", "l"])
        assert replica is not None
        assert (replica.path, replica.drop) == ("l", owned)


def test_labels_that_many_want_at_once_go_to_one_each(stored: SqlDatabase) -> None:
    drops = [keep(stored, a_drop(str(number))) for number in range(8)]

    def label(number: int) -> bool:
        drop = drops[number]
        stored.write(lambda tx: tx.drops.point_latest("latest", drop))
        return stored.write(lambda tx: tx.drops.add_replica("only", drop))

    assert sum(at_once(8, label)) == 1


def test_what_has_expired_is_told_and_what_is_kept_is_not(stored: SqlDatabase) -> None:
    keep(stored, a_drop())
    keep(stored, a_drop(expires_at=LATER))
    old = keep(stored, a_drop(expires_at=NOW))

    with stored.read() as tx:
        assert [one.id for one in tx.drops.expired(LATER, 10)] == [old.id]
