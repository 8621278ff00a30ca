"""Moving shares to another database and store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from filemanager.domain.shares.errors import ShareUsedUp, WrongSharePassword
from filemanager.services.shares.visiting import Fetch
from worlds.packages import Study
from worlds.shares import ELSEWHERE, HOME, SHARER, Fair
from worlds.stored import World
from worlds.transfers import bring, export

TEXT = Fetch(item="f/README.md", size_bytes=7)


def test_a_share_opens_the_same_way_in_the_other_place(
    world: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    here, there = Fair(Study(world)), Fair(Study(next(worlds)))
    share = here.share(here.package(), password="right", max_visits=1)
    _, key = here.keys.create(SHARER, here.address(share), "nightly", None)
    here.visits.fetch(here.opened(share, password="right"), TEXT)

    export(here.study.world, tmp_path / "export")
    bring(tmp_path / "export", there.study.world)

    assert there.now(share) == here.now(share)
    by_key = there.opening.by_secret(key.text, HOME)
    assert by_key.edition.items == 2
    again = there.visits.fetch(there.opened(share, password="right"), TEXT)
    assert again is not None
    with pytest.raises(ShareUsedUp):
        there.visits.fetch(there.opened(share, ELSEWHERE, "right"), TEXT)
    with pytest.raises(WrongSharePassword):
        there.opened(share, password="wrong")
    assert len(there.owned.accesses(SHARER, there.address(share), None, 10)) == 2
    assert there.study.world.problems() == []
