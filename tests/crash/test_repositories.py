"""A push or a publication is killed at every system call: no client reads half of one."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.depot import DEEDS, depot_on
from crash.killing import Maker, maker
from crash.stage import settings_of
from crash.victims import ANSWER
from filemanager.db.engine.migrate import upgrade

pytestmark = pytest.mark.crash

BEFORE, AFTER = ["first"], ["first", "second"]


def a_template(directory: Path, *, is_pushed: bool) -> Path:
    """One package is published; another is pushed, and waits."""
    data = directory / "data"
    data.mkdir()
    upgrade(settings_of(data).database)
    with depot_on(data) as opened:
        opened.push("first")
        opened.publish()
        if is_pushed:
            opened.push("second")
    return data


@pytest.fixture(scope="module", params=sorted(DEEDS))
def victims(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Maker]]:
    deed = str(request.param)
    template = a_template(tmp_path_factory.mktemp(deed), is_pushed=deed == "publish")
    with maker(template) as made:
        yield deed, made


def test_clients_read_one_whole_publication_wherever_it_was_killed(
    victims: tuple[str, Maker], tmp_path: Path
) -> None:
    """What was answered with 201 is published by whoever works next."""
    deed, made = victims
    points = made.points(tmp_path / "whole", deed)
    assert points
    killed = 0
    for number, point in enumerate(points):
        data_dir = tmp_path / str(number)
        status = made.kill(data_dir, deed, point)
        assert status in (0, signal.SIGKILL), point
        killed += status == signal.SIGKILL
        ensure_whole(data_dir, deed)
        shutil.rmtree(data_dir)
    # Names are random: a victim that needs one directory less lives past the last of a kind.
    assert killed >= len(points) - 4


def ensure_whole(data_dir: Path, deed: str) -> None:
    is_answered = (data_dir / ANSWER).exists()
    with depot_on(data_dir) as opened:
        assert opened.names() in ((BEFORE, AFTER) if deed == "publish" else (BEFORE,))
        opened.publish_later()
        now = opened.names()
        assert now == AFTER or (deed == "push" and now == BEFORE and not is_answered)
        opened.push("second")
        opened.publish_later()
        assert opened.names() == AFTER
        assert opened.problems() == []
