"""What differs between publications, and what is known of the bucket that clients read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.rows import LATER, NOW, Steps, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.mirror import BucketObject, Changes, Quarantine
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.published import IndexForm, PublishedIndex, Sums
from filemanager.domain.repositories.repository import PackageFile, Repository, Visibility
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreeChange, TreePath

ADDRESS = Address("live", "1.0", "ubuntu", "focal", Base.DEB)
OTHER = Address("live", "1.0", "ubuntu", "jammy", Base.DEB)
PATH = ADDRESS.path
NOTHING = Revision(0)


def an_index(text: str, path: str = "Packages") -> PublishedIndex:
    digest = digest_of(text.encode())
    sums = Sums(size_bytes=len(text), md5=digest[:32], sha1=digest[:40], sha256=digest)
    return PublishedIndex(path=path, file="Packages", form=IndexForm.PLAIN, sums=sums)


def a_file(path: str, text: str = "text") -> PackageFile:
    return PackageFile(path=path, digest=digest_of(text.encode()), size_bytes=len(text))


def a_known(path: str, quarantine: Quarantine | None = None, **more: object) -> BucketObject:
    made = BucketObject(path=path, size_bytes=3, etag='"ü"', quarantine=quarantine)
    return replace(made, **more)  # type: ignore[arg-type]  # by name


class Publications:
    """One repository and what happens to it, each step a transaction."""

    def __init__(self, steps: Steps) -> None:
        steps.store("text", "other")
        self.database = steps.database
        self.tree = self.database.write(lambda tx: tx.repositories.hold(ADDRESS)).tree.id

    def publish(
        self,
        put: dict[str, str] | None = None,
        end: tuple[str, ...] = (),
        indexes: tuple[PublishedIndex, ...] = (),
    ) -> Revision:
        def work(tx: Transaction) -> Revision:
            repository = tx.repositories.lock(PATH)
            change = TreeChange(
                put=tuple(an_entry(path, text) for path, text in (put or {}).items()),
                end=tuple((Area.SOURCE, TreePath(path)) for path in end),
            )
            tree = tx.trees.apply(repository.tree, change, NOW)
            tx.repositories.indexes.replace_indexes(tree.id, tree.revision, NOW, indexes)
            return tree.revision

        return self.database.write(work)

    def changes(self, old: Revision, new: Revision) -> Changes:
        with self.database.read() as tx:
            return tx.repositories.changes(self.tree, old, new)

    def save(self, address: Address = ADDRESS, **changed: object) -> None:
        def work(tx: Transaction) -> None:
            repository: Repository = tx.repositories.hold(address)
            tx.repositories.save(replace(repository, **changed))  # type: ignore[arg-type]  # by name

        self.database.write(work)

    def unmirrored(self) -> list[str]:
        with self.database.read() as tx:
            return list(tx.repositories.unmirrored(NOW))


@pytest.fixture
def publications(steps: Steps) -> Publications:
    return Publications(steps)


def test_changes_are_what_came_and_what_went(publications: Publications) -> None:
    first = publications.publish({"kept": "text", "gone": "text", "changed": "text"})
    publications.publish({"passing": "text"})
    last = publications.publish({"new": "text", "changed": "other"}, end=("gone", "passing"))

    changes = publications.changes(first, last)

    assert changes.files == (a_file("changed", "other"), a_file("new"))
    assert changes.gone_files == ("gone",)


def test_what_came_back_has_come(publications: Publications) -> None:
    """Between the two other bytes may have been written to the bucket."""
    first = publications.publish({"a": "text"})
    publications.publish({"a": "other"})
    last = publications.publish({"a": "text"})

    changes = publications.changes(first, last)

    assert changes.files == (a_file("a"),)
    assert changes.gone_files == ()


def test_changes_from_nothing_are_all_that_is_there(publications: Publications) -> None:
    publications.publish({"a": "text", "b": "text"}, indexes=(an_index("one"),))
    last = publications.publish(end=("b",), indexes=(an_index("two"),))

    changes = publications.changes(NOTHING, last)

    assert changes == Changes(
        files=(a_file("a"),), gone_files=(), indexes=(an_index("two"),), gone_indexes=()
    )


def test_an_index_with_other_bytes_has_come_and_gone(publications: Publications) -> None:
    same = an_index("same", "Sources")
    first = publications.publish(indexes=(an_index("one"), same))
    last = publications.publish(indexes=(an_index("two"), same))

    changes = publications.changes(first, last)

    assert changes.indexes == (an_index("two"),)
    assert changes.gone_indexes == (an_index("one"),)


def test_how_far_the_bucket_follows_is_kept(publications: Publications) -> None:
    publications.save(
        mirrored=Revision(3), mirror_begun=Revision(4), mirrored_at=NOW, synced_through=5
    )

    with publications.database.read() as tx:
        found = tx.repositories.find(PATH)
    assert found is not None
    assert (found.mirrored, found.mirror_begun) == (3, 4)
    assert (found.mirrored_at, found.synced_through) == (NOW, 5)


def test_a_publication_that_is_not_in_the_bucket_is_told(publications: Publications) -> None:
    revision = publications.publish()
    assert publications.unmirrored() == []

    publications.save(published_at=NOW)
    assert publications.unmirrored() == [PATH]

    publications.save(mirrored=revision, mirror_begun=revision)
    assert publications.unmirrored() == []

    publications.publish()
    assert publications.unmirrored() == [PATH]


def test_what_is_private_and_in_the_bucket_is_told(publications: Publications) -> None:
    publications.save(published_at=NOW, visibility=Visibility.PRIVATE)
    assert publications.unmirrored() == []

    publications.save(mirror_begun=Revision(1))
    assert publications.unmirrored() == [PATH]


def test_what_is_to_be_deleted_is_told_when_it_is_due(publications: Publications) -> None:
    publications.save(published_at=NOW, mirrored=NOTHING)
    due_at = NOW + timedelta(milliseconds=1)
    publications.database.write(
        lambda tx: tx.repositories.leftovers.add(publications.tree, ["a"], due_at)
    )
    assert publications.unmirrored() == []

    publications.database.write(lambda tx: tx.repositories.leftovers.hasten(publications.tree, NOW))
    assert publications.unmirrored() == [PATH]


def test_leftovers_keep_the_time_that_they_were_given_first(publications: Publications) -> None:
    def work(tx: Transaction) -> None:
        leftovers = tx.repositories.leftovers
        leftovers.add(publications.tree, ["a", "b"], LATER)
        leftovers.add(publications.tree, ["b", "c", "c"], NOW)
        leftovers.remove(publications.tree, ["a", "none"])

    publications.database.write(work)

    with publications.database.read() as tx:
        leftovers = tx.repositories.leftovers
        assert list(leftovers.due(publications.tree, NOW, 10)) == ["c"]
        assert sorted(leftovers.due(publications.tree, LATER, 10)) == ["b", "c"]
        assert len(leftovers.due(publications.tree, LATER, 1)) == 1
        assert set(leftovers.among(publications.tree, ["a", "b", "c", "d"])) == {"b", "c"}


def test_known_objects_are_found_as_they_were_noted_last(publications: Publications) -> None:
    quarantined = a_known("b", Quarantine("no ar archive: ü", 2, LATER))
    ours = a_known("c", digest=digest_of(b"text"))

    def work(tx: Transaction) -> None:
        known = tx.repositories.known_objects
        known.note(publications.tree, [a_known("a"), a_known("b"), a_known("d")])
        known.note(publications.tree, [quarantined, ours])
        known.forget(publications.tree, ["d"])

    publications.database.write(work)

    with publications.database.read() as tx:
        known = tx.repositories.known_objects
        found = known.find(publications.tree, ["a", "b", "c", "d"])
        assert found == {"a": a_known("a"), "b": quarantined, "c": ours}
        assert list(known.quarantined(publications.tree)) == [quarantined]
        assert list(known.ours(publications.tree)) == ["c"]


def test_each_repository_has_a_bucket_of_its_own(
    publications: Publications, database: SqlDatabase
) -> None:
    other = database.write(lambda tx: tx.repositories.hold(OTHER)).tree.id

    def work(tx: Transaction) -> None:
        tx.repositories.known_objects.note(
            publications.tree, [a_known("a", Quarantine("why", 1, NOW))]
        )
        tx.repositories.leftovers.add(publications.tree, ["a"], NOW)
        tx.repositories.known_objects.forget(other, ["a"])
        tx.repositories.leftovers.remove(other, ["a"])

    database.write(work)

    with database.read() as tx:
        known, leftovers = tx.repositories.known_objects, tx.repositories.leftovers
        assert known.find(other, ["a"]) == {}
        assert known.quarantined(other) == []
        assert leftovers.due(other, LATER, 10) == []
        assert list(leftovers.due(publications.tree, NOW, 10)) == ["a"]
