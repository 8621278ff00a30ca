"""The past of packages: what came and went, and the way back, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.rows import LATER, NOW, Steps
from builders.shelf import ALICE, Shelf, a_package
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import PackageUnknown
from filemanager.domain.repositories.history import ChangeCount, PackageChangeQuery, Restoration
from filemanager.domain.repositories.repository import (
    Package,
    PackageFile,
    PackageId,
    Purge,
)
from filemanager.domain.repositories.retention import PackageVersion
from filemanager.domain.trees.history import EndedBefore, Pin


@pytest.fixture
def shelf(steps: Steps) -> Shelf:
    return Shelf(steps)


def changed(shelf: Shelf, old: int, new: int, **more: object) -> list[str]:
    query = replace(PackageChangeQuery(old=Revision(old), new=Revision(new)), **more)  # type: ignore[arg-type]  # by name
    with shelf.database.read() as tx:
        found = tx.repositories.packages.changed_between(shelf.tree, query)
    return [f"{'+' if (one.since or 0) > old else '-'}{one.name}" for one in found]


def test_what_came_and_went_is_told_without_what_did_both(shelf: Shelf) -> None:
    kept, removed = shelf.add(a_package("kept"), a_package("removed"))
    shelf.publish()
    shelf.remove(removed)
    (passing,) = shelf.add(a_package("passing"))
    shelf.publish()
    shelf.remove(passing)
    shelf.add(a_package("new"))
    shelf.publish()
    shelf.add(a_package("unseen"))

    assert changed(shelf, 0, 1) == ["+kept", "+removed"]
    assert changed(shelf, 1, 3) == ["-removed", "+new"]
    assert changed(shelf, 1, 2) == ["-removed", "+passing"]
    assert changed(shelf, 0, 1, after=kept.id) == ["+removed"]
    assert changed(shelf, 0, 1, limit=1) == ["+kept"]
    assert changed(shelf, 3, 3) == []


def test_changes_are_counted_by_publication(shelf: Shelf) -> None:
    _, removed = shelf.add(a_package("kept"), a_package("removed"))
    shelf.publish()
    shelf.publish()
    shelf.remove(removed)
    shelf.publish()

    with shelf.database.read() as tx:
        counts = tx.repositories.packages.change_counts(
            shelf.tree, [Revision(1), Revision(2), Revision(3)]
        )
    assert counts == {Revision(1): ChangeCount(came=2), Revision(3): ChangeCount(went=1)}


def test_the_way_back_is_what_came_since_and_what_has_gone(shelf: Shelf) -> None:
    kept, removed, waiting = shelf.add(*(a_package(name) for name in ("kept", "removed", "x")))
    first = shelf.publish()
    shelf.remove(removed)
    (new,) = shelf.add(a_package("new"))
    second = shelf.publish()
    (unseen,) = shelf.add(a_package("unseen"))
    shelf.remove(waiting)

    with shelf.database.read() as tx:
        to_first = tx.repositories.packages.restoration(shelf.tree, first)
        to_second = tx.repositories.packages.restoration(shelf.tree, second)
        then = tx.repositories.packages.alive_at(shelf.tree, first)
        to_nothing = tx.repositories.packages.restoration(shelf.tree, Revision(0))
    assert list(then) == [kept.id, removed.id, waiting.id]
    assert to_first == Restoration(gone=(new.id, unseen.id), back=(removed.id, waiting.id))
    assert to_second == Restoration(gone=(unseen.id,), back=(waiting.id,))
    assert to_nothing == Restoration(gone=(kept.id, new.id, unseen.id), back=())


def test_packages_are_given_again_as_they_were_added(shelf: Shelf) -> None:
    signed = replace(a_package("a"), product="shop", signed_by=("A" * 16, "B" * 16))
    first, second = shelf.add(signed, a_package("b"))
    shelf.remove(first)

    with shelf.database.read() as tx:
        packages = tx.repositories.packages
        given = packages.as_given(shelf.tree, [second.id, first.id, PackageId(99)])
        assert packages.get(shelf.tree, first.id).signed_by == signed.signed_by
        found = packages.find_all(shelf.tree, [second.id, first.id, PackageId(99)])
    assert list(given) == [signed, a_package("b")]
    assert [one.id for one in found] == [first.id, second.id]


def test_versions_are_those_of_living_packages(shelf: Shelf) -> None:
    first, second, gone = shelf.add(
        a_package("a", "1"), a_package("a", "2", "arm64"), a_package("c")
    )
    shelf.remove(gone)

    with shelf.database.read() as tx:
        found = list(tx.repositories.packages.versions(shelf.tree))
    assert found == [
        PackageVersion(first.id, "a", "1", "amd64"),
        PackageVersion(second.id, "a", "2", "arm64"),
    ]


def a_purge(shelf: Shelf, *packages: Package, files: tuple[PackageFile, ...]) -> Purge:
    ids = tuple(one.id for one in packages)
    return Purge(tree_id=shelf.tree, packages=ids, files=files, purged_by=ALICE, purged_at=NOW)


def test_what_was_purged_is_told_by_path_file_and_package(shelf: Shelf) -> None:
    (gone,) = shelf.add(a_package("gone"))
    (file,) = gone.files
    other = replace(file, digest=digest_of(b"other"))
    purge = a_purge(shelf, gone, files=(file,))
    shelf.database.write(lambda tx: tx.repositories.purges.add(purge))

    with shelf.database.read() as tx:
        purges = tx.repositories.purges
        assert purges.digests(shelf.tree, file.path) == {file.digest}
        assert purges.digests(shelf.tree, "pool/none") == set()
        assert list(purges.among(shelf.tree, {file, other})) == [file]
        assert purges.holds(shelf.tree, gone.id)
        assert not purges.holds(shelf.tree, PackageId(99))


def test_a_purged_package_is_in_no_way_back(shelf: Shelf) -> None:
    gone, twin = shelf.add(a_package("gone"), a_package("twin"))
    first = shelf.publish()
    (file,) = gone.files

    with shelf.database.read() as tx:
        packages = tx.repositories.packages
        before = packages.holders(shelf.tree, {file})
        assert [one.id for one in packages.incarnations(shelf.tree, file.digest)] == [
            gone.id,
            twin.id,
        ]
    shelf.database.write(lambda tx: tx.repositories.packages.purge(shelf.tree, [gone.id], LATER))

    assert {key: set(ids) for key, ids in before.items()} == {file: {gone.id}}
    with shelf.database.read() as tx:
        packages = tx.repositories.packages
        assert packages.holders(shelf.tree, {file}) == {}
        assert list(packages.alive_at(shelf.tree, first)) == [twin.id]
        assert packages.restoration(shelf.tree, first) == Restoration(gone=(), back=())
        marked = packages.get(shelf.tree, gone.id)
    assert (marked.removed_at, marked.purged_at) == (LATER, LATER)


def test_what_was_purged_goes_though_it_is_pinned_and_young(shelf: Shelf) -> None:
    (gone,) = shelf.add(a_package("gone"))
    first = shelf.publish()
    pin = Pin(tree_id=shelf.tree, revision=first, name="stable", created_by="alice", created_at=NOW)
    entry = PackageFile(path="pool/a", digest=digest_of(b"text"), size_bytes=4)

    def purge(tx: Transaction) -> None:
        tx.pins.add(pin)
        tx.repositories.purges.add(a_purge(shelf, gone, files=(entry,)))
        tx.repositories.packages.purge(shelf.tree, [gone.id], NOW)

    def prune(tx: Transaction) -> int:
        return tx.upkeep.prune(EndedBefore(NOW - timedelta(days=1)), 100)

    shelf.database.write(purge)
    while_it_lives = shelf.database.write(prune)
    shelf.publish()

    assert (while_it_lives, shelf.database.write(prune), shelf.database.write(prune)) == (0, 2, 0)
    with shelf.database.read() as tx:
        tx.pins.ensure_kept(shelf.tree, first)
        assert tx.trees.entries(shelf.tree, first) == []
        with pytest.raises(PackageUnknown):
            tx.repositories.packages.get(shelf.tree, gone.id)
