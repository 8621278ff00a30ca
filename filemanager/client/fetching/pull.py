"""Pulling: the files of a workspace into a directory, verified, and never out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from filemanager.client.connection import Connection
from filemanager.client.crowd import each
from filemanager.client.fetching.filling import Fetcher
from filemanager.client.fetching.runs import RunFetcher, runs_of
from filemanager.client.folders.target_directory import TargetDirectory
from filemanager.client.values import ListedFile
from filemanager.client.watching import Watcher
from filemanager.client.workspaces import Workspaces

_KNOWN_FORM = '-tgz1"'
"""Ends the ETag of an archive that a service puts together of parts that stand alone."""


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
        self._connection = connection
        self._workspaces = workspaces
        self._fetcher = Fetcher(connection, workspaces, wish.workspace, self._count)
        self._wish = wish
        self._watcher = watcher
        self._fetched_bytes = 0
        self._counting = Lock()

    def run(self) -> Pulled:
        """Files that are there with the same bytes are left; others of the same name are replaced.

        Files appear under their names when they are whole and verified, all at the end, or those
        that have come by then where the rest does not. Raises ``PathUnsafe`` before anything is
        written, ``Damaged``, and ``ClientError``.
        """
        wish = self._wish
        found = self._workspaces.get(wish.workspace)
        files = list(self._workspaces.files(wish.workspace, found.revision))
        with TargetDirectory(wish.directory) as target:
            for file in files:
                target.ensure_inside(file.path)
            self._watcher.begin("comparing", len(files))
            wanted = [file for file in files if not self._is_there(target, file)]
            self._watcher.begin("fetching", sum(file.size_bytes for file in wanted))
            try:
                self._fetch_all(target, wanted, found.revision)
            finally:
                target.finish(wish.threads)
        return Pulled(
            workspace=wish.workspace,
            revision=found.revision,
            readiness=found.readiness,
            fetched_files=len(wanted),
            fetched_bytes=self._fetched_bytes,
            known_files=len(files) - len(wanted),
        )

    def _is_there(self, target: TargetDirectory, file: ListedFile) -> bool:
        self._watcher.advance(1)
        return target.sha256_of(file.path, file.size_bytes) == file.sha256

    def _fetch_all(
        self, target: TargetDirectory, wanted: Sequence[ListedFile], revision: int
    ) -> None:
        begun = {file for file in wanted if target.is_begun(file.path, file.sha256)}
        runs, alone = runs_of([file for file in wanted if file not in begun])
        if runs and (tag := self._tag_of(revision)) is not None:
            fetcher = RunFetcher(
                self._connection, self._workspaces, (self._wish.workspace, tag), self._count
            )
            each(lambda run: fetcher.fetch(run, target), runs, self._wish.threads)
        else:
            alone = [*alone, *(file for run in runs for file in run)]
        each(lambda file: self._fetch(target, file), [*begun, *alone], self._wish.threads)

    def _tag_of(self, revision: int) -> str | None:
        """The ETag of the content that was listed; None where it is another one by now, or is put
        together in a way that is not known here.
        """
        tag = self._workspaces.content_tag(self._wish.workspace)
        is_known = tag.endswith(_KNOWN_FORM)
        is_same = is_known and self._workspaces.get(self._wish.workspace).revision == revision
        return tag if is_same else None

    def _fetch(self, target: TargetDirectory, file: ListedFile) -> None:
        with target.part(file.path, file.sha256) as part:
            self._fetcher.fill(part, file.file)
            part.complete()

    def _count(self, fetched: int, gone_on: int) -> None:
        """*fetched* bytes came now; *gone_on* had come in an earlier run."""
        with self._counting:
            self._fetched_bytes += fetched
        self._watcher.advance(fetched + gone_on)
