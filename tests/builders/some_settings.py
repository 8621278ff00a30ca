"""Settings for tests."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from filemanager.settings.service import Settings
from filemanager.settings.sources import FromEnvironment


def some_settings(**given: Any) -> Settings:
    """Of doors that are not *given*, what was read once: each asks the environment by itself."""
    return Settings(**{**_doors(), **given})


@cache
def _doors() -> Mapping[str, FromEnvironment]:
    return {name: door for name, door in Settings() if isinstance(door, FromEnvironment)}
