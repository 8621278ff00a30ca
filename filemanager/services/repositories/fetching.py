"""Packages from the files of a workspace: they are stored already, and read once to be checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.trees.tree import Entry, locate
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.services.intake import Intake
from filemanager.services.repositories.collecting import SentPackage, ensure_of_base
from filemanager.services.repositories.pushing import Push, Pushed, PushService
from filemanager.services.workspaces.summary import live


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFiles:
    """*paths* are public ones."""

    workspace_id: WorkspaceId
    paths: Sequence[str]


class FetchService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        intake: Intake,
        pushes: PushService,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._intake = intake
        self._pushes = pushes
        self._catalogue = catalogue

    def push(self, caller: Caller, path: str, files: WorkspaceFiles, product: str | None) -> Pushed:
        """Push files of a workspace, all or none; they are called as they are there.

        *caller* reads the workspace and publishes in the repository. Raises ``RepositoryUnknown``,
        ``InsufficientScope``, ``WorkspaceNotFound``, ``FileNotFound``, and what a push does.
        """
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            entries = list(_entries(tx, caller, files))
        for entry in entries:
            ensure_of_base(address.base, entry.path.name)
        with self._intake.spool(sum(entry.size_bytes for entry in entries)) as spool:
            sent = [
                SentPackage(entry.path.name, spool.receive_chunks(self._read(entry)))
                for entry in entries
            ]
            push = Push(targets=[address], files=sent, product=product)
            (pushed,) = self._pushes.push(caller, push, spool.scratch)
        return pushed

    def _read(self, entry: Entry) -> Iterator[bytes]:
        with self._database.read() as tx:
            blob = tx.blobs.find([entry.digest])[entry.digest]
        return self._blobs.read(blob)


def _entries(tx: Transaction, caller: Caller, files: WorkspaceFiles) -> Iterator[Entry]:
    """Raises ``WorkspaceNotFound`` too where *caller* may not know of it."""
    caller.ensure_may_ask(Scope.READ, str(files.workspace_id))
    workspace = live(tx, files.workspace_id)
    try:
        workspace.ensure_allows(caller, Scope.READ)
    except NotOwner as stranger:
        raise WorkspaceNotFound from stranger
    for path in files.paths:
        area, place = locate(path)
        try:
            yield tx.trees.find(workspace.tree.id, area, place)
        except FileNotFound as missing:
            raise FileNotFound(f"The workspace has no file '{path[:120]}'.") from missing
