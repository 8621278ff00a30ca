"""Keys of requests that may be sent again, on every database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from builders.rows import LATER, NOW
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.requests.idempotency import Attempt, Held, KeyPlace

ALICE = Owner("issuer:alice")
MADE = "v2_workspaces.create"
PRINT = "a" * 64
OVER = LATER + timedelta(milliseconds=1)


def an_attempt(number: int, *, owner: str = ALICE, route: str = MADE, key: str = "k") -> Attempt:
    return Attempt(KeyPlace(Owner(owner), route, key), PRINT, f"{number:032x}")


def claim(database: SqlDatabase, attempt: Attempt, at: datetime = NOW) -> Held:
    return database.write(lambda tx: tx.idempotency_keys.claim(attempt, at, at + timedelta(days=1)))


def settle(database: SqlDatabase, attempt: Attempt, result: str = "17") -> None:
    database.write(lambda tx: tx.idempotency_keys.settle(attempt, result, LATER))


def test_the_first_attempt_finds_its_own_claim_and_the_second_the_first(
    database: SqlDatabase,
) -> None:
    found = [claim(database, an_attempt(number)) for number in (1, 2)]

    assert found == [Held(PRINT, an_attempt(1).claim, None)] * 2


def test_exactly_one_of_twenty_threads_runs(database: SqlDatabase) -> None:
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda number: claim(database, an_attempt(number)), range(20)))

    won = [held.claim == an_attempt(number).claim for number, held in enumerate(found)]
    assert won.count(True) == 1
    assert len(set(found)) == 1


def test_a_result_is_found_until_it_expires(database: SqlDatabase) -> None:
    claim(database, an_attempt(1))
    settle(database, an_attempt(1))

    found = [claim(database, an_attempt(2), at) for at in (LATER, OVER)]

    assert found == [
        Held(PRINT, an_attempt(1).claim, "17"),
        Held(PRINT, an_attempt(2).claim, None),
    ]


def test_exactly_one_of_twenty_threads_takes_over_what_expired(database: SqlDatabase) -> None:
    claim(database, an_attempt(100))

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda n: claim(database, an_attempt(n), OVER), range(20)))

    won = [held.claim == an_attempt(number).claim for number, held in enumerate(found)]
    assert won.count(True) == 1


def test_a_key_is_another_for_another_owner_or_route(database: SqlDatabase) -> None:
    attempts = [
        an_attempt(1),
        an_attempt(2, owner="issuer:bob"),
        an_attempt(3, route="v2_files.move"),
        an_attempt(4, key="K"),
    ]

    found = [claim(database, attempt) for attempt in attempts]

    assert [held.claim for held in found] == [attempt.claim for attempt in attempts]


def test_a_released_key_is_free(database: SqlDatabase) -> None:
    claim(database, an_attempt(1))

    database.write(lambda tx: tx.idempotency_keys.release(an_attempt(1)))

    assert claim(database, an_attempt(2)).claim == an_attempt(2).claim


def test_who_was_taken_over_changes_nothing_any_more(database: SqlDatabase) -> None:
    claim(database, an_attempt(1))
    claim(database, an_attempt(2), OVER)

    settle(database, an_attempt(1))
    database.write(lambda tx: tx.idempotency_keys.release(an_attempt(1)))

    assert claim(database, an_attempt(3), OVER) == Held(PRINT, an_attempt(2).claim, None)


def test_a_result_is_not_released(database: SqlDatabase) -> None:
    claim(database, an_attempt(1))
    settle(database, an_attempt(1))

    database.write(lambda tx: tx.idempotency_keys.release(an_attempt(1)))

    assert claim(database, an_attempt(2)).result == "17"


def test_what_expired_is_pruned_a_few_at_a_time(database: SqlDatabase) -> None:
    for number in range(3):
        claim(database, an_attempt(number, key=f"old-{number}"))
    claim(database, an_attempt(9, key="new"), OVER)

    pruned = [database.write(lambda tx: tx.idempotency_keys.prune(OVER, 2)) for _ in range(3)]

    assert pruned == [2, 1, 0]
    assert claim(database, an_attempt(10, key="new"), OVER).claim == an_attempt(9).claim
