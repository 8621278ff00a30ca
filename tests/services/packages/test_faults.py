"""Whatever call of a port fails in the middle, nothing is half done, and is made up for."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.data_package import DataPackageId
from worlds.packages import Study
from worlds.stored import Interruption, World, interrupted

MOST_CALLS = 200


def fail() -> None:
    raise StoreUnavailable


def put_text(study: Study, package: DataPackageId) -> None:
    study.text(package, "new.txt", b"new")


def add_objects(study: Study, package: DataPackageId) -> None:
    study.add(package, "s2/", to="new")


def freeze_partially(study: Study, package: DataPackageId) -> None:
    study.freeze(package, is_partial=True)


@pytest.mark.parametrize("change", [put_text, add_objects, freeze_partially])
def test_a_change_is_made_whole_or_not_at_all(
    world: World, study: Study, change: Callable[[Study, DataPackageId], None]
) -> None:
    for key in ("s2/a.tif", "s2/b.tif"):
        study.object(key)
    for at in range(1, MOST_CALLS):
        package = study.create().id
        study.text(package, "old.txt")
        before = study.get(package)
        step = Interruption(at, fail)
        with suppress(StoreUnavailable):
            change(replace(study, world=interrupted(world, step)), package)

        # What failed may have been committed: only its answer was lost.
        assert study.get(package).revision - before.revision in (0, 1)
        assert world.problems() == []
        change(study, package)
        assert world.problems() == []
        if step.calls < at:
            return
    pytest.fail("a change never ends")


def test_a_freeze_that_fails_anywhere_is_made_up_for(world: World, study: Study) -> None:
    study.range_bytes = 2
    for at in range(1, MOST_CALLS):
        data = b"%05d" % at
        study.object(f"{at}.tif", data)
        package = study.create().id
        study.point(package, f"{at}.tif")
        study.freeze(package)
        step = Interruption(at, fail)
        for _ in range(2):
            with suppress(StoreUnavailable):
                replace(study, world=interrupted(world, step)).work()
            world.clock.turn(timedelta(seconds=2))

        for _ in range(2):
            world.clock.turn(timedelta(minutes=20))
            study.work()
        assert study.known(study.edition(package, 1)) == {f"{at}.tif": digest_of(data)}
        if step.calls < at:
            assert world.problems() == []
            return
    pytest.fail("a freeze never ends")
