"""Repositories: packages, pages, indexes and publications, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.rows import LATER, NOW, Steps, an_entry
from builders.shelf import ADDRESS, ALICE, FILE, PATH, Shelf, a_package, an_index
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import Revision, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import PackageUnknown, RepositoryUnknown
from filemanager.domain.repositories.published import IndexDigest, IndexForm, IndexPage
from filemanager.domain.repositories.repository import PackageId, Repository, Visibility
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreeChange, TreePath
from filemanager.indexes.yum.records import packed, unpacked


@pytest.fixture
def shelf(steps: Steps) -> Shelf:
    return Shelf(steps)


def test_a_repository_is_made_once_and_found_by_its_path(shelf: Shelf) -> None:
    again = shelf.database.write(lambda tx: tx.repositories.hold(ADDRESS))

    with shelf.database.read() as tx:
        found = tx.repositories.find(PATH)
        other = tx.repositories.find("live/1.0/ubuntu")
    assert again == found == shelf.repository
    assert other is None


def test_what_is_configured_to_be_private_is_made_so(shelf: Shelf) -> None:
    private = replace(ADDRESS, version="jammy", is_private=True)

    made = shelf.database.write(lambda tx: tx.repositories.hold(private))

    assert made.visibility is Visibility.PRIVATE
    assert shelf.repository.visibility is Visibility.PUBLIC


def test_an_unknown_repository_cannot_be_locked(database: SqlDatabase) -> None:
    with pytest.raises(RepositoryUnknown):
        database.write(lambda tx: tx.repositories.lock(PATH))


def test_what_is_saved_is_found(shelf: Shelf) -> None:
    changed = replace(
        shelf.repository,
        visibility=Visibility.PRIVATE,
        pushes=3,
        published_through=2,
        published_at=NOW,
        rpm_keys=("0123456789ABCDEF", "FEDCBA9876543210"),
        keep_latest=3,
    )

    shelf.database.write(lambda tx: tx.repositories.save(changed))

    with shelf.database.read() as tx:
        assert tx.repositories.find(PATH) == changed
        assert tx.repositories.find_all([PATH, "none"]) == {PATH: changed}
        assert list(tx.repositories.private()) == [changed]
        assert list(tx.repositories.page("", 10)) == [changed]
        assert list(tx.repositories.page(PATH, 10)) == []


def test_packages_are_found_as_they_were_added(shelf: Shelf) -> None:
    first, second = shelf.add(a_package("a"), a_package("b", arch="all"))

    with shelf.database.read() as tx:
        packages = tx.repositories.packages
        assert packages.get(shelf.tree, first.id) == first
        assert list(packages.living(shelf.tree, ["b", "c"])) == [second]
        assert packages.counts(shelf.tree) == {"amd64": 1, "all": 1}
        held = packages.at_paths(shelf.tree, ["pool/a_1_amd64", "pool/none"])
    assert held == {"pool/a_1_amd64": [(first.id, first.files[0])]}
    assert first.added_by == ALICE


def test_an_unknown_package_is_told(shelf: Shelf) -> None:
    with shelf.database.read() as tx, pytest.raises(PackageUnknown):
        tx.repositories.packages.get(shelf.tree, PackageId(99))


def test_a_removed_package_leaves_its_name_to_another(shelf: Shelf) -> None:
    (old,) = shelf.add(a_package("a"))
    shelf.remove(old)

    (new,) = shelf.add(a_package("a", text="other"))

    with shelf.database.read() as tx:
        assert list(tx.repositories.packages.living(shelf.tree, ["a"])) == [new]
        gone = tx.repositories.packages.get(shelf.tree, old.id)
    assert gone == replace(old, removed_at=LATER)


def test_packages_wait_until_a_publication_takes_them_up(shelf: Shelf) -> None:
    kept, removed = shelf.add(a_package("kept"), a_package("removed"))
    first = shelf.publish()
    shelf.remove(removed)
    (unseen,) = shelf.add(a_package("unseen"))
    shelf.remove(unseen)
    (new,) = shelf.add(a_package("new"))

    with shelf.database.read() as tx:
        waiting = tx.repositories.packages.waiting(shelf.tree)
    shelf.publish()

    assert [one.id for one in waiting.came] == [new.id]
    assert [one.id for one in waiting.went] == [removed.id]
    with shelf.database.read() as tx:
        packages = tx.repositories.packages
        assert packages.get(shelf.tree, kept.id).since == first
        assert packages.waiting(shelf.tree).came == packages.waiting(shelf.tree).went == ()
        with pytest.raises(PackageUnknown):
            packages.get(shelf.tree, unseen.id)


def test_records_are_those_of_living_packages_between_two_names(shelf: Shelf) -> None:
    *_, last = shelf.add(*(a_package(name) for name in ("a", "b", "c", "d")))
    shelf.add(a_package("b", arch="arm64"), a_package("b", arch="all"))
    shelf.remove(last)

    with shelf.database.read() as tx:
        packages = tx.repositories.packages
        between = packages.records(shelf.tree, {"amd64", "all"}, "b", "c")
        to_the_end = packages.records(shelf.tree, {"amd64"}, "b", None)
    assert sorted((one.name, one.arch) for one in between) == [("b", "all"), ("b", "amd64")]
    assert sorted(one.name for one in to_the_end) == ["b", "c"]
    assert between[0].record == "Package: b é\n\n".encode()


def test_packages_are_listed_by_name_and_a_page_at_a_time(shelf: Shelf) -> None:
    first, *_ = shelf.add(a_package("lib_a"), a_package("LIBXA"), a_package("other"))

    assert shelf.names(contains="lib_") == ["lib_a"]
    assert shelf.names(contains="lib") == ["lib_a", "LIBXA"]
    assert shelf.names(name="other", arch="amd64") == ["other"]
    assert shelf.names(after=first.id, limit=1) == ["LIBXA"]


def test_pages_live_from_one_publication_to_another(shelf: Shelf) -> None:
    old, kept = IndexPage("1a", 3, 7, b"\0old"), IndexPage("1b", 4, 4294967295, b"kept")
    new = IndexPage("1a", 5, 9, b"new")
    first = shelf.publish(kept, old, indexes=(an_index(FILE, b"first"),))
    second = shelf.publish(new, ended=("1a",), indexes=(an_index(FILE, b"second"),))

    with shelf.database.read() as tx:
        indexes = tx.repositories.indexes
        living = indexes.pages(shelf.tree, [FILE, "none"])
        before = indexes.find(shelf.tree, FILE, first)
        after = indexes.find(shelf.tree, FILE, second)
    assert living == {FILE: [new, kept]}
    assert before is not None
    assert after is not None
    assert before.pages == [old, kept]
    assert after.pages == [new, kept]
    assert after.published_at == NOW


def test_an_index_that_stays_the_same_lives_on(shelf: Shelf) -> None:
    index = an_index(FILE)
    first = shelf.publish(indexes=(index,))
    second = shelf.publish(indexes=(index, an_index(f"{FILE}.gz", b"packed", IndexForm.GZIP)))

    with shelf.database.read() as tx:
        indexes = tx.repositories.indexes
        assert list(indexes.listing(shelf.tree, first)) == [index]
        assert [one.path for one in indexes.listing(shelf.tree, second)] == [FILE, f"{FILE}.gz"]


def test_an_index_is_found_by_its_digest_for_a_while_after_it_ended(shelf: Shelf) -> None:
    index = an_index(FILE, b"old")
    shelf.publish(indexes=(index,))
    shelf.publish(indexes=(an_index(FILE, b"new"),))
    directory = FILE.rpartition("/")[0]
    before, behind = NOW - timedelta(seconds=1), NOW

    with shelf.database.read() as tx:
        indexes = tx.repositories.indexes
        for algorithm, value in (
            ("md5", index.sums.md5),
            ("sha1", index.sums.sha1),
            ("sha256", index.sums.sha256),
        ):
            digest = IndexDigest(algorithm, value)
            found = indexes.find_by_sum(shelf.tree, directory, digest, before)
            assert found is not None
            assert found.index == index
            assert indexes.find_by_sum(shelf.tree, directory, digest, behind) is None
            assert indexes.find_by_sum(shelf.tree, "dists/foc", digest, before) is None
        kept = indexes.find_kept(shelf.tree, FILE, before)
    assert kept is not None
    assert kept.index.sums != index.sums


def test_publications_are_told_newest_first(shelf: Shelf) -> None:
    first, second = shelf.publish(), shelf.publish()

    with shelf.database.read() as tx:
        told = tx.repositories.publications(shelf.tree, None, 10)
        older = tx.repositories.publications(shelf.tree, second, 10)
        assert tx.repositories.publication(shelf.tree, Revision(99)) is None
    assert [one.revision for one in told] == [second, first]
    assert [one.revision for one in older] == [first]


def test_a_file_that_has_gone_is_found_for_a_while(shelf: Shelf) -> None:
    shelf.publish()

    def end(tx: Transaction) -> None:
        repository: Repository = tx.repositories.lock(PATH)
        change = TreeChange(end=((Area.SOURCE, TreePath("pool/a")),))
        tx.trees.apply(repository.tree, change, LATER)

    shelf.database.write(end)

    with shelf.database.read() as tx:
        found = tx.repositories.ended_file(shelf.tree, "pool/a", NOW)
        forgotten = tx.repositories.ended_file(shelf.tree, "pool/a", LATER)
    assert found is not None
    assert found.path == "pool/a"
    assert forgotten is None


def test_a_directory_shows_what_lies_right_in_it(shelf: Shelf) -> None:
    paths = ("pool/a/x", "pool/a/y/z", "pool/a/y/é", "pool/b", "pool0", "pool/a%")

    def put(tx: Transaction) -> Revision:
        repository = tx.repositories.lock(PATH)
        entries = tuple(an_entry(path) for path in paths)
        return tx.trees.apply(repository.tree, TreeChange(put=entries), NOW).revision

    revision = shelf.database.write(put)

    def rows(directory: str) -> list[tuple[str, int | None]]:
        with shelf.database.read() as tx:
            found = tx.repositories.file_paths(shelf.tree, revision, directory)
            return [(name, size) for name, size, _ in found]

    assert rows("") == [("pool", None), ("pool0", 4)]
    assert rows("pool") == [("a", None), ("a%", 4), ("b", 4)]
    assert rows("pool/a/y") == [("z", 4), ("é", 4)]
    assert rows("pool/b") == rows("none") == []


def test_every_blob_of_a_package_is_told_once(shelf: Shelf) -> None:
    shelf.add(a_package("a"), a_package("b"), a_package("c", text="other"))
    wanted = sorted([digest_of(b"text"), digest_of(b"other")])

    with shelf.database.read() as tx:
        assert list(tx.repositories.digests(None, 10)) == wanted
        assert list(tx.repositories.digests(wanted[0], 10)) == wanted[1:]


def test_pages_are_written_as_text_where_everything_moves_elsewhere(shelf: Shelf) -> None:
    page = IndexPage("1a", 3, 7, bytes(range(256)))
    shelf.publish(page)

    with shelf.database.read() as tx:
        (row,) = list(tx.rows.of("repository_pages"))

    def move(tx: Transaction) -> None:
        ended = {FILE: (("1a",), ())}
        tx.repositories.indexes.replace_pages(shelf.tree, Revision(2), NOW, ended)
        tx.rows.add("repository_pages", [{**row, "id": 99}])

    shelf.database.write(move)

    assert isinstance(row["body"], str)
    with shelf.database.read() as tx:
        assert tx.repositories.indexes.pages(shelf.tree, [FILE]) == {FILE: [page]}


def test_a_record_of_yum_comes_back_as_it_was_added(shelf: Shelf) -> None:
    record = packed("<a>é</a>\n".encode(), b"<b/>\n", b"<c/>\n")
    shelf.add(replace(a_package("a"), record=record))

    with shelf.database.read() as tx:
        (found,) = tx.repositories.packages.records(shelf.tree, ["amd64"], "", None)
    assert unpacked(found.record) == ("<a>é</a>\n".encode(), b"<b/>\n", b"<c/>\n")
