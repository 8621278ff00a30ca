"""What v2 shows of a workspace: entries, findings, changes, differences."""

import re
from collections.abc import Iterable, Sequence

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import Malformed, TooLarge
from filemanager.domain.ids import Digest, Revision, WorkspaceId
from filemanager.domain.ports import Database
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.listing import Difference, EntryPage, EntryQuery
from filemanager.domain.trees.tree import Altered, Entry, locate
from filemanager.domain.workspaces.errors import CheckpointNotFound
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.edits import rewrites_of
from filemanager.services.workspaces.line_difference import Effort, unified
from filemanager.services.workspaces.summary import live

MAX_TEXT_BYTES = 1 << 20
"""A file larger than this is not shown line by line."""

_MAX_DIFF_BYTES = 16 << 20
_NUMBER = re.compile(r"[0-9]{1,18}")


class ReadingService:
    def __init__(
        self, database: Database, blobs: BlobStore, checkpoints: CheckpointService
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._checkpoints = checkpoints

    def entries(self, workspace_id: WorkspaceId, query: EntryQuery) -> EntryPage:
        with self._database.read() as tx:
            return tx.trees.page(live(tx, workspace_id).tree.id, query)

    def entry(self, workspace_id: WorkspaceId, path: str) -> Entry | None:
        """The living entry at a public path; raises ``PathRefused``."""
        area, place = locate(path)
        with self._database.read() as tx:
            return tx.trees.view(live(tx, workspace_id).tree).find(area, place)

    def findings(
        self, workspace_id: WorkspaceId, revision: Revision | None = None
    ) -> tuple[Revision, Sequence[Finding]]:
        """All that were said at a revision (None: the present one), the transient ones too."""
        with self._database.read() as tx:
            tree = live(tx, workspace_id).tree
            at = tree.revision if revision is None else revision
            return at, tx.trees.findings(tree.id, at, transient=True)

    def altered(
        self, workspace_id: WorkspaceId, path: str | None = None
    ) -> tuple[Revision, Sequence[Altered]]:
        """What the last upload's checks changed, and the present revision.

        With a *path*: what rewrote the file there, in whichever upload. Raises ``FileNotFound``.
        """
        with self._database.read() as tx:
            tree = live(tx, workspace_id).tree
            if path is None:
                return tree.revision, tx.trees.altered(tree.id)
            return tree.revision, rewrites_of(tx, tree.id, tx.trees.find(tree.id, *locate(path)))

    def revision(self, workspace_id: WorkspaceId, point: str | None) -> Revision:
        """A revision from ``checkpoint:<id>`` or a number; None: the present one.

        Raises ``Malformed``, and ``CheckpointNotFound`` for what does not exist.
        """
        with self._database.read() as tx:
            present = live(tx, workspace_id).tree.revision
        if point is None:
            return present
        kind, _, number = point.rpartition(":")
        if not _NUMBER.fullmatch(number) or kind not in ("", "checkpoint"):
            raise Malformed(f"'{point[:40]}' is neither a revision nor 'checkpoint:<id>'.")
        if kind:
            return self._checkpoints.find(workspace_id, int(number)).revision
        if int(number) > present:
            raise CheckpointNotFound(f"There is no revision {number} yet.")
        return Revision(int(number))

    def difference(
        self, workspace_id: WorkspaceId, old: Revision, new: Revision
    ) -> Sequence[Difference]:
        with self._database.read() as tx:
            return tx.trees.difference(live(tx, workspace_id).tree.id, old, new)

    def text_difference(self, differences: Sequence[Difference]) -> str:
        """A unified diff of the text files; others are named only. Raises ``TooLarge``."""
        total = sum((one.old_bytes or 0) + (one.new_bytes or 0) for one in differences)
        if total > _MAX_DIFF_BYTES:
            raise TooLarge(f"The files that differ hold more than {_MAX_DIFF_BYTES} bytes.")
        effort = Effort()
        return "".join(line for one in differences for line in self._lines(one, effort))

    def _lines(self, difference: Difference, effort: Effort) -> Iterable[str]:
        old, new = (
            "" if digest is None else text_of(self._database, self._blobs, digest, MAX_TEXT_BYTES)
            for digest in (difference.old_digest, difference.new_digest)
        )
        if old is None or new is None:
            return [f"Binary files a/{difference.path} and b/{difference.path} differ\n"]
        names = (
            f"a/{difference.path}" if difference.old_digest else "/dev/null",
            f"b/{difference.path}" if difference.new_digest else "/dev/null",
        )
        return unified(old, new, names, effort)


def text_of(database: Database, blobs: BlobStore, digest: Digest, most_bytes: int) -> str | None:
    """None for what is no UTF-8 text, or longer."""
    with database.read() as tx:
        blob = tx.blobs.find([digest])[digest]
    if blob.size_bytes > most_bytes:
        return None
    data = b"".join(blobs.read(blob))
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None
