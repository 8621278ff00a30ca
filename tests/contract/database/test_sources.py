"""Sources and owners who are blocked, on every database."""

from dataclasses import replace

import pytest

from builders.rows import LATER, NOW, counted
from builders.source_values import BUCKET, DIRECTORY, a_source
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Plain
from filemanager.domain.sources.errors import SourceExists, SourceUnknown
from filemanager.domain.sources.source import (
    BucketPlace,
    DirectoryPlace,
    Probe,
    Source,
    SourceId,
)

ALICE = Owner("issuer:älice")


def add(
    database: SqlDatabase, name: str = "lab", place: BucketPlace | DirectoryPlace = BUCKET
) -> Source:
    return database.write(lambda tx: tx.sources.add(name, place, [ALICE], NOW))


def save(database: SqlDatabase, source: Source) -> None:
    database.write(lambda tx: tx.sources.save(source))


@pytest.mark.parametrize("place", [BUCKET, DIRECTORY])
def test_a_source_is_found_as_it_was_added(
    database: SqlDatabase, place: BucketPlace | DirectoryPlace
) -> None:
    made = add(database, place=place)

    with database.read() as tx:
        assert tx.sources.find("lab") == made
        assert [tx.sources.find(name) for name in ("Lab", "l\u00e4b", "lab\0", "\ud800")] == [
            None
        ] * 4
        assert tx.sources.get_all([made.id, SourceId(99)]) == {made.id: made}
    wanted = a_source(place=place, readers=frozenset({ALICE}))
    assert made == replace(wanted, id=made.id)


def test_two_living_sources_do_not_bear_one_name(database: SqlDatabase) -> None:
    add(database)

    with pytest.raises(SourceExists):
        add(database)


def test_what_is_saved_is_found(database: SqlDatabase) -> None:
    made = add(database)
    changed = replace(
        made,
        place=replace(BUCKET, prefix="anders/ü "),
        readers=frozenset(),
        probe=Probe(versioning=True, cors=False),
        sealed=b"\x00\xff",
        is_declared=True,
    )

    save(database, changed)

    with database.read() as tx:
        assert tx.sources.find("lab") == changed


def test_a_removed_source_stays_for_those_that_point_into_it_and_frees_its_name(
    database: SqlDatabase,
) -> None:
    made = add(database)
    removed = replace(made, removed_at=LATER)

    save(database, removed)
    again = add(database)

    assert again.id != made.id
    with database.read() as tx:
        assert tx.sources.find("lab") == again
        assert list(tx.sources.page("", 10)) == [again]
        assert tx.sources.get_all([made.id]) == {made.id: removed}
        assert tx.sources.find_removed("lab") == removed
        assert tx.sources.find_removed("other") is None
    with pytest.raises(SourceUnknown):
        database.write(lambda tx: tx.sources.lock("other"))
    assert database.write(lambda tx: tx.sources.lock("lab")) == again


def test_pages_go_on_by_name_and_ask_once(database: SqlDatabase) -> None:
    for name in ("b", "a", "c", "a.b", "a-b"):
        add(database, name)

    with counted(database._engines.reading) as statements, database.read() as tx:
        page = tx.sources.page("", 3)

    with database.read() as tx:
        rest = tx.sources.page(page[-1].name, 3)
    assert [one.name for one in (*page, *rest)] == ["a", "a-b", "a.b", "b", "c"]
    assert len([one for one in statements if "sources" in one]) == 1


def test_credentials_are_sealed_anew_also_of_what_was_removed(database: SqlDatabase) -> None:
    kept, removed, bare = (add(database, name) for name in ("kept", "removed", "bare"))
    save(database, replace(kept, sealed=b"old"))
    save(database, replace(removed, sealed=b"older", removed_at=LATER))

    count = database.write(lambda tx: tx.sources.reseal(lambda one: b"new of %d" % one.id))
    again = database.write(lambda tx: tx.sources.reseal(lambda one: one.sealed))

    with database.read() as tx:
        found = tx.sources.get_all([kept.id, removed.id, bare.id])
    assert (count, again) == (2, 0)
    assert [found[one.id].sealed for one in (kept, removed, bare)] == [
        b"new of %d" % kept.id, b"new of %d" % removed.id, None,
    ]  # fmt: skip


def test_whole_tables_tell_no_credentials_but_that_there_are_some(database: SqlDatabase) -> None:
    for name, sealed in (("bare", None), ("lab", b"sealed"), ("lost", b"")):
        save(database, replace(add(database, name), sealed=sealed))

    with database.read() as tx:
        rows: list[dict[str, Plain]] = [dict(row) for row in tx.rows.of("sources")]

    assert [row["sealed"] for row in rows] == [None, "", ""]


def test_rows_of_an_export_come_back_without_credentials(database: SqlDatabase) -> None:
    made = replace(add(database), sealed=b"sealed")
    save(database, made)
    with database.read() as tx:
        rows = [{**row, "id": 7, "name": "other"} for row in tx.rows.of("sources")]

    database.write(lambda tx: tx.rows.add("sources", rows))

    with database.read() as tx:
        brought = tx.sources.find("other")
    assert brought == replace(made, id=SourceId(7), name="other", sealed=b"")
    assert not brought.has_credentials


def test_an_owner_is_blocked_until_let_in_again(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.blocked_owners.block(ALICE, NOW))
    database.write(lambda tx: tx.blocked_owners.block(ALICE, LATER))

    with database.read() as tx:
        assert tx.blocked_owners.holds(ALICE)
        assert not tx.blocked_owners.holds("issuer:alice")
        assert list(tx.blocked_owners.page("", 9)) == [(ALICE, NOW)]
        assert list(tx.blocked_owners.page(ALICE, 9)) == []
    assert database.write(lambda tx: tx.blocked_owners.unblock(ALICE))
    assert not database.write(lambda tx: tx.blocked_owners.unblock(ALICE))
    with database.read() as tx:
        assert not tx.blocked_owners.holds(ALICE)
