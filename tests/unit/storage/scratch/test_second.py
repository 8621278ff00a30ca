"""The second digest: in order whatever thread works on it, and one piece at a time."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from filemanager.storage.scratch.second import RunningMd5, SecondThread

SMALL, LARGE = 1 << 10, 1 << 20
WAIT_SECONDS = 0.1
"""For something that would not have to wait."""


@pytest.fixture
def second() -> Iterator[SecondThread]:
    with closing(SecondThread()) as thread:
        yield thread


@pytest.mark.parametrize("sizes", [[], [SMALL], [LARGE], [LARGE, SMALL, LARGE, LARGE, SMALL]])
def test_pieces_of_all_sizes_come_in_their_order(second: SecondThread, sizes: list[int]) -> None:
    pieces = [bytes([number]) * size for number, size in enumerate(sizes)]
    running = RunningMd5(second)

    for piece in pieces:
        running.update(piece)

    assert running.hexdigest() == hashlib.md5(b"".join(pieces), usedforsecurity=False).hexdigest()


def test_two_that_run_at_once_are_told_apart(second: SecondThread) -> None:
    running = [RunningMd5(second) for _ in range(2)]

    for number, one in enumerate(running):
        one.update(bytes([number]) * LARGE)

    assert [one.hexdigest() for one in running] == [
        hashlib.md5(bytes([number]) * LARGE, usedforsecurity=False).hexdigest() for number in (0, 1)
    ]


def test_what_was_waited_for_may_be_written_over(second: SecondThread) -> None:
    buffer = bytearray(b"a" * LARGE)
    running = RunningMd5(second)

    running.update(buffer)
    running.wait()
    buffer[:] = b"b" * LARGE

    assert running.hexdigest() == hashlib.md5(b"a" * LARGE, usedforsecurity=False).hexdigest()


def test_of_a_small_one_the_digest_alone_is_kept(second: SecondThread) -> None:
    small, large = RunningMd5(second), RunningMd5(second)

    small.update(b"a" * SMALL)
    large.update(b"a" * LARGE)

    assert small.told() == hashlib.md5(b"a" * SMALL, usedforsecurity=False).hexdigest()
    assert large.told() is large


def test_a_digest_is_told_to_all_who_ask_while_it_is_worked_out(second: SecondThread) -> None:
    may_end = threading.Event()
    second.give(lambda: (may_end.wait(), None)[1])
    running = RunningMd5(second)
    with ThreadPoolExecutor(4) as threads:
        updated = threads.submit(running.update, b"a" * LARGE)
        may_end.set()
        updated.result()
        told = [threads.submit(running.hexdigest) for _ in range(64)]

    assert {one.result() for one in told} == {
        hashlib.md5(b"a" * LARGE, usedforsecurity=False).hexdigest()
    }


def test_one_piece_is_held_and_no_second(second: SecondThread) -> None:
    may_end = threading.Event()
    second.give(lambda: (may_end.wait(), None)[1])

    giver = threading.Thread(target=second.give, args=(lambda: None,))
    giver.start()
    giver.join(WAIT_SECONDS)
    was_kept_waiting = giver.is_alive()
    may_end.set()
    giver.join()

    assert was_kept_waiting


def test_what_was_given_is_done_when_it_is_closed() -> None:
    thread = SecondThread()
    running = RunningMd5(thread)
    running.update(b"c" * LARGE)

    thread.close()

    assert running.hexdigest() == hashlib.md5(b"c" * LARGE, usedforsecurity=False).hexdigest()
