"""How long who asks for it waits until a push is published."""

from filemanager.api.repositories.waiting import PublicationWait
from filemanager.services.repositories.pushing import Pushed

PUSHED = [Pushed("live/2.8/el/9", 1)]


def test_it_ends_when_clients_see_the_push() -> None:
    pauses: list[float] = []
    waiting = PublicationWait(lambda _: len(pauses) == 3, pauses.append, at_once=1)

    assert waiting.is_over(PUSHED)
    assert len(pauses) == 3


def test_it_ends_after_twenty_seconds() -> None:
    pauses: list[float] = []
    waiting = PublicationWait(lambda _: False, pauses.append, at_once=1)

    assert not waiting.is_over(PUSHED)
    assert 19 < sum(pauses) < 21


def test_so_many_wait_at_once_and_others_look_alone() -> None:
    found: list[bool] = []

    def another(_: float) -> None:
        found.append(waiting.is_over(PUSHED))

    waiting = PublicationWait(lambda _: len(found) > 0, another, at_once=1)

    assert waiting.is_over(PUSHED)
    assert found == [False]
    assert waiting.is_over(PUSHED)
