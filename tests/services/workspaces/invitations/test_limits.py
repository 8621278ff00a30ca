"""What guests may hand in is exact, however many hand in at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from builders.papers import a_zip
from filemanager.domain.errors import FilemanagerError, TooLarge
from filemanager.domain.quotas import MIN_CHARGE_BYTES, QuotaExceeded
from filemanager.domain.workspaces.invitations.errors import (
    FileOverLimit,
    InviterHasNoRoom,
    TooManyBegin,
    TooManyFiles,
    TooManyGuests,
)
from filemanager.domain.workspaces.invitations.invitation import MAX_OPENED
from filemanager.services.workspaces.invitations.room import RoomLeft
from worlds.invited import LIMITS, Inbox
from worlds.stored import ROOM, World

WRITERS = 50


def at_once(count: int, work: Callable[[int], object]) -> int:
    """How many of *count* were let through; the others were refused for room."""

    def one(number: int) -> bool:
        try:
            work(number)
        except (TooLarge, TooManyGuests):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, range(count)))


def test_fifty_writers_of_one_guest_hand_in_no_more_files_than_they_may(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in(limits=replace(LIMITS, files=7)))

    let_through = at_once(WRITERS, lambda number: inbox.send(seat, f"{number}.txt", b"x"))

    assert let_through == len(inbox.paths(seat)) == 7
    assert inbox.used_of(seat) == [7 * MIN_CHARGE_BYTES] * 2 + [7, 7]
    assert inbox.world.problems() == []


def test_fifty_guests_hand_in_no_more_bytes_than_all_may(inbox: Inbox) -> None:
    limits = replace(LIMITS, bytes=5 * MIN_CHARGE_BYTES, files=WRITERS)
    invitation = inbox.invite_in(limits=limits)
    seats = [inbox.come(invitation) for _ in range(WRITERS)]

    let_through = at_once(WRITERS, lambda number: inbox.send(seats[number], "a.txt", b"x"))

    assert let_through == sum(len(inbox.paths(seat)) for seat in seats) == 5
    assert inbox.used_of(seats[0])[1] == limits.bytes
    assert inbox.world.problems() == []


def test_fifty_who_come_at_once_are_no_more_guests_than_invited(inbox: Inbox) -> None:
    invitation = inbox.invite(limits=replace(LIMITS, guests=3))

    assert at_once(WRITERS, lambda _: inbox.come(invitation)) == 3


def test_a_guest_may_have_a_limit_of_his_own(inbox: Inbox) -> None:
    limits = replace(LIMITS, guest_files=1, guest_bytes=MIN_CHARGE_BYTES)
    invitation = inbox.invite_in(limits=limits)
    ada, bob = inbox.come(invitation), inbox.come(invitation)
    inbox.send(ada, "a.txt", b"a")

    with pytest.raises(TooManyFiles):
        inbox.begin(ada, "b.txt", 1)
    with pytest.raises(QuotaExceeded):
        inbox.begin(bob, "b.txt", MIN_CHARGE_BYTES + 1)

    assert inbox.show(ada).left == RoomLeft(0, 0)
    assert inbox.show(bob).left == RoomLeft(1, MIN_CHARGE_BYTES)


def test_room_is_taken_off_for_uploads_on_their_way(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())

    inbox.begin(seat, "a.txt", 40_000)

    assert inbox.show(seat).left == RoomLeft(10, 60_000)


def test_what_an_archive_holds_counts_when_it_is_unpacked(inbox: Inbox) -> None:
    invitation = inbox.invite_in(limits=replace(LIMITS, files=2))
    seat = inbox.come(invitation)

    with pytest.raises(TooManyFiles):
        inbox.send(seat, "all.zip", a_zip({f"{number}.txt": b"x" for number in range(3)}))
    with pytest.raises(QuotaExceeded):
        inbox.send(seat, "big.zip", a_zip({"big.txt": bytes(100_001)}))

    assert inbox.paths(seat) == []
    assert inbox.used_of(seat) == [0, 0, 0, 0]


def test_a_file_that_is_too_large_is_refused_before_it_comes(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())

    with pytest.raises(FileOverLimit):
        inbox.begin(seat, "a.txt", LIMITS.file_bytes + 1)


def test_what_is_withdrawn_makes_room(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in(limits=replace(LIMITS, files=1)))
    inbox.send(seat, "a.txt", b"a")

    inbox.withdraw(seat, "a.txt")
    inbox.send(seat, "b.txt", b"b")

    assert inbox.paths(seat) == ["b.txt"]


def test_only_so_many_begin_within_an_hour(inbox: Inbox) -> None:
    invitation = inbox.invite()
    until = inbox.world.clock().replace(minute=0)
    until = until.replace(hour=until.hour + 1)
    subject = f"begun:{invitation.id}"
    inbox.world.database.write(
        lambda tx: tx.tallies.take(subject, MAX_OPENED - 1, MAX_OPENED, until)
    )
    inbox.come(invitation)

    with pytest.raises(TooManyBegin) as refused:
        inbox.come(invitation)

    assert isinstance(refused.value, FilemanagerError)
    assert refused.value.retry_after_seconds == 3600


def test_how_much_the_inviter_has_is_not_told(world: World) -> None:
    inbox = Inbox(world, room=replace(ROOM, max_owner_bytes=3 * MIN_CHARGE_BYTES))
    seat = inbox.come(inbox.invite_in())

    with pytest.raises(InviterHasNoRoom) as early:
        inbox.begin(seat, "a.txt", 20_000)
    with pytest.raises(InviterHasNoRoom):
        inbox.send(seat, "all.zip", a_zip({f"{number}.txt": b"x" for number in range(4)}))

    assert not any(character.isdigit() for character in early.value.message)
    assert inbox.paths(seat) == []
