"""Checkpoints: names for revisions. They pin what the revision holds."""

from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.ids import Checksum, Revision, TreeId
from filemanager.domain.requests.preconditions import State
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.kinds import SourceFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """``content_bytes`` and ``checksum`` are those of the revision's ``content.tar.gz``.

    ``name`` is as the drop-in API lists it (``checkpoint_1_theuser.tar.gz``) or as v2 was given it.
    """

    id: int
    tree_id: TreeId
    revision: Revision
    name: str
    description: str | None
    checksum: Checksum
    checksum_form: ChecksumForm = ChecksumForm.BUCKETS
    content_bytes: int
    source_format: SourceFormat
    created_by: str
    created_at: datetime

    @property
    def state(self) -> State:
        """It never changes, so that this need not be asked under a lock."""
        return State(frozenset({self.checksum}), self.created_at)
