"""Quotas: exact under any number of writers, on every database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builders.rows import LATER, NOW, Steps, a_workspace, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.domain.bucket.drop import ANONYMOUS, ANONYMOUS_DROPS, Drop, DropId
from filemanager.domain.caller import Owner
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import (
    Allowance,
    QuotaExceeded,
    ReservationId,
    Subject,
    Unbalanced,
    Usage,
    end_of_day,
    open_workspaces_subject,
    owner_subject,
    workspace_subject,
)
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.tree import TreeChange, TreePath

ALICE = Subject("owner:issuer:alice")
DESK = Subject("workspace:1")
FOREVER = NOW + timedelta(days=10_000)


def _id(number: int) -> ReservationId:
    return ReservationId(f"{number:032x}")


def _usage(database: SqlDatabase, subject: Subject) -> Usage:
    with database.read() as tx:
        return tx.quotas.usage(subject)


def _reserve(database: SqlDatabase, number: int, size_bytes: int, limit: int | None) -> None:
    both = [Allowance(DESK, None), Allowance(ALICE, limit)]
    database.write(lambda tx: tx.quotas.reserve(_id(number), both, size_bytes, NOW, LATER))


def test_what_is_used_adds_up_on_every_subject(database: SqlDatabase) -> None:
    both = [Allowance(DESK, 100), Allowance(ALICE, None)]

    for more in (60, 40, -30):
        database.write(lambda tx, more=more: tx.quotas.use(both, more))  # type: ignore[misc]  # bound at once

    assert _usage(database, ALICE) == _usage(database, DESK) == Usage(70, 0)


def test_a_byte_beyond_the_limit_is_refused_on_every_subject(database: SqlDatabase) -> None:
    both = [Allowance(ALICE, None), Allowance(DESK, 100)]
    database.write(lambda tx: tx.quotas.use(both, 60))

    with pytest.raises(QuotaExceeded) as refused:
        database.write(lambda tx: tx.quotas.use(both, 41))

    assert refused.value.message == (
        "The workspace's limit is 100 bytes, 60 of them are used or reserved, and 41 more were"
        " asked for. Earlier versions of files count until they are pruned."
    )
    assert _usage(database, ALICE) == _usage(database, DESK) == Usage(60, 0)


def test_subjects_are_counted_together_each_by_its_own_measure(database: SqlDatabase) -> None:
    opened = Allowance(open_workspaces_subject(Owner("issuer:alice")), 2)

    for _ in range(2):
        database.write(lambda tx: tx.quotas.use([Allowance(ALICE, 100)], 30, [(opened, 1)]))

    assert _usage(database, ALICE) == Usage(60, 0)
    assert _usage(database, opened.subject) == Usage(2, 0)


def test_the_subject_that_is_full_is_named_and_nothing_is_counted(database: SqlDatabase) -> None:
    opened = Allowance(open_workspaces_subject(Owner("issuer:alice")), 1)
    both = [Allowance(DESK, None), Allowance(ALICE, 100)]
    database.write(lambda tx: tx.quotas.use(both, 30, [(opened, 1)]))

    with pytest.raises(QuotaExceeded) as refused:
        database.write(lambda tx: tx.quotas.use(both, 30, [(opened, 1)]))

    assert (refused.value.subject, refused.value.limit_bytes) == (opened.subject, 1)
    assert _usage(database, ALICE) == _usage(database, DESK) == Usage(30, 0)


def test_giving_back_is_never_refused(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.quotas.use([Allowance(ALICE, None)], 500))

    database.write(lambda tx: tx.quotas.use([Allowance(ALICE, 100)], -1))

    assert _usage(database, ALICE) == Usage(499, 0)


def test_reserved_bytes_take_room_until_they_are_released(database: SqlDatabase) -> None:
    _reserve(database, 1, 60, limit=100)

    with pytest.raises(QuotaExceeded):
        database.write(lambda tx: tx.quotas.use([Allowance(ALICE, 100)], 50))
    database.write(lambda tx: tx.quotas.release(_id(1)))
    database.write(lambda tx: tx.quotas.release(_id(1)))

    assert _usage(database, ALICE) == _usage(database, DESK) == Usage(0, 0)


def test_settling_counts_the_real_size_in_place_of_the_promised_one(database: SqlDatabase) -> None:
    _reserve(database, 1, 60, limit=100)

    def settle(tx: Transaction) -> None:
        tx.quotas.release(_id(1))
        tx.quotas.use([Allowance(ALICE, 100)], 95)

    database.write(settle)

    assert _usage(database, ALICE) == Usage(95, 0)


def test_an_expired_reservation_makes_room_before_a_refusal(database: SqlDatabase) -> None:
    _reserve(database, 1, 60, limit=100)
    late = LATER + timedelta(seconds=1)

    database.write(lambda tx: tx.quotas.reserve(_id(2), [Allowance(ALICE, 100)], 80, late, FOREVER))

    assert _usage(database, ALICE) == Usage(0, 80)


def test_nothing_is_reserved_after_expiry(database: SqlDatabase) -> None:
    for number in range(3):
        _reserve(database, number, 10, limit=100)

    late = LATER + timedelta(seconds=1)
    released = [
        database.write(lambda tx: tx.quotas.release_expired(late, limit=2)) for _ in range(3)
    ]

    assert released == [2, 1, 0]
    assert _usage(database, ALICE) == _usage(database, DESK) == Usage(0, 0)


def test_fifty_threads_never_get_past_a_quota(database: SqlDatabase) -> None:
    def attempt(number: int) -> bool:
        try:
            _reserve(database, number, 30, limit=1000)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        taken = sum(pool.map(attempt, range(50)))

    assert taken == 33
    assert _usage(database, ALICE) == Usage(0, 990)


def test_a_pruned_entry_is_given_back(database: SqlDatabase, steps: Steps) -> None:
    steps.store("12345", "123")
    workspace = steps.apply(steps.add(), TreeChange(put=(an_entry("a", "12345"),)))
    workspace = steps.apply(workspace, TreeChange(put=(an_entry("a", "123"),)))
    subjects = (owner_subject(workspace.owner), workspace_subject(workspace.id))
    counted = [Allowance(subject, None) for subject in subjects]
    database.write(lambda tx: tx.quotas.use(counted, workspace.tree.kept_bytes))

    database.write(lambda tx: tx.upkeep.prune(EndedBefore(FOREVER), limit=100))

    assert workspace.tree.kept_bytes == 2 * 4096
    assert [_usage(database, subject) for subject in subjects] == [Usage(4096, 0)] * 2
    with database.read() as tx:
        assert tx.workspaces.get(workspace.id).tree.kept_bytes == 4096
        assert tx.trees.kept_bytes(workspace.tree.id) == 4096


ZOE = Owner("issuer:zo\u00eb %_")


def _drop(owner: Owner | None, kept_bytes: int) -> Drop:
    return Drop(
        id=DropId(0),
        path=TreePath("a.txt"),
        digest=digest_of(b"text"),
        size_bytes=kept_bytes,
        kept_bytes=kept_bytes,
        owner=owner,
        created_at=NOW,
    )


def _keep(steps: Steps) -> None:
    """A file in a workspace of Zo\u00eb, five and six as drops of hers, seven of nobody."""
    workspace = replace(a_workspace(), owner=ZOE)
    steps.put(steps.add(workspace), an_entry("a", "text"))
    given = [_drop(ZOE, 5), _drop(ZOE, 6), _drop(None, 7)]
    steps.database.write(lambda tx: tx.drops.add(given))


def _unbalanced(database: SqlDatabase) -> Sequence[Unbalanced]:
    with database.read() as tx:
        return tx.upkeep.unbalanced()


def test_what_is_kept_and_promised_as_it_is_counted_is_balanced(
    database: SqlDatabase, steps: Steps
) -> None:
    _keep(steps)
    _reserve(database, 1, 30, limit=None)

    def count(tx: Transaction) -> None:
        tx.quotas.use([Allowance(owner_subject(ZOE), None)], 4096 + 11)
        tx.quotas.use([Allowance(open_workspaces_subject(ZOE), None)], 1)
        tx.quotas.use([Allowance(ANONYMOUS, None)], 7)
        tx.quotas.use([Allowance(ANONYMOUS_DROPS, None)], 1)

    database.write(count)

    assert _unbalanced(database) == []


def test_what_nobody_counts_is_unbalanced(database: SqlDatabase, steps: Steps) -> None:
    _keep(steps)

    assert [(one.subject, one.counted, one.found) for one in _unbalanced(database)] == [
        (ANONYMOUS, Usage(0, 0), Usage(7, 0)),
        (ANONYMOUS_DROPS, Usage(0, 0), Usage(1, 0)),
        (open_workspaces_subject(ZOE), Usage(0, 0), Usage(1, 0)),
        (owner_subject(ZOE), Usage(0, 0), Usage(4096 + 11, 0)),
    ]


def test_what_nobody_keeps_is_unbalanced(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.quotas.use([Allowance(ALICE, None), Allowance(DESK, None)], 3))
    _reserve(database, 1, 30, limit=None)

    (alice,) = _unbalanced(database)

    assert (alice.subject, alice.counted, alice.found) == (ALICE, Usage(3, 30), Usage(0, 30))


TODAY = end_of_day(NOW)


def _take(database: SqlDatabase, more: int, limit: int = 5, until: datetime = TODAY) -> bool:
    return database.write(lambda tx: tx.tallies.take("lines:alice", more, limit, until))


def test_a_tally_takes_up_to_its_limit_in_a_period_and_not_one_more(database: SqlDatabase) -> None:
    taken = [_take(database, more) for more in (2, 3, 1)]

    assert taken == [True, True, False]
    assert _take(database, 5, until=TODAY + timedelta(days=1))
    with database.read() as tx:
        assert tx.tallies.taken("lines:alice", TODAY) == 5
        assert tx.tallies.taken("lines:bob", TODAY) == 0


def test_more_at_once_than_a_tally_may_hold_is_not_begun(database: SqlDatabase) -> None:
    assert not _take(database, 6)
    assert _take(database, 5)


def test_many_at_once_never_get_past_a_tally(database: SqlDatabase) -> None:
    with ThreadPoolExecutor(30) as pool:
        taken = sum(pool.map(lambda _: _take(database, 1, limit=17), range(30)))

    assert taken == 17


def test_tallies_of_periods_that_are_over_are_forgotten(database: SqlDatabase) -> None:
    _take(database, 1)
    _take(database, 1, until=TODAY + timedelta(days=1))

    forgotten = [database.write(lambda tx: tx.tallies.forget(LATER)) for _ in range(2)]

    assert forgotten == [1, 0]


def test_a_day_ends_at_midnight_in_utc() -> None:
    at = datetime(2026, 11, 27, 23, 59, 59, 999_000, tzinfo=UTC)

    assert end_of_day(at) == datetime(2026, 11, 28, tzinfo=UTC)
    assert end_of_day(at + timedelta(milliseconds=1)) == datetime(2026, 11, 29, tzinfo=UTC)
