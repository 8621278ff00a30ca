"""A file's text and its versions, for who reads them line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest, Revision, WorkspaceId
from filemanager.domain.ports import Database
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.trees.tree import Entry, locate
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.services.workspaces.line_difference import Effort, Pair, side_by_side
from filemanager.services.workspaces.reading import text_of
from filemanager.services.workspaces.summary import live

MAX_SHOWN_BYTES = 256 << 10
"""Of a text that is shown."""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file as a checkpoint has it; None: it has none of that path."""

    checkpoint: Checkpoint
    entry: Entry | None


class VersionService:
    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    def versions(self, workspace_id: WorkspaceId, path: str) -> Sequence[FileVersion]:
        """Of a public path, the latest checkpoint first: a question for each, and they are few."""
        area, place = locate(path)
        found: list[FileVersion] = []
        with self._database.read() as tx:
            tree = live(tx, workspace_id).tree
            for checkpoint in reversed(tx.checkpoints.of(tree.id)):
                try:
                    entry = tx.trees.find(tree.id, area, place, checkpoint.revision)
                except FileNotFound:
                    found.append(FileVersion(checkpoint, None))
                else:
                    found.append(FileVersion(checkpoint, entry))
        return found

    def entry(self, workspace_id: WorkspaceId, path: str, revision: Revision) -> Entry | None:
        """What lay at a public path then."""
        area, place = locate(path)
        with self._database.read() as tx:
            try:
                return tx.trees.find(live(tx, workspace_id).tree.id, area, place, revision)
            except FileNotFound:
                return None

    def text(self, digest: Digest) -> str | None:
        """None for what is no UTF-8 text, or more of it than is shown."""
        return text_of(self._database, self._blobs, digest, MAX_SHOWN_BYTES)

    def side_by_side(self, old: Entry | None, new: Entry | None) -> Sequence[Sequence[Pair]] | None:
        """Each place that differs, in two columns; None: one of the two is no text that is shown.

        An entry that is None is empty.
        """
        before, after = (self.text(one.digest) if one else "" for one in (old, new))
        if before is None or after is None:
            return None
        return list(side_by_side(before, after, Effort()))
