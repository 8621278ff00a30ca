"""What workspaces keep, for the audit of quotas."""

from sqlalchemy import literal

from filemanager.db.quotas.shares import ONE, share, subject_of
from filemanager.db.trees.tables import trees
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.caller import Owner
from filemanager.domain.quotas import open_workspaces_subject
from filemanager.domain.workspaces.workspace import Status

OPEN = share(literal(str(open_workspaces_subject(Owner("")))) + workspaces.c.owner, kept=ONE).where(
    workspaces.c.status != Status.DELETED.value
)
KEPT = share(subject_of(workspaces.c.owner), kept=trees.c.kept_bytes).join_from(
    workspaces, trees, workspaces.c.tree_id == trees.c.id
)
