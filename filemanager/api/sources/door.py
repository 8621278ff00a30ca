"""What the routes of sources stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.domain.sources.addresses import ListedHosts
from filemanager.services.sources.keeping import SourceService


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesDoor:
    """``listed`` are the hosts that whoever comes this way may name."""

    service: SourceService
    listed: ListedHosts


def door() -> SourcesDoor:
    return door_of(SourcesDoor)
