"""What the service makes on a disk is for its own user alone."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from builders.papers import PAPER, SECRET, a_token
from filemanager.commands.setup import prepare, tell_what_is_open
from filemanager.factory.application import app_on
from filemanager.factory.parts import parts_of
from filemanager.settings.service import Settings
from filemanager.storage.private import is_wider, private_directory
from people.person import Person


@pytest.fixture
def generous() -> Iterator[None]:
    """A process that would let everybody read and write what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("generous")
def test_nothing_that_a_service_makes_is_open_to_others(tmp_path: Path) -> None:
    data = tmp_path / "some" / "data"
    settings = Settings(data_dir=data, jwt_secret=SecretStr(SECRET), jobs=False)
    prepare(settings)
    parts = parts_of(settings)

    with closing(parts.database):
        alice = Person(app_on(parts).test_client(), a_token("1"))
        created = alice.create("main.tex", PAPER)
        large = alice.put(f"/v2/workspaces/{created['upload_id']}/files/large", os.urandom(3 << 20))
        wide = [one for one in (data.parent, *data.parent.rglob("*")) if is_wider(one)]

    assert large.status_code == 201
    assert wide == []
    assert len(list(data.rglob("*"))) > 5


def test_what_is_there_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    settings = Settings(data_dir=tmp_path, jwt_secret=SecretStr(SECRET))
    prepare(settings)
    with capture_logs() as told:
        tell_what_is_open(settings)

    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert [(one["event"], one["path"]) for one in told] == [("open_to_others", str(tmp_path))]


def test_a_private_directory_leaves_those_above_it_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    private_directory(tmp_path / "a" / "b")

    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in (".", "a", "a/b")]
    assert modes == [0o755, 0o700, 0o700]
