"""Quotas at their limits: the first byte, the last byte, and the byte after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from builders.rows import LATER, NOW, counted
from filemanager.db.database import SqlDatabase
from filemanager.domain.quotas import (
    Allowance,
    QuotaExceeded,
    ReservationId,
    Subject,
    Usage,
    end_of_day,
)

ALICE = Subject("owner:issuer:alice")
DESK = Subject("workspace:1")
FOREVER = NOW + timedelta(days=10_000)
TODAY = end_of_day(NOW)


def _id(number: int) -> ReservationId:
    return ReservationId(f"{number:032x}")


def _usage(database: SqlDatabase, subject: Subject) -> Usage:
    with database.read() as tx:
        return tx.quotas.usage(subject)


def _use(database: SqlDatabase, more_bytes: int, limit: int | None) -> None:
    database.write(lambda tx: tx.quotas.use([Allowance(ALICE, limit)], more_bytes))


def _reserve(
    database: SqlDatabase,
    number: int,
    size_bytes: int,
    allowances: Sequence[Allowance],
    at: datetime = NOW,
    expires_at: datetime = LATER,
) -> None:
    database.write(
        lambda tx: tx.quotas.reserve(_id(number), allowances, size_bytes, at, expires_at)
    )


def test_who_never_held_anything_holds_nothing(database: SqlDatabase) -> None:
    assert _usage(database, ALICE) == Usage(0, 0)


def test_the_first_bytes_are_refused_beyond_the_limit_as_all_later_ones(
    database: SqlDatabase,
) -> None:
    with pytest.raises(QuotaExceeded):
        _use(database, 101, limit=100)

    _use(database, 100, limit=100)

    with pytest.raises(QuotaExceeded):
        _use(database, 1, limit=100)
    assert _usage(database, ALICE) == Usage(100, 0)


def test_a_limit_of_nothing_refuses_one_byte(database: SqlDatabase) -> None:
    with pytest.raises(QuotaExceeded):
        _use(database, 1, limit=0)
    with pytest.raises(QuotaExceeded):
        _reserve(database, 1, 1, [Allowance(ALICE, 0)])

    assert _usage(database, ALICE) == Usage(0, 0)


def test_as_much_as_the_limit_is_promised_and_not_one_byte_more(database: SqlDatabase) -> None:
    allowance = [Allowance(ALICE, 100)]
    _reserve(database, 1, 100, allowance)

    with pytest.raises(QuotaExceeded):
        _reserve(database, 2, 1, allowance)

    assert _usage(database, ALICE) == Usage(0, 100)


def test_a_refusal_tells_what_is_used_and_reserved(database: SqlDatabase) -> None:
    _use(database, 10, limit=100)
    _reserve(database, 1, 60, [Allowance(ALICE, 100)])

    with pytest.raises(QuotaExceeded) as refused:
        _use(database, 31, limit=100)

    assert refused.value.message == (
        "The owner's limit is 100 bytes, 70 of them are used or reserved, and 31 more were asked"
        " for. Earlier versions of files count until they are pruned."
    )


def test_what_expired_makes_room_on_the_subject_that_needs_it_alone(database: SqlDatabase) -> None:
    late = LATER + timedelta(seconds=1)
    _reserve(database, 1, 40, [Allowance(ALICE, 100), Allowance(DESK, None)])
    _reserve(database, 2, 20, [Allowance(ALICE, 100)])
    _reserve(database, 3, 30, [Allowance(ALICE, 100)], expires_at=FOREVER)
    _reserve(database, 4, 7, [Allowance(DESK, None)])

    _reserve(database, 5, 70, [Allowance(ALICE, 100)], late, FOREVER)

    assert (_usage(database, ALICE), _usage(database, DESK)) == (Usage(0, 100), Usage(0, 47))
    assert database.write(lambda tx: tx.quotas.release_expired(late, limit=9)) == 2
    assert (_usage(database, ALICE), _usage(database, DESK)) == (Usage(0, 100), Usage(0, 0))


def test_what_expires_now_is_promised_still(database: SqlDatabase) -> None:
    _reserve(database, 1, 60, [Allowance(ALICE, 100)])

    with pytest.raises(QuotaExceeded):
        _reserve(database, 2, 60, [Allowance(ALICE, 100)], at=LATER)

    assert database.write(lambda tx: tx.quotas.release_expired(LATER, limit=9)) == 0


def test_a_release_locks_the_row_of_the_quota_before_that_of_the_reservation(
    database: SqlDatabase,
) -> None:
    """As whoever reserves does: two that took them in other orders would wait for each other."""
    _reserve(database, 1, 60, [Allowance(ALICE, 100)])

    with counted(database._engines.writing) as statements:
        database.write(lambda tx: tx.quotas.release(_id(1)))

    changes = [one for one in statements if one.startswith(("UPDATE", "DELETE"))]
    assert [" ".join(one.split()[:3]) for one in changes] == [
        "UPDATE quotas SET",
        "DELETE FROM reservations",
        "UPDATE quotas SET",
    ]


def test_a_period_that_ends_now_is_not_forgotten(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.tallies.take("lines:alice", 5, 5, TODAY))

    assert database.write(lambda tx: tx.tallies.forget(TODAY)) == 0

    with database.read() as tx:
        assert tx.tallies.taken("lines:alice", TODAY) == 5
