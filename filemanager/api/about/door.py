"""What the routes about the service stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from filemanager.api.http.context import door_of
from filemanager.services.health import HealthService


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutDoor:
    health: HealthService
    periods: Mapping[str, timedelta]
    metrics_token: str | None


def door() -> AboutDoor:
    return door_of(AboutDoor)
