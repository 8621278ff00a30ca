"""Whose request is begun next."""

import socket
from collections import Counter
from collections.abc import Iterator

import pytest

from filemanager.serving.connection import Connection, is_decided
from filemanager.serving.turns import AT_ONCE, Askers
from filemanager.serving.watch import Watch


class Begun:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.watch = Watch()
        self.turns = Askers(
            lambda connection: self.addresses.append(connection.client[0]), self.watch
        )


@pytest.fixture
def begun() -> Begun:
    return Begun()


@pytest.fixture
def socket_of_nobody() -> Iterator[socket.socket]:
    with socket.socket() as made:
        yield made


def ask(begun: Begun, made: socket.socket, address: str, count: int = 1) -> None:
    for _ in range(count):
        begun.turns.ask(Connection(made, (address, 1), ("127.0.0.1", 80), deadline=0.0))


def test_so_many_are_begun_at_once(begun: Begun, socket_of_nobody: socket.socket) -> None:
    ask(begun, socket_of_nobody, "192.0.2.1", AT_ONCE + 5)

    assert len(begun.addresses) == AT_ONCE
    assert begun.turns.is_anybody_waiting


def test_addresses_take_turns(begun: Begun, socket_of_nobody: socket.socket) -> None:
    ask(begun, socket_of_nobody, "192.0.2.1", AT_ONCE + 100)
    ask(begun, socket_of_nobody, "192.0.2.2")
    begun.turns.pause()
    begun.turns.pause()

    assert Counter(begun.addresses[AT_ONCE:]) == {"192.0.2.1": 1, "192.0.2.2": 1}


def test_who_waits_for_a_client_makes_room(begun: Begun, socket_of_nobody: socket.socket) -> None:
    ask(begun, socket_of_nobody, "192.0.2.1", AT_ONCE + 2)

    begun.turns.pause()
    begun.turns.resume()

    assert len(begun.addresses) == AT_ONCE + 1


def test_another_begins_after_a_while_whoever_is_there(
    begun: Begun, socket_of_nobody: socket.socket
) -> None:
    ask(begun, socket_of_nobody, "192.0.2.1", AT_ONCE + 1)

    while begun.turns.is_anybody_waiting:
        begun.turns.hurry()

    assert len(begun.addresses) == AT_ONCE + 1


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", False),
        (b"\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nmore", True),
        (b"GET / HTTP/1.1\n", True),
        (b"G" * 65_535, False),
        (b"G" * 65_536, True),
    ],
)
def test_a_head_is_decided_when_it_is_whole_or_cannot_be(head: bytes, *, expected: bool) -> None:
    assert is_decided(head) is expected


def test_while_a_thread_has_the_watch_it_takes_who_is_next(
    begun: Begun, socket_of_nobody: socket.socket
) -> None:
    begun.watch.take(begun.watch.lend())
    ask(begun, socket_of_nobody, "192.0.2.1", 2)
    ask(begun, socket_of_nobody, "192.0.2.2")

    taken = [begun.turns.take() for _ in range(4)]

    assert [one and one.client[0] for one in taken] == ["192.0.2.1", "192.0.2.2", "192.0.2.1", None]
    assert not begun.addresses


def test_who_waits_for_its_client_gives_the_watch_back_and_others_begin(
    begun: Begun, socket_of_nobody: socket.socket
) -> None:
    begun.watch.take(begun.watch.lend())
    ask(begun, socket_of_nobody, "192.0.2.1", AT_ONCE)

    begun.turns.pause()

    assert not begun.watch.is_lent
    assert len(begun.addresses) == AT_ONCE


def test_whom_a_thread_has_left_waiting_is_begun(
    begun: Begun, socket_of_nobody: socket.socket
) -> None:
    begun.watch.lend()
    ask(begun, socket_of_nobody, "192.0.2.1")
    while not begun.watch.is_back():
        """Nobody looks."""

    begun.turns.go_on()

    assert begun.addresses == ["192.0.2.1"]
