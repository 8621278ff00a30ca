"""The registry of raw files, on every database."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders.raw_files import ALICE, BOB, a_file, a_settled_file, a_version
from builders.rows import NOW, Steps, counted
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ports import Transaction
from filemanager.domain.rawstore.stored_file import (
    Findability,
    KeyTaken,
    StorageLimitReached,
    StoredFile,
    StoredFileState,
)

PRIVATE = Findability.PRIVATE


def save(database: SqlDatabase, *files: StoredFile, owner: Owner = ALICE) -> None:
    def work(tx: Transaction) -> None:
        tx.stored_files.lock(owner)
        tx.stored_files.save(files)

    database.write(work)


def find(database: SqlDatabase, *keys: str) -> dict[str, StoredFile]:
    with database.read() as tx:
        return dict(tx.stored_files.find("rawstore", keys))


def test_a_file_is_found_as_it_was_saved(database: SqlDatabase) -> None:
    file = a_settled_file("alice/ds/ü.csv", dataset_id="ds", flow_ids=("f1", "f2"), looked_at=NOW)

    save(database, file)

    assert find(database, "alice/ds/ü.csv", "other") == {file.key: replace(file, revision=1)}


def test_the_longest_key_is_kept(database: SqlDatabase) -> None:
    file = a_file("𝄞" * 256 + "a" * 444, bucket="b" * 63)

    save(database, file)

    with database.read() as tx:
        assert file.key in tx.stored_files.find(file.bucket, [file.key])


def test_a_file_that_is_saved_again_is_at_its_next_revision(database: SqlDatabase) -> None:
    save(database, a_file("a"))
    known = find(database, "a")["a"]

    save(database, replace(known, wanted=a_version(b"longer")), a_file("b"))

    found = find(database, "a", "b")
    assert (found["a"].wanted.size_bytes, found["a"].revision) == (6, 2)
    assert (found["b"].wanted.size_bytes, found["b"].revision) == (4, 1)


def test_a_key_stays_its_first_owners(database: SqlDatabase) -> None:
    save(database, a_file("a"))

    with pytest.raises(KeyTaken):
        save(database, a_file("b", owner=BOB), a_file("a", owner=BOB), owner=BOB)

    assert find(database, "a", "b")["a"].owner == ALICE
    assert find(database, "b") == {}


def test_the_same_key_in_another_bucket_is_another_file(database: SqlDatabase) -> None:
    save(database, a_file("a"))

    save(database, a_file("a", owner=BOB, bucket="other"), owner=BOB)

    assert find(database, "a")["a"].owner == ALICE


def test_promises_and_what_they_replace_count(database: SqlDatabase) -> None:
    settled = a_settled_file("a", b"x" * 10)
    save(
        database,
        a_file("new", b"x" * 7),
        settled,
        replace(settled, key="smaller", wanted=a_version(b"x" * 3)),
        a_file("private", wanted=a_version(b"x" * 100, findability=PRIVATE)),
    )

    with database.read() as tx:
        assert tx.stored_files.counted_bytes(ALICE) == 7 + 10 + 10 + 100
        assert tx.stored_files.counted_bytes(ALICE, PRIVATE) == 100
        assert tx.stored_files.counted_bytes(BOB) == 0


@pytest.mark.parametrize("findability", [None, PRIVATE])
def test_what_counts_is_summed_up_from_an_index_alone(
    migrated_file: Path, findability: Findability | None
) -> None:
    database = SqlDatabase(f"sqlite:///{migrated_file}")

    with counted(database._engines.reading) as asked, database.read() as tx:
        tx.stored_files.counted_bytes(ALICE, findability)
    database.close()
    with closing(sqlite3.connect(migrated_file)) as connection:
        values = [ALICE, PRIVATE.value][: asked[-1].count("?")]
        plan = connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}", values).fetchall()

    assert [step[3].split(" INDEX ")[0] for step in plan] == ["SEARCH stored_files USING COVERING"]


def test_what_is_held_is_told_by_owner_dataset_and_last_flow(database: SqlDatabase) -> None:
    save(
        database,
        a_file("pending", b"x" * 1000),
        a_settled_file("a", b"x", dataset_id="ds", flow_ids=("f1",)),
        a_settled_file("b", b"xx", dataset_id="ds", flow_ids=("f1", "f2")),
        a_settled_file("c", wanted=a_version(b"xxxx", findability=PRIVATE), dataset_id="other"),
    )

    with database.read() as tx:
        files = tx.stored_files
        assert files.held_bytes_of_owner(ALICE, None) == 7
        assert files.held_bytes_of_owner(ALICE, PRIVATE) == 4
        assert files.held_bytes_of_owner(BOB, None) == 0
        assert files.held_bytes_of_dataset(ALICE, "ds", None) == 3
        assert files.held_bytes_of_dataset(ALICE, "ds", PRIVATE) == 0
        assert files.held_bytes_of_dataset(BOB, "ds", None) == 0
        assert files.held_bytes_of_flow(ALICE, "f1", None) == 1
        assert files.held_bytes_of_flow(ALICE, "f2", None) == 2


def test_a_row_is_replaced_only_as_it_was_seen(database: SqlDatabase) -> None:
    save(database, a_file("a"))
    seen = find(database, "a")["a"]
    settled = replace(seen, state=StoredFileState.SETTLED, held=seen.wanted)

    assert database.write(lambda tx: tx.stored_files.replace(seen, settled))
    assert not database.write(lambda tx: tx.stored_files.replace(seen, seen))
    assert not database.write(lambda tx: tx.stored_files.replace(seen, None))

    found = find(database, "a")["a"]
    assert found == replace(settled, revision=2)
    assert database.write(lambda tx: tx.stored_files.replace(found, None))
    assert find(database, "a") == {}


def test_files_that_nobody_can_post_any_more_are_due_until_they_were_looked_at(
    database: SqlDatabase,
) -> None:
    old = NOW - timedelta(days=1)
    save(
        database,
        a_file("open"),
        a_file("b", at=old),
        a_file("a", at=old),
        a_settled_file("looked at", at=old, looked_at=NOW),
        a_settled_file("looked at before", at=old, looked_at=old),
    )
    save(database, a_file("of bob", at=old, owner=BOB), owner=BOB)

    with database.read() as tx:
        of_alice = tx.stored_files.due(NOW, ALICE, 10)
        of_all = tx.stored_files.due(NOW, None, 10)
        two = tx.stored_files.due(NOW, ALICE, 2)

    assert [file.key for file in of_alice] == ["a", "b", "looked at before"]
    assert {file.key for file in of_all} == {"a", "b", "looked at before", "of bob"}
    assert [file.key for file in two] == ["a", "b"]


def test_files_are_found_by_where_they_lie_and_what_they_leave(database: SqlDatabase) -> None:
    save(
        database,
        a_settled_file("a", lies_at="a"),
        a_settled_file("b", lies_at="a", leaves="b"),
        a_settled_file("c"),
        a_settled_file("d", lies_at="a", bucket="other"),
    )

    with database.read() as tx:
        assert {one.key for one in tx.stored_files.at("rawstore", ["a", "c"])} == {"a", "b"}
        assert [one.key for one in tx.stored_files.at("rawstore", ["b"])] == ["b"]
    locked = database.write(lambda tx: tx.stored_files.lock_at("rawstore", "a"))
    assert {(one.key, one.lies_at, one.leaves) for one in locked} == {
        ("a", "a", None),
        ("b", "a", "b"),
    }


def test_a_file_that_has_something_left_to_do_is_due(database: SqlDatabase) -> None:
    old = NOW - timedelta(days=1)
    save(database, a_settled_file("a", at=old, looked_at=NOW, leaves="b"))

    with database.read() as tx:
        assert [file.key for file in tx.stored_files.due(NOW, ALICE, 10)] == ["a"]


def test_settled_files_are_found_by_the_beginning_of_their_keys(database: SqlDatabase) -> None:
    save(
        database,
        *(a_settled_file(key) for key in ("k", "k~1", "k~𝄞", "k\x7f", "K~1", "l~1")),
        a_file("k~2"),
        a_settled_file("k~3", lies_at="k"),
        a_settled_file("k~4", bucket="other"),
    )

    with database.read() as tx:
        found = [file.key for file in tx.stored_files.beginning("rawstore", "k~", 10)]
        one = tx.stored_files.beginning("rawstore", "k~", 1)

    assert found == ["k~1", "k~𝄞"]
    assert [file.key for file in one] == ["k~1"]


def test_pages_go_through_all_buckets(database: SqlDatabase) -> None:
    save(database, *(a_file(key) for key in "abc"), a_file("a", bucket="zz"))

    seen: list[tuple[str, str]] = [("", "")]
    with database.read() as tx:
        while page := tx.stored_files.page(seen[-1], 2):
            seen += [(file.bucket, file.key) for file in page]

    assert seen[1:] == [("rawstore", "a"), ("rawstore", "b"), ("rawstore", "c"), ("zz", "a")]


def test_of_many_who_promise_at_once_only_so_many_fit(database: SqlDatabase) -> None:
    def promise(number: int) -> bool:
        def work(tx: Transaction) -> None:
            tx.stored_files.lock(ALICE)
            if tx.stored_files.counted_bytes(ALICE) + 10 > 50:
                raise StorageLimitReached(0, is_private=False)
            tx.stored_files.save([a_file(f"file{number}", b"x" * 10)])

        try:
            database.write(work)
        except StorageLimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        promised = list(pool.map(promise, range(16)))

    assert promised.count(True) == 5


def test_two_hundred_files_cost_as_many_statements_as_one(
    steps: Steps, database: SqlDatabase
) -> None:
    def statements(count: int) -> int:
        files = [a_file(f"{count}/{number}") for number in range(count)]
        with counted(database._engines.writing) as sent:
            save(steps.database, *files)
        return len(sent)

    statements(1)

    assert statements(200) == statements(2)
