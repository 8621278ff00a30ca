"""A push or a publication fails at every call of database and store, on each kind of database."""

from contextlib import suppress

import pytest

from builders.rows import empty_tables
from crash.depot import depot_of
from crash.faults import Fuse, failing
from filemanager.domain.errors import Unavailable
from filemanager.factory.parts import Parts
from worlds.stored import START, TurnedClock

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("is_pushed", [False, True], ids=["push", "publish"])
def test_clients_read_one_whole_publication_whatever_failed(
    parts: Parts, *, is_pushed: bool
) -> None:
    """What met a fault is done once more, and the next meets one a step later."""
    empty_tables(parts.settings.database)
    clock, fuse = TurnedClock(START), Fuse(at=-1)
    opened = depot_of(parts, clock)
    opened.push("first")
    opened.publish()
    known = ["first"]
    while fuse.is_burnt:
        name = f"p{len(known):03}"
        fuse = Fuse(at=fuse.at + 1)
        faulty = depot_of(failing(parts, fuse), clock)
        if is_pushed:
            opened.push(name)
        with suppress(Unavailable):
            faulty.publish() if is_pushed else faulty.push(name)

        assert opened.listed() in (known, [*known, name])
        opened.publish_later()
        assert is_pushed or opened.listed() in (known, [*known, name])
        opened.push(name)
        opened.publish_later()
        known.append(name)
        assert opened.listed() == known

    assert fuse.at > 20
    assert opened.names() == known
    assert opened.problems() == []
