"""Every table, and all that is kept: who asks for all asks here, so that none is left out."""

from filemanager.db.blobs import tables as blobs
from filemanager.db.bucket import kept as bucket_kept
from filemanager.db.bucket import tables as bucket
from filemanager.db.engine.metadata import metadata
from filemanager.db.idempotency import tables as idempotency
from filemanager.db.jobs import tables as jobs
from filemanager.db.packages import kept as packages_kept
from filemanager.db.packages import tables as packages
from filemanager.db.quotas import tables as quotas
from filemanager.db.rawstore import tables as rawstore
from filemanager.db.repositories import kept as repositories_kept
from filemanager.db.repositories import purges as repository_purges
from filemanager.db.repositories import tables as repositories
from filemanager.db.sessions import tables as sessions
from filemanager.db.shares import tables as shares
from filemanager.db.sources import tables as sources
from filemanager.db.trees import tables as trees
from filemanager.db.uploads import tables as uploads
from filemanager.db.workspaces import kept as workspaces_kept
from filemanager.db.workspaces import tables as workspaces
from filemanager.db.workspaces.invitations import kept as invitations_kept
from filemanager.db.workspaces.invitations import tables as invitations

KEPT = (
    workspaces_kept.KEPT,
    workspaces_kept.OPEN,
    bucket_kept.KEPT,
    bucket_kept.COUNTED,
    repositories_kept.PUBLISHED,
    repositories_kept.WAITING,
    packages_kept.KEPT,
    packages_kept.COUNT,
    *invitations_kept.KEPT,
)
"""What each door keeps of a subject, which its quota counts."""

HOLDERS = (
    workspaces_kept.OF_OWNER,
    workspaces_kept.OF_WORKSPACE,
    repositories_kept.OF_REPOSITORY,
    packages_kept.OF_PACKAGE,
)
"""Whom the bytes of each door's trees are counted for: what is pruned of them is given back."""

LIVES = (
    trees.entries,
    trees.findings,
    repositories.packages,
    repositories.pages,
    repositories.indexes,
    packages.package_items,
    packages.package_folders,
)
"""Tables whose rows live from one revision of a tree to another, and are pruned with its history.
Each has ``id``, ``tree_id``, ``since``, ``until`` and ``ended_at``.
"""

PINNING = (trees.pins, workspaces.checkpoints)
"""Tables whose rows keep a revision of a tree whole. Each has ``tree_id`` and ``revision``."""

PURGED = {
    trees.entries: repository_purges.IS_PURGED_ENTRY,
    repositories.packages: repository_purges.IS_PURGED_PACKAGE,
}
"""What nobody is to see again: it goes when it has ended, be it pinned or young. A revision that
held it is kept all the same.
"""

SECRETS = (sources.sources.c.sealed,)
"""What no export holds: empty bytes stand in their place."""

PASSING = (sessions.sessions, sessions.handovers, sessions.tokens)
"""Tables that no export holds: who is signed in. Brought back from an older day, a session would go
on that somebody has ended since.
"""

ROOMS = (
    blobs,
    trees,
    workspaces,
    jobs,
    quotas,
    uploads,
    rawstore,
    bucket,
    repositories,
    sources,
    packages,
    shares,
    sessions,
    invitations,
    idempotency,
)

__all__ = [
    "HOLDERS",
    "KEPT",
    "LIVES",
    "PASSING",
    "PINNING",
    "PURGED",
    "ROOMS",
    "SECRETS",
    "metadata",
]
