"""Downloading: one file of a workspace, verified, to a place or a pipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filemanager.client.connection import Connection
from filemanager.client.fetching.filling import Fetcher, Stream
from filemanager.client.folders.target_directory import TargetDirectory
from filemanager.client.values import StoredFile
from filemanager.client.watching import Watcher
from filemanager.client.workspaces import Workspaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What came of a download to ``place``. ``fetched_bytes`` came in this run."""

    place: str
    sha256: str
    size_bytes: int
    fetched_bytes: int


class Download:
    def __init__(
        self, connection: Connection, workspaces: Workspaces, workspace: int, watcher: Watcher
    ) -> None:
        self._workspaces = workspaces
        self._workspace = workspace
        self._watcher = watcher
        self._fetcher = Fetcher(connection, workspaces, workspace, self._count)
        self._fetched_bytes = 0

    def to(self, place: Path, path: str) -> Downloaded:
        """Put the file at *path* to *place*, over a file that is there, when it is whole.

        What was stopped goes on where it was. Raises ``PathUnsafe``, ``Damaged``, ``ClientError``.
        """
        file = self._begun(path)
        with TargetDirectory(place.parent) as target:
            target.ensure_inside(place.name)
            if target.sha256_of(place.name, file.size_bytes) != file.sha256:
                with target.part(place.name, file.sha256) as part:
                    self._fetcher.fill(part, file)
                    part.complete()
                target.finish()
        return Downloaded(
            place=str(place),
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            fetched_bytes=self._fetched_bytes,
        )

    def into(self, out: BinaryIO, path: str) -> StoredFile:
        """Write the file at *path* to *out* as its bytes come.

        Raises ``Damaged`` at the end where they are not those of its SHA-256.
        """
        file = self._begun(path)
        self._fetcher.fill(Stream(out), file)
        return file

    def _begun(self, path: str) -> StoredFile:
        file = self._workspaces.file(self._workspace, path)
        self._watcher.begin("fetching", file.size_bytes)
        return file

    def _count(self, fetched: int, gone_on: int) -> None:
        self._fetched_bytes += fetched
        self._watcher.advance(fetched + gone_on)
