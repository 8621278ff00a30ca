"""Data packages: items, levels, pointers, versions and works, on every database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from builders.rows import LATER, NOW, Steps
from builders.source_values import BUCKET
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner, Rights, Scope
from filemanager.domain.ids import Revision, TreeId, digest_of, random_id
from filemanager.domain.jobs.job import Job, JobId, Lane, Task
from filemanager.domain.packages.changes import ItemChange, NewItem, PointedTo
from filemanager.domain.packages.data_package import (
    BlobBehind,
    DataPackage,
    DataPackageId,
    DataPackageNotFound,
    Description,
    Item,
    ItemNotFound,
    PackageEdition,
    VersionNotFound,
)
from filemanager.domain.packages.freezing import Frozen, PackageWork, PackageWorkKind
from filemanager.domain.packages.hashing import SLOTS, SavedHashes
from filemanager.domain.packages.listing import DirectoryTotal
from filemanager.domain.packages.pointer import (
    NewPointer,
    ObjectPlace,
    Pointer,
    PointerId,
    PointerState,
    UrlPlace,
)
from filemanager.domain.ports import Transaction
from filemanager.domain.sources.objects import PinnedObject
from filemanager.domain.trees.errors import PathInTheWay
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.tree import TreePath

ALICE = Owner("issuer:alice")
TEXT = BlobBehind(digest=digest_of(b"text"), size_bytes=4, md5="0" * 32, is_text=True)


@dataclass(slots=True)
class Cabinet:
    """One package, and what is done to it, each step a transaction."""

    steps: Steps
    package: DataPackage

    @property
    def database(self) -> SqlDatabase:
        return self.steps.database

    def put(self, *paths: str, behind: BlobBehind | PointedTo = TEXT) -> DataPackage:
        items = (
            NewItem(path=TreePath(path), behind=behind, media_type="text/plain") for path in paths
        )
        return self.change(ItemChange(put=tuple(items)))

    def change(self, change: ItemChange) -> DataPackage:
        def work(tx: Transaction) -> DataPackage:
            return tx.packages.apply(tx.packages.lock(self.package.id), change, NOW)

        return self.database.write(work)

    def hold(self, *new: NewPointer) -> Sequence[Pointer]:
        return self.database.write(lambda tx: tx.packages.pointers.hold(new, NOW))

    def freeze(
        self, *directories: DirectoryTotal, pending: Sequence[PointerId] = ()
    ) -> PackageEdition:
        def work(tx: Transaction) -> PackageEdition:
            frozen = Frozen(
                edition=tx.packages.edition(self.package.id, None),
                name="",
                digest=digest_of(b"listing"),
                directories=directories,
                pending=pending,
                by="alice",
                at=NOW,
            )
            return tx.packages.versions.add(frozen)

        return self.database.write(work)

    def edition(self, number: int | None = None) -> PackageEdition:
        with self.database.read() as tx:
            return tx.packages.edition(self.package.id, number)

    def items(self, number: int | None = None, after: str | None = None) -> Sequence[Item]:
        with self.database.read() as tx:
            return tx.packages.items(tx.packages.edition(self.package.id, number), after, 100)

    def paths(self, number: int | None = None) -> list[str]:
        return [str(item.path) for item in self.items(number)]

    def walk(self, directory: str, limit: int) -> list[str]:
        """A level, page by page; folders end in a slash."""
        found: list[str] = []
        after: str | None = None
        while True:
            with self.database.read() as tx:
                level = tx.packages.level(self.edition(), directory, after, limit)
            assert len(level.folders) + len(level.items) <= limit
            found += [f"{folder.name}/" for folder in level.folders]
            found += [item.path.name for item in level.items]
            after = level.next
            if after is None:
                return found


@pytest.fixture
def cabinet(steps: Steps) -> Cabinet:
    steps.store("text")
    return Cabinet(steps, steps.database.write(lambda tx: tx.packages.add(a_package())))


def a_package(owner: Owner = ALICE) -> DataPackage:
    return DataPackage(
        id=DataPackageId(random_id()),
        owner=owner,
        tree_id=TreeId(0),
        revision=Revision(0),
        described=Description(name="é", creators=("A", "B"), keywords=("k",)),
        items=0,
        size_bytes=0,
        text_bytes=0,
        is_anonymous=False,
        created_at=NOW,
        changed_at=NOW,
    )


def an_object(cabinet: Cabinet, key: str = "a", version: str | None = "v1") -> NewPointer:
    def source(tx: Transaction) -> ObjectPlace:
        found = tx.sources.find("lab") or tx.sources.add("lab", BUCKET, ("*",), NOW)
        pinned = PinnedObject(key=key, version=version, etag="e")
        return ObjectPlace(source_id=found.id, pinned=pinned)

    return NewPointer(place=cabinet.database.write(source), size_bytes=7)


def test_a_package_is_found_as_it_was_added(cabinet: Cabinet) -> None:
    with cabinet.database.read() as tx:
        assert tx.packages.get(cabinet.package.id) == cabinet.package
        assert list(tx.packages.page(ALICE, 0, 10)) == [cabinet.package]
        assert list(tx.packages.page(ALICE, cabinet.package.number, 10)) == []
        assert list(tx.packages.page(Owner("issuer:bob"), 0, 10)) == []
        with pytest.raises(DataPackageNotFound):
            tx.packages.get(DataPackageId("0" * 32))


def test_items_are_told_by_path_in_byte_order(cabinet: Cabinet) -> None:
    cabinet.put("b", "a/b", "a-b", "a.b", "ä", "B", "\U0001f600", "\uffee")

    paths = cabinet.paths()

    assert paths == sorted(paths, key=str.encode)
    assert next(item.path for item in cabinet.items(after="a/b")) == "b"
    assert [item.position for item in cabinet.items()] == [5, 2, 3, 1, 0, 4, 7, 6]


def test_totals_follow_every_change(cabinet: Cabinet) -> None:
    (pointer,) = cabinet.hold(an_object(cabinet))
    cabinet.put("a/b.txt", "a/c.txt")
    cabinet.put("big/a", behind=PointedTo(pointer.id, 7))

    after = cabinet.change(ItemChange(end=(TreePath("a/b.txt"),)))

    assert (after.items, after.folders, after.size_bytes, after.text_bytes) == (2, 2, 11, 4)
    with cabinet.database.read() as tx:
        kept = tx.packages.get(cabinet.package.id)
        counted, found = tx.packages.sums(kept)
        assert counted == found
        assert found.kept_bytes == 2 * 4096
    assert (kept.revision, kept.items, kept.folders) == (3, 2, 2)


def test_what_is_not_there_cannot_be_ended(cabinet: Cabinet) -> None:
    cabinet.put("a/b")

    for change in (ItemChange(end=(TreePath("a"),)), ItemChange(end_below=(TreePath("b"),))):
        with pytest.raises(ItemNotFound):
            cabinet.change(change)


def test_a_directory_ends_with_all_below_it(cabinet: Cabinet) -> None:
    cabinet.put("a/b/c", "a/b/d", "a/b-c", "a0", "b")

    after = cabinet.change(ItemChange(end_below=(TreePath("a"),)))

    assert cabinet.paths() == ["a0", "b"]
    assert (after.items, after.folders) == (2, 0)


@pytest.mark.parametrize(("first", "second"), [("a", "a/b"), ("a/b", "a"), ("a/b/c", "a/b")])
def test_an_item_and_a_directory_never_bear_one_name(
    cabinet: Cabinet, first: str, second: str
) -> None:
    cabinet.put(first)

    with pytest.raises(PathInTheWay):
        cabinet.put(second)
    with pytest.raises(PathInTheWay):
        cabinet.put("x", "x/y")

    moved = NewItem(path=TreePath(second), behind=TEXT, media_type="text/plain")
    cabinet.change(ItemChange(end=(TreePath(first),), put=(moved,)))
    assert cabinet.paths() == [second]


def test_a_level_has_folders_first_and_pages(cabinet: Cabinet) -> None:
    cabinet.put("a/x", "b/x", "b/c/x", "z/x", "file", "b/1", "b/2", "0")

    for limit in (1, 2, 3, 100):
        assert cabinet.walk("", limit) == ["a/", "b/", "z/", "0", "file"]
        assert cabinet.walk("b", limit) == ["c/", "1", "2", "x"]
    with cabinet.database.read() as tx:
        for nothing in ("c", "file", "b/1"):
            with pytest.raises(ItemNotFound):
                tx.packages.level(cabinet.edition(), nothing, None, 10)


def test_a_folder_goes_when_nothing_is_left_in_it(cabinet: Cabinet) -> None:
    cabinet.put("a/b/c", "a/d")
    cabinet.change(ItemChange(end=(TreePath("a/b/c"),)))

    assert cabinet.walk("a", 10) == ["d"]
    cabinet.put("a/b/c")
    assert cabinet.walk("a", 10) == ["b/", "d"]


def test_a_pointer_is_one_row_for_each_content(cabinet: Cabinet) -> None:
    url = NewPointer(place=UrlPlace(url="https://x.test/a"), size_bytes=3, sha256=digest_of(b"x"))
    first, other, second, unversioned = cabinet.hold(
        an_object(cabinet), url, an_object(cabinet, version="v2"), an_object(cabinet, version=None)
    )

    assert list(cabinet.hold(url, an_object(cabinet))) == [other, first]
    assert len({first.id, other.id, second.id, unversioned.id}) == 4
    assert (first.state, other.state) == (PointerState.PENDING, PointerState.EXACT)
    with cabinet.database.read() as tx:
        assert tx.packages.pointers.find_all([first.id]) == {first.id: first}


def test_what_was_lost_and_is_added_again_is_found_again(cabinet: Cabinet) -> None:
    known, unknown = cabinet.hold(an_object(cabinet, "known"), an_object(cabinet, "unknown"))

    def lose(tx: Transaction) -> None:
        pointers = tx.packages.pointers
        pointers.save_digests(known.id, digest_of(b"x"), "0" * 32, NOW)
        pointers.mark(known.id, PointerState.GONE, LATER)
        pointers.mark(unknown.id, PointerState.CHANGED, LATER)

    cabinet.database.write(lose)
    again = cabinet.hold(an_object(cabinet, "known"), an_object(cabinet, "unknown"))

    assert [one.id for one in again] == [known.id, unknown.id]
    assert [one.state for one in again] == [PointerState.EXACT, PointerState.PENDING]


def test_what_one_says_of_a_url_is_not_told_of_anothers(cabinet: Cabinet) -> None:
    url = NewPointer(place=UrlPlace(url="https://x.test/a"), size_bytes=3, sha256=digest_of(b"x"))

    false, true = cabinet.hold(replace(url, md5="0" * 32), url)

    assert (false.md5, true.md5) == ("0" * 32, None)


def test_digests_make_a_pointer_exact(cabinet: Cabinet) -> None:
    (pointer,) = cabinet.hold(an_object(cabinet))
    saved = SavedHashes(position=3, made_by="x", sha256=b"\0\xff", md5=b"\1")

    cabinet.database.write(lambda tx: tx.packages.pointers.save_hashes(pointer.id, saved))
    with cabinet.database.read() as tx:
        assert tx.packages.pointers.saved_hashes(pointer.id) == saved
    digests = digest_of(b"x"), "0" * 32
    cabinet.database.write(
        lambda tx: tx.packages.pointers.save_digests(pointer.id, *digests, LATER)
    )

    with cabinet.database.read() as tx:
        found = tx.packages.pointers.find_all([pointer.id])[pointer.id]
        assert tx.packages.pointers.saved_hashes(pointer.id) is None
    assert (found.sha256, found.md5) == digests
    assert (found.state, found.checked_at) == (PointerState.EXACT, LATER)


def test_a_version_tells_nothing_that_was_learnt_later(cabinet: Cabinet) -> None:
    one, other = cabinet.hold(an_object(cabinet, "one"), an_object(cabinet, "other"))
    cabinet.put("one", behind=PointedTo(one.id, 7))
    cabinet.put("other", behind=PointedTo(other.id, 7))
    first = cabinet.freeze(pending=[one.id, other.id])

    def learn(tx: Transaction) -> None:
        for pointer in (one, other):
            tx.packages.pointers.save_digests(pointer.id, digest_of(b"x"), "0" * 32, LATER)

    cabinet.database.write(learn)
    second = cabinet.freeze()

    assert [item.sha256 for item in cabinet.items(1)] == [None, None]
    assert None not in [item.sha256 for item in cabinet.items(2)]
    with cabinet.database.read() as tx:
        changed = tx.packages.versions.differences(first, second, None, 10)
        behind = tx.packages.versions.differences(first, second, "one", 10)
    assert [one.path for one in changed] == ["one", "other"]
    assert [one.path for one in behind] == ["other"]


def test_versions_are_numbered_and_told_newest_first(cabinet: Cabinet) -> None:
    cabinet.put("a/b")
    first = cabinet.freeze(DirectoryTotal("a", 1, 4))
    cabinet.put("c")
    second = cabinet.freeze(DirectoryTotal("a", 1, 4))

    with cabinet.database.read() as tx:
        versions, package = tx.packages.versions, tx.packages.get(cabinet.package.id)
        assert list(versions.page(package.id, None, 10)) == [second, first]
        assert list(versions.page(package.id, 2, 10)) == [first]
        assert versions.of_revision(package, Revision(1)) == first
        assert versions.of_revision(package, Revision(9)) is None
        (folder,) = tx.packages.level(first, "", None, 10).folders
        with pytest.raises(VersionNotFound):
            tx.packages.edition(package.id, 3)
    assert (first.number, second.number, folder.items, folder.size_bytes) == (1, 2, 1, 4)
    assert cabinet.paths(1) == ["a/b"]


def test_what_differs_between_editions_is_told_by_path(cabinet: Cabinet) -> None:
    cabinet.put("gone", "kept", "changed", "back")
    first = cabinet.freeze()
    cabinet.steps.store("other")
    other = replace(TEXT, digest=digest_of(b"other"), size_bytes=5)
    cabinet.change(ItemChange(end=(TreePath("gone"), TreePath("back"))))
    cabinet.put("changed", behind=other)
    cabinet.put("back", "new")
    second = cabinet.freeze()

    with cabinet.database.read() as tx:
        found = tx.packages.versions.differences(first, second, None, 10)
        reverse = tx.packages.versions.differences(second, first, None, 10)
        page = tx.packages.versions.differences(first, second, "changed", 1)
    told = [(one.path, one.old is not None, one.new is not None) for one in found]
    assert told == [("changed", True, True), ("gone", True, False), ("new", False, True)]
    assert [one.new and one.new.path for one in reverse] == ["changed", "gone", None]
    assert [one.path for one in page] == ["gone"]


def test_the_undigested_are_found_by_state(cabinet: Cabinet) -> None:
    one, other = cabinet.hold(an_object(cabinet, "one"), an_object(cabinet, "other"))
    cabinet.put("one", behind=PointedTo(one.id, 7))
    cabinet.put("other", behind=PointedTo(other.id, 7))
    cabinet.put("text")
    cabinet.database.write(lambda tx: tx.packages.pointers.mark(other.id, PointerState.GONE, LATER))

    with cabinet.database.read() as tx:
        edition = tx.packages.edition(cabinet.package.id, None)
        assert list(tx.packages.undigested(edition, [PointerState.GONE], 10)) == ["other"]
        assert len(tx.packages.undigested(edition, list(PointerState), 10)) == 2


def test_work_is_remembered_for_as_long_as_its_job_is(cabinet: Cabinet) -> None:
    job = Job(
        id=JobId("1" * 32),
        owner=ALICE,
        kind="freeze",
        rights=Rights(Scope.PACKAGE_READ, Scope.PACKAGE_WRITE),
        created_at=NOW,
        changed_at=NOW,
    )
    work = PackageWork(job.id, PackageWorkKind.FREEZE, 3)

    def note(tx: Transaction) -> None:
        tx.jobs.add(job)
        tx.packages.note_work(cabinet.package, work)

    cabinet.database.write(note)
    with cabinet.database.read() as tx:
        assert list(tx.packages.works(cabinet.package)) == [work]
    cabinet.database.write(lambda tx: tx.jobs.finish(job.id, {}, NOW))
    with cabinet.database.read() as tx:
        assert list(tx.packages.works(cabinet.package)) == []
    assert cabinet.database.write(lambda tx: tx.jobs.prune(LATER, 10)) == 1


def test_eight_slots_of_a_source_are_taken_until_they_run_out(cabinet: Cabinet) -> None:
    place = an_object(cabinet).place
    assert isinstance(place, ObjectPlace)

    def take(tx: Transaction) -> object:
        return tx.packages.pointers.take_slot(place.source_id, "mine", NOW, LATER)

    slots = [cabinet.database.write(take) for _ in range(SLOTS + 1)]

    assert len(set(slots[:-1])) == SLOTS
    assert slots[-1] is None


def test_unused_pointers_are_pruned_and_used_ones_are_not(cabinet: Cabinet) -> None:
    used, unused = cabinet.hold(an_object(cabinet, "used"), an_object(cabinet, "unused"))
    cabinet.put("used", behind=PointedTo(used.id, 7))

    def prune(tx: Transaction) -> int:
        return tx.packages.pointers.prune(NOW + timedelta(seconds=1), 10)

    assert [cabinet.database.write(prune) for _ in range(2)] == [1, 0]
    with cabinet.database.read() as tx:
        assert list(tx.packages.pointers.find_all([used.id, unused.id])) == [used.id]


def test_history_is_pruned_but_for_what_versions_hold(cabinet: Cabinet) -> None:
    cabinet.put("a/b")
    cabinet.freeze()
    cabinet.put("c/d")
    cabinet.change(ItemChange(end=(TreePath("a/b"), TreePath("c/d"))))

    pruned = cabinet.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100))

    assert pruned == 2
    assert cabinet.paths(1) == ["a/b"]
    assert cabinet.paths() == []


def test_a_deleted_package_is_seen_no_more(cabinet: Cabinet) -> None:
    cabinet.put("a/b")
    cabinet.freeze(DirectoryTotal("a", 1, 4))

    def delete(tx: Transaction) -> None:
        tx.packages.delete(tx.packages.lock(cabinet.package.id), NOW)

    cabinet.database.write(delete)

    with cabinet.database.read() as tx:
        with pytest.raises(DataPackageNotFound):
            tx.packages.edition(cabinet.package.id, 1)
        assert list(tx.packages.page(ALICE, 0, 10)) == []
    cabinet.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 100))
    with cabinet.database.read() as tx:
        assert tx.rows.count("package_items") == 0


def test_many_tasks_with_keys_are_added_once_each(database: SqlDatabase) -> None:
    tasks = [Task(kind="k", lane=Lane.HASH, key=f"hash {number}") for number in range(3)]

    for _ in range(2):
        database.write(lambda tx: tx.outbox.add_all(tasks, NOW))

    with database.read() as tx:
        assert tx.outbox.backlog(LATER).due == 3


def test_what_is_postponed_was_no_attempt(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.outbox.add(Task(kind="k"), NOW))

    def claim(tx: Transaction) -> int | None:
        claimed = tx.outbox.claim(Lane.SHORT, random_id(), LATER, LATER + timedelta(minutes=1))
        assert claimed is not None
        assert tx.outbox.postpone(claimed, NOW)
        assert not tx.outbox.postpone(claimed, NOW)
        return claimed.attempts

    assert [database.write(claim) for _ in range(3)] == [1, 1, 1]
