"""Requests that may be sent again: leases and the day that a result is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from filemanager.domain.caller import Owner
from filemanager.domain.requests.idempotency import (
    Attempt,
    IdempotencyKeyReused,
    KeyPlace,
    RequestStillRunning,
    TooManyIdempotencyKeys,
)
from filemanager.services.idempotency import KEEP, LEASE, IdempotencyService
from worlds.stored import ALICE, World

PLACE = KeyPlace(ALICE.owner, "v2_workspaces.create", "k")
SAID = (b"/v2/workspaces", b"", b"{}")
A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def service(world: World) -> IdempotencyService:
    return IdempotencyService(world.database, world.clock)


def begun(service: IdempotencyService) -> Attempt:
    found = service.begin(PLACE, SAID)
    assert isinstance(found, Attempt)
    return found


def test_a_result_is_kept_for_a_day(world: World, service: IdempotencyService) -> None:
    service.settle(begun(service), "17")

    world.clock.turn(KEEP)
    last = service.begin(PLACE, SAID)
    world.clock.turn(A_MOMENT)

    assert last == "17"
    assert begun(service)


def test_a_run_that_crashed_is_free_again_after_its_lease(
    world: World, service: IdempotencyService
) -> None:
    begun(service)

    world.clock.turn(LEASE)
    with pytest.raises(RequestStillRunning):
        service.begin(PLACE, SAID)
    world.clock.turn(A_MOMENT)

    assert begun(service)


def test_a_run_that_outlived_its_lease_leaves_the_next_alone(
    world: World, service: IdempotencyService
) -> None:
    slow = begun(service)
    world.clock.turn(LEASE + A_MOMENT)
    next_one = begun(service)

    service.settle(slow, "17")
    service.release(slow)
    service.settle(next_one, "18")

    assert service.begin(PLACE, SAID) == "18"


@pytest.mark.parametrize(
    "said",
    [
        (b"/v2/workspaces", b"", b'{"name":"x"}'),
        (b"/v2/workspaces", b"dry_run=1", b"{}"),
        (b"/v2/workspace", b"s", b"{}"),
    ],
)
def test_another_request_is_refused_while_one_runs_and_after(
    service: IdempotencyService, said: tuple[bytes, ...]
) -> None:
    attempt = begun(service)

    with pytest.raises(IdempotencyKeyReused):
        service.begin(PLACE, said)
    service.settle(attempt, "17")
    with pytest.raises(IdempotencyKeyReused):
        service.begin(PLACE, said)

    assert service.begin(PLACE, SAID) == "17"


def test_what_expired_is_pruned(world: World, service: IdempotencyService) -> None:
    service.settle(begun(service), "17")

    early = service.prune()
    world.clock.turn(KEEP + A_MOMENT)

    assert (early, service.prune(), service.prune()) == (0, 1, 0)


def test_an_owner_sends_so_many_keys_a_day_and_no_more(world: World) -> None:
    service = IdempotencyService(world.database, world.clock, keys_per_day=2)
    first = begun(service)
    service.settle(first, "17")
    service.begin(replace(PLACE, key="second"), SAID)

    with pytest.raises(TooManyIdempotencyKeys, match="KEYS_PER_DAY") as refused:
        service.begin(replace(PLACE, key="third"), SAID)

    assert refused.value.retry_after_seconds == timedelta(hours=12).total_seconds()
    assert service.begin(PLACE, SAID) == "17"
    assert service.begin(replace(PLACE, owner=Owner("test:2")), SAID)
    world.clock.turn(timedelta(hours=12))
    assert service.begin(replace(PLACE, key="third"), SAID)


def test_keys_that_many_send_at_once_are_counted_exactly(world: World) -> None:
    service = IdempotencyService(world.database, world.clock, keys_per_day=5)

    def send(number: int) -> bool:
        try:
            service.begin(replace(PLACE, key=str(number)), SAID)
        except TooManyIdempotencyKeys:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(send, range(12))) == 5
