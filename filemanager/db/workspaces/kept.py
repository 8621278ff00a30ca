"""What workspaces keep and for whom their trees are counted, for the quotas."""

from sqlalchemy import String, cast, literal

from filemanager.db.quotas.shares import ONE, holder, share, subject_of
from filemanager.db.trees.tables import trees
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import open_workspaces_subject, workspace_subject
from filemanager.domain.workspaces.workspace import Status

_WORKSPACE = str(workspace_subject(WorkspaceId(0))).removesuffix("0")

OF_OWNER = holder(workspaces.c.tree_id, subject_of(workspaces.c.owner))
OF_WORKSPACE = holder(workspaces.c.tree_id, literal(_WORKSPACE) + cast(workspaces.c.id, String(20)))
OPEN = share(literal(str(open_workspaces_subject(Owner("")))) + workspaces.c.owner, kept=ONE).where(
    workspaces.c.status != Status.DELETED.value
)
KEPT = share(subject_of(workspaces.c.owner), kept=trees.c.kept_bytes).join_from(
    workspaces, trees, workspaces.c.tree_id == trees.c.id
)
