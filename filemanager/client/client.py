"""The client: an address and a token, and what can be done with them."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filemanager.client.checkpoints import Checkpoints
from filemanager.client.connection import Connection, Patience, pooled
from filemanager.client.fetching.download import Download, Downloaded
from filemanager.client.fetching.pull import Pull, Pulled, PullWish
from filemanager.client.folders.choosing import Choice
from filemanager.client.folders.local_files import Folder, read_folder
from filemanager.client.memory import cache_directory
from filemanager.client.packages import PackagePush, PackageWish, PushedPackages
from filemanager.client.push import Foreseen, Push, Pushed, PushWish, foresee
from filemanager.client.repositories import Repositories
from filemanager.client.uploads import Uploads
from filemanager.client.values import Entry, StoredFile
from filemanager.client.watching import Unwatched, Watcher
from filemanager.client.workspaces import Workspaces


class Client:
    """Talks to the service at *url* as the owner of *token*; to be closed, or used by ``with``.

    ::

        with Client("http://localhost:8000", token) as client:
            made = client.workspaces.create(name="My paper")
            client.push(Path("paper"), made.id)

    Everything raises ``ClientError``: ``Refused`` with the service's words, ``Unreachable``.
    """

    def __init__(
        self, url: str, token: str, *, patience: Patience | None = None, threads: int = 4
    ) -> None:
        self._connection = Connection(
            url, token, patience=patience, adapter=pooled(threads=threads)
        )
        self._threads = threads
        self.workspaces = Workspaces(self._connection)
        self.checkpoints = Checkpoints(self._connection)
        self.uploads = Uploads(self._connection)
        self.repositories = Repositories(self._connection)

    def read(
        self, directory: Path, choice: Choice | None = None, *, watcher: Watcher | None = None
    ) -> Folder:
        """Read and hash what is to be sent of *directory*: without dot files and what ignore files
        name, unless *choice* says otherwise. The service is not asked.
        """
        watching = watcher or Unwatched()
        watching.begin("reading", None)
        return read_folder(directory, choice or Choice(), watching.advance)

    def push(
        self,
        folder: Path | Folder,
        workspace: int,
        *,
        unpack: bool = False,
        watcher: Watcher | None = None,
        cache: Path | None = None,
    ) -> Pushed:
        """Send the files of a folder, read before or not, that the workspace lacks, all in one
        revision.

        After a kill or a failure the same call goes on where it was stopped: uploads are remembered
        in *cache*, the user's cache directory by default. Nothing is deleted in the workspace.
        """
        watching = watcher or Unwatched()
        wish = PushWish(
            folder=folder if isinstance(folder, Folder) else self.read(folder, watcher=watching),
            workspace=workspace,
            cache=cache or cache_directory(os.environ),
            unpack=unpack,
            threads=self._threads,
        )
        return Push(self.workspaces, self.uploads, wish, watching).run(self._connection.url)

    def foresee(
        self, folder: Folder, workspace: int | None, *, cache: Path | None = None
    ) -> Foreseen:
        """Say what ``push`` would send, to a new workspace where there is none; nothing is sent."""
        if workspace is None:
            return foresee(folder, None)
        wish = PushWish(
            folder=folder, workspace=workspace, cache=cache or cache_directory(os.environ)
        )
        push = Push(self.workspaces, self.uploads, wish, Unwatched())
        return push.foresee(self._connection.url)

    def push_packages(
        self,
        files: Sequence[Path],
        repository: str,
        *,
        product: str | None = None,
        watcher: Watcher | None = None,
    ) -> PushedPackages:
        """Add packages to a repository, all or none; those that are there already stay."""
        wish = PackageWish(
            repository=repository, files=files, product=product, threads=self._threads
        )
        return PackagePush(self.uploads, wish, watcher or Unwatched()).run()

    def pull(self, workspace: int, directory: Path, *, watcher: Watcher | None = None) -> Pulled:
        """Fetch the files that *directory* lacks, each verified by its SHA-256.

        The same call goes on where it was stopped. Nothing is deleted in the directory.
        """
        wish = PullWish(workspace=workspace, directory=directory, threads=self._threads)
        return Pull(self._connection, self.workspaces, wish, watcher or Unwatched()).run()

    def download(
        self, workspace: int, path: str, place: Path, *, watcher: Watcher | None = None
    ) -> Downloaded:
        """Put one file of a workspace to *place*, verified by its SHA-256.

        The same call goes on where it was stopped.
        """
        return self._download(workspace, watcher).to(place, path)

    def write(
        self, workspace: int, path: str, out: BinaryIO, *, watcher: Watcher | None = None
    ) -> StoredFile:
        """Write one file of a workspace to *out*; raises ``Damaged`` at the end for other bytes."""
        return self._download(workspace, watcher).into(out, path)

    def ls(self, workspace: int) -> list[Entry]:
        """The files of a workspace."""
        return list(self.workspaces.entries(workspace))

    def _download(self, workspace: int, watcher: Watcher | None) -> Download:
        return Download(self._connection, self.workspaces, workspace, watcher or Unwatched())

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
