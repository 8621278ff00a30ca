"""What workspaces keep, for the audit of quotas."""

from filemanager.db.quotas.shares import share, subject_of
from filemanager.db.trees.tables import trees
from filemanager.db.workspaces.tables import workspaces

KEPT = share(subject_of(workspaces.c.owner), kept=trees.c.kept_bytes).join_from(
    workspaces, trees, workspaces.c.tree_id == trees.c.id
)
