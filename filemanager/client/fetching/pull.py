"""Pulling: the files of a workspace into a directory, verified, and never out of it."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from filemanager.client.connection import Connection
from filemanager.client.crowd import each
from filemanager.client.fetching.filling import Fetcher
from filemanager.client.folders.target_directory import TargetDirectory
from filemanager.client.values import Entry
from filemanager.client.watching import Watcher
from filemanager.client.workspaces import Workspaces


@dataclass(frozen=True, slots=True, kw_only=True)
class PullWish:
    workspace: int
    directory: Path
    threads: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What came of a pull. ``fetched_bytes`` came in this run; ``known_files`` were there."""

    workspace: int
    revision: int
    readiness: str
    fetched_files: int
    fetched_bytes: int
    known_files: int


class Pull:
    def __init__(
        self, connection: Connection, workspaces: Workspaces, wish: PullWish, watcher: Watcher
    ) -> None:
        self._workspaces = workspaces
        self._fetcher = Fetcher(connection, workspaces, wish.workspace, self._count)
        self._wish = wish
        self._watcher = watcher
        self._fetched_bytes = 0
        self._counting = Lock()

    def run(self) -> Pulled:
        """Files that are there with the same bytes are left; others of the same name are replaced.

        A file appears under its name when it is whole and verified. Raises ``PathUnsafe`` before
        anything is written, ``Damaged``, and ``ClientError``.
        """
        wish = self._wish
        found = self._workspaces.get(wish.workspace)
        entries = list(self._workspaces.entries(wish.workspace, found.revision))
        with TargetDirectory(wish.directory) as target:
            for entry in entries:
                target.ensure_inside(entry.path)
            self._watcher.begin("comparing", len(entries))
            wanted = [entry for entry in entries if not self._is_there(target, entry)]
            self._watcher.begin("fetching", sum(entry.size_bytes for entry in wanted))
            each(lambda entry: self._fetch(target, entry), wanted, wish.threads)
        return Pulled(
            workspace=wish.workspace,
            revision=found.revision,
            readiness=found.readiness,
            fetched_files=len(wanted),
            fetched_bytes=self._fetched_bytes,
            known_files=len(entries) - len(wanted),
        )

    def _is_there(self, target: TargetDirectory, entry: Entry) -> bool:
        self._watcher.advance(1)
        return target.sha256_of(entry.path, entry.size_bytes) == entry.sha256

    def _fetch(self, target: TargetDirectory, entry: Entry) -> None:
        with target.part(entry.path, entry.sha256) as part:
            self._fetcher.fill(part, entry.file)
            part.finish()

    def _count(self, fetched: int, gone_on: int) -> None:
        """*fetched* bytes came now; *gone_on* had come in an earlier run."""
        with self._counting:
            self._fetched_bytes += fetched
        self._watcher.advance(fetched + gone_on)
