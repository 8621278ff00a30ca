"""Settings for tests."""

import pickle
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from filemanager.settings.service import Settings
from filemanager.settings.sources import FromEnvironment

_kept: dict[bytes, Settings] = {}


def some_settings(data_dir: Path, **given: Any) -> Settings:
    """Read once for whoever gives the same: each door asks the environment by itself."""
    key = pickle.dumps(given)
    if key not in _kept:
        _kept[key] = Settings(**{**_doors(), **given})
    return _kept[key].model_copy(update={"data_dir": data_dir})


@cache
def _doors() -> Mapping[str, FromEnvironment]:
    return {name: door for name, door in Settings() if isinstance(door, FromEnvironment)}
