"""Giving content back: one file, or a tree's files as one archive."""

from collections.abc import Callable, Iterator
from itertools import chain

from filemanager.archives.out.read_ahead import ReadAhead
from filemanager.archives.out.tar_gz import tar_gz
from filemanager.archives.out.zip import zip_bytes, zip_stream
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Checksum, Revision, TreeId, WorkspaceId
from filemanager.domain.ports import Database
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.errors import FileNotFound, PathRefused
from filemanager.domain.trees.listing import FileToRead, PackedEntry
from filemanager.domain.trees.tree import locate
from filemanager.domain.workspaces.errors import NoContent
from filemanager.domain.workspaces.workspace import Status, Workspace
from filemanager.services.downloads import Download
from filemanager.services.neighbours import own_bytes
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.summary import content_bytes, with_checksum

_FIRST_BATCH = 100
_BATCH = 2000
_WHOLE_BYTES = 256 << 10
"""A content up to this size is read by one question, with the bytes that lie in rows."""


class ContentService:
    """Every download is of one revision, whatever happens to the workspace meanwhile."""

    def __init__(
        self, database: Database, blobs: BlobStore, checkpoints: CheckpointService
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._checkpoints = checkpoints

    def archive(self, workspace_id: WorkspaceId) -> Download:
        """``content.tar.gz``; its size is known without a listing. Raises ``NoContent``."""
        workspace = self._with_content(workspace_id)
        tree = workspace.tree
        size_bytes = content_bytes(tree)
        stream = self._tar(tree.id, tree.revision, size_bytes)
        return _download(workspace, "tar.gz", size_bytes, stream)

    def zip_archive(self, workspace_id: WorkspaceId) -> Download:
        """The files as a zip, with ``manifest-sha256.txt``. Raises ``NoContent``."""
        workspace = self._with_content(workspace_id)
        tree = workspace.tree
        held_bytes = content_bytes(tree)

        def stream(start: int, stop: int) -> Iterator[bytes]:
            ahead = ReadAhead(self._blobs)
            entries = ahead.watch(self._packed(tree.id, tree.revision, held_bytes))
            return zip_stream(entries, ahead.read, start, stop)

        size_bytes = zip_bytes(self._packed(tree.id, tree.revision, held_bytes))
        return _download(workspace, "zip", size_bytes, stream)

    def checkpoint(self, workspace_id: WorkspaceId, checksum: str, missing: str) -> Download:
        """A checkpoint's files as ``tar.gz``; *missing* is what ``FileNotFound`` says."""
        for checkpoint in self._checkpoints.of(workspace_id):
            if checkpoint.checksum == checksum:
                return Download(
                    name=checkpoint.name,
                    size_bytes=checkpoint.content_bytes,
                    tag=checkpoint.checksum,
                    modified_at=checkpoint.created_at,
                    owner=None,
                    stream=self._tar(
                        checkpoint.tree_id, checkpoint.revision, checkpoint.content_bytes
                    ),
                )
        raise FileNotFound(missing)

    def file(self, workspace_id: WorkspaceId, path: str) -> Download:
        """A file by its public path. Raises ``FileNotFound``."""
        name, file, owner = self._find(workspace_id, path)
        return Download(
            name=name,
            size_bytes=file.blob.size_bytes,
            tag=file.blob.digest,
            modified_at=file.modified_at,
            owner=owner,
            sha256=file.blob.digest,
            md5=file.blob.md5,
            stream=lambda start, stop: self._read(file, start, stop),
        )

    def _find(self, workspace_id: WorkspaceId, path: str) -> tuple[str, FileToRead, Owner]:
        missing = f"File '{path}' not found."
        try:
            area, place = locate(path)
        except PathRefused as refused:
            raise FileNotFound(missing) from refused
        with self._database.glance() as tx:
            workspace = tx.workspaces.get(workspace_id)
            file = tx.trees.file_to_read(workspace.tree.id, area, place)
        if file is None:
            raise FileNotFound(missing)
        return place.name, file, workspace.owner

    def _read(self, file: FileToRead, start: int, stop: int) -> Iterator[bytes]:
        if file.stored is None:
            return self._blobs.read(file.blob, start, stop)
        return iter((own_bytes(file.blob, file.stored)[start:stop],))

    def _with_content(self, workspace_id: WorkspaceId) -> Workspace:
        """The workspace, its checksum known. Raises ``NoContent`` for a deleted one."""
        with self._database.glance() as tx:
            workspace = tx.workspaces.get(workspace_id)
        if workspace.status is Status.DELETED:
            raise NoContent
        return with_checksum(self._database, workspace)

    def _tar(
        self, tree_id: TreeId, revision: Revision, size_bytes: int
    ) -> Callable[[int, int], Iterator[bytes]]:
        def stream(start: int, stop: int) -> Iterator[bytes]:
            ahead = ReadAhead(self._blobs)
            entries = ahead.watch(self._packed(tree_id, revision, size_bytes))
            return tar_gz(entries, ahead.read, start, stop)

        return stream

    def _packed(
        self, tree_id: TreeId, revision: Revision, held_bytes: int
    ) -> Iterator[PackedEntry]:
        """In short transactions, a batch at a time: a slow reader holds none open.

        Rows of a revision stay while it is pinned or within the history, which outlives any
        download. The first batch is small, so that the first byte does not wait for a long listing.
        """
        if held_bytes > _WHOLE_BYTES:
            return chain.from_iterable(self._batches(tree_id, revision))
        with self._database.glance() as tx:
            return iter(tx.trees.packed_whole(tree_id, revision))

    def _batches(self, tree_id: TreeId, revision: Revision) -> Iterator[list[PackedEntry]]:
        after: tuple[Area, str] | None = None
        limit = _FIRST_BATCH
        while True:
            with self._database.read() as tx:
                batch = list(tx.trees.packed(tree_id, revision, after, limit))
            yield batch
            if len(batch) < limit:
                return
            after = (batch[-1].area, batch[-1].path)
            limit = min(2 * limit, _BATCH)


def _download(
    workspace: Workspace,
    ending: str,
    size_bytes: int,
    stream: Callable[[int, int], Iterator[bytes]],
) -> Download:
    return Download(
        name=f"{workspace.id}.{ending}",
        size_bytes=size_bytes,
        tag=workspace.tree.checksum or Checksum(""),
        modified_at=workspace.modified_at,
        owner=workspace.owner,
        stream=stream,
    )
