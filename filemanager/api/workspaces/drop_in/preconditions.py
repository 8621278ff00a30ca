"""Preconditions on the drop-in routes, whose tags name content and no revision."""

from filemanager.api.http.preconditions import preconditions
from filemanager.api.workspaces.door import door
from filemanager.domain.ids import Checksum, Digest, WorkspaceId, checksum_from
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import PathRefused


def of_workspace(workspace_id: WorkspaceId) -> Preconditions:
    """What is asked of a workspace; a checksum becomes the revision that has it now."""
    asked = preconditions()
    return asked.translated(_revision(workspace_id)) if asked.names_tags else asked


def of_file(workspace_id: WorkspaceId, path: str) -> Preconditions:
    """What is asked of a file; its tag becomes its digest, that of the workspace its revision."""
    asked = preconditions()
    if not asked.names_tags:
        return asked
    try:
        entry = door().reading.entry(workspace_id, path)
    except PathRefused:
        entry = None
    names = _revision(workspace_id)
    return asked.translated(names | {file_tag(entry.digest): entry.digest} if entry else names)


def file_tag(digest: Digest, md5: str | None = None) -> Checksum:
    """The original's: its client hands it to a preview service that takes nothing else."""
    return checksum_from(bytes.fromhex(md5 or door().facts.md5(digest)))


def _revision(workspace_id: WorkspaceId) -> dict[str, str]:
    workspace = door().workspaces.named(door().workspaces.get(workspace_id))
    return {workspace.tree.checksum or "": str(workspace.revision)}
