"""What the routes about the service stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.services.health import HealthService


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutDoor:
    health: HealthService


def door() -> AboutDoor:
    return door_of(AboutDoor)
