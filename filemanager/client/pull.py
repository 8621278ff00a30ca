"""Pulling: the files of a workspace into a directory, verified, and never out of it."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import requests

from filemanager.client.connection import BLOCK_BYTES, Connection
from filemanager.client.crowd import each
from filemanager.client.errors import ClientError, Damaged, Refused, Unreachable
from filemanager.client.folders.target_directory import Part, TargetDirectory
from filemanager.client.values import Entry
from filemanager.client.watching import Watcher
from filemanager.client.workspaces import Workspaces

_OTHER_BY_NOW = 412
_PARTIAL = 206


@dataclass(frozen=True, slots=True, kw_only=True)
class PullWish:
    workspace: int
    directory: Path
    threads: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What came of a pull. ``fetched_bytes`` came in this run; ``known_files`` were there."""

    workspace: int
    fetched_files: int
    fetched_bytes: int
    known_files: int


class Pull:
    def __init__(
        self, connection: Connection, workspaces: Workspaces, wish: PullWish, watcher: Watcher
    ) -> None:
        self._connection = connection
        self._workspaces = workspaces
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
        entries = list(self._workspaces.entries(wish.workspace))
        with TargetDirectory(wish.directory) as target:
            for entry in entries:
                target.ensure_inside(entry.path)
            self._watcher.begin("comparing", len(entries))
            wanted = [entry for entry in entries if not self._is_there(target, entry)]
            self._watcher.begin("fetching", sum(entry.size_bytes for entry in wanted))
            each(lambda entry: self._fetch(target, entry), wanted, wish.threads)
        return Pulled(
            workspace=wish.workspace,
            fetched_files=len(wanted),
            fetched_bytes=self._fetched_bytes,
            known_files=len(entries) - len(wanted),
        )

    def _is_there(self, target: TargetDirectory, entry: Entry) -> bool:
        self._watcher.advance(1)
        return target.sha256_of(entry.path, entry.size_bytes) == entry.sha256

    def _fetch(self, target: TargetDirectory, entry: Entry) -> None:
        with target.part(entry.path, entry.sha256) as part:
            begun = part.size_bytes
            if begun > entry.size_bytes:
                part.cut(0)
                begun = 0
            self._watcher.advance(begun)
            self._connection.patiently(lambda: self._go_on(part, entry))
            part.finish()

    def _go_on(self, part: Part, entry: Entry) -> None:
        if part.size_bytes < entry.size_bytes:
            self._read(part, entry)
        if part.sha256() != entry.sha256:
            part.cut(0)
            raise Damaged(f"The bytes of {entry.path} are not those of its SHA-256. Pull again.")

    def _read(self, part: Part, entry: Entry) -> None:
        with self._answer(part, entry) as response:
            if response.status_code != _PARTIAL:
                part.cut(0)
            try:
                for block in response.iter_content(BLOCK_BYTES):
                    part.write(block)
                    self._count(len(block))
            except requests.RequestException as error:
                raise Unreachable(f"The bytes of {entry.path} broke off.") from error
        if part.size_bytes < entry.size_bytes:
            raise Unreachable(f"The bytes of {entry.path} broke off.")

    def _answer(self, part: Part, entry: Entry) -> requests.Response:
        try:
            return self._workspaces.open_file(self._wish.workspace, entry, part.size_bytes)
        except Refused as refused:
            if refused.status == _OTHER_BY_NOW:
                raise ClientError(f"{entry.path} has changed meanwhile. Pull again.") from refused
            raise

    def _count(self, fetched: int) -> None:
        with self._counting:
            self._fetched_bytes += fetched
        self._watcher.advance(fetched)
