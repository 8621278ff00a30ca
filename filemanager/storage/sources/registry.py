"""Adapters to sources, kept for as long as a source stays as it is."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from filemanager.domain.sources.addresses import endpoint_from
from filemanager.domain.sources.errors import SourceUnavailable
from filemanager.domain.sources.objects import SourceObjects
from filemanager.domain.sources.source import (
    BucketPlace,
    Credentials,
    DirectoryPlace,
    Source,
)
from filemanager.storage.sources.asking import BucketClient
from filemanager.storage.sources.connecting import Gate, pool_to
from filemanager.storage.sources.directory import DirectorySourceObjects
from filemanager.storage.sources.s3 import S3SourceObjects

CredentialsOpener = Callable[[Source], Credentials | None]
"""Raises ``CredentialsLocked``."""

_MOST_KEPT = 64


class KeptSources:
    """All threads may share it. Directories lie below one of *directories*, or are not read."""

    def __init__(
        self, gate: Gate, opened: CredentialsOpener, directories: Sequence[PurePosixPath] = ()
    ) -> None:
        self._gate = gate
        self._opened = opened
        self._directories = directories
        self._kept: OrderedDict[object, SourceObjects] = OrderedDict()
        self._lock = threading.Lock()

    def objects_of(self, source: Source) -> SourceObjects:
        known = (source.id, source.name, source.place, source.sealed, source.probe.versioning)
        with self._lock:
            if known not in self._kept:
                self._kept[known] = self._made(
                    source.name, source.place, self._opened(source), source.probe.versioning
                )
                if len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(known)
            return self._kept[known]

    def trial(
        self, name: str, place: BucketPlace | DirectoryPlace, credentials: Credentials | None
    ) -> SourceObjects:
        return self._made(name, place, credentials, None)

    def _made(
        self,
        name: str,
        place: BucketPlace | DirectoryPlace,
        credentials: Credentials | None,
        versioning: bool | None,  # noqa: FBT001  # what was found, and no switch
    ) -> SourceObjects:
        if isinstance(place, DirectoryPlace):
            self._ensure_below(name, place)
            return DirectorySourceObjects(name, place)
        pool = pool_to(endpoint_from(place.endpoint), self._gate)
        client = BucketClient(name, place, credentials, pool)
        return S3SourceObjects(name, place, credentials, client, versioning=versioning)

    def _ensure_below(self, name: str, place: DirectoryPlace) -> None:
        """What the settings allowed once they may forbid by now."""
        path = PurePosixPath(place.path)
        is_below = any(path.is_relative_to(one) for one in self._directories)
        if not is_below or ".." in path.parts:
            raise SourceUnavailable(name)
