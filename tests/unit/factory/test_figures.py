"""What a process tells of itself is looked at where its connections wait: it must never fail."""

import shutil
from pathlib import Path

from pydantic import SecretStr

from builders.papers import SECRET
from filemanager.factory.about import figures
from filemanager.factory.parts import parts_of
from filemanager.settings.service import Settings


def test_it_can_be_looked_at_when_the_disk_is_gone(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.mkdir()
    parts = parts_of(Settings(jwt_secret=SecretStr(SECRET), data_dir=place))
    shutil.rmtree(place)

    read = {kind.name: kind.read() for kind in figures(parts)}

    assert read["scratch_free_bytes"] == 0
