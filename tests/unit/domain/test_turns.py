"""Who may use a large decoder."""

from contextlib import suppress
from threading import Thread

import pytest

from filemanager.domain.errors import DecodersBusy
from filemanager.domain.intake.turns import Turns


def test_one_upload_has_the_turn_until_its_round_is_over() -> None:
    turns = Turns(wait_seconds=0.0)

    with turns.of_upload() as first:
        first.take()
        with pytest.raises(DecodersBusy):
            turns.of_upload().take()

    with turns.of_upload() as second:
        second.take()


def test_an_upload_takes_its_turn_once() -> None:
    with Turns(wait_seconds=0.0).of_upload() as turn:
        turn.take()
        turn.take()


def test_a_round_that_took_no_turn_gives_none_back() -> None:
    turns = Turns(wait_seconds=0.0)
    first, second = turns.of_upload(), turns.of_upload()
    with first:
        first.take()

    with second:
        second.take()
        with first:
            pass
        with pytest.raises(DecodersBusy):
            turns.of_upload().take()


def test_a_round_that_fails_gives_the_turn_back() -> None:
    turns = Turns(wait_seconds=0.0)

    with suppress(ZeroDivisionError), turns.of_upload() as turn:
        turn.take()
        raise ZeroDivisionError

    with turns.of_upload() as other:
        other.take()


def test_the_first_round_waits() -> None:
    turns = Turns(wait_seconds=60.0)
    first = turns.of_upload()
    had: list[str] = []

    def wait() -> None:
        with turns.of_upload() as second:
            second.take()
            had.append("second")

    with first:
        first.take()
        thread = Thread(target=wait)
        thread.start()
        had.append("first")
    thread.join()

    assert had == ["first", "second"]


def test_a_later_round_does_not_wait() -> None:
    turns = Turns(wait_seconds=60.0)
    turn = turns.of_upload()
    with turn:
        pass

    with turns.of_upload() as other:
        other.take()
        with turn, pytest.raises(DecodersBusy):
            turn.take()

    with turn:
        turn.take()


def test_a_client_is_told_to_come_back() -> None:
    assert DecodersBusy().retry_after_seconds == 5
