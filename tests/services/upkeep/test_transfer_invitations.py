"""Moving invitations to another database and store."""

from collections.abc import Iterator
from pathlib import Path

from filemanager.services.workspaces.invitations.opening import Knock
from worlds.invited import HOME, Inbox
from worlds.stored import World
from worlds.transfers import bring, export


def test_a_guest_goes_on_in_the_other_place(
    world: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    here, there = Inbox(world), Inbox(next(worlds))
    begun = here.opening.begin(here.invite_in().slug, Knock(answers={}, address=HOME))
    here.send(begun.seat, "a.txt", b"text")

    export(here.world, tmp_path / "export")
    bring(tmp_path / "export", there.world)

    seat = there.opening.by_secret(begun.place.split("/")[2])
    assert there.paths(seat) == ["a.txt"]
    there.withdraw(seat, "a.txt")
    there.send(seat, "b.txt", b"more")
    assert there.used_of(seat) == [4096, 4096, 1, 1]
    assert there.world.problems() == []
