"""What repositories keep and for whom their trees are counted, for the quotas."""

from sqlalchemy import literal

from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.quotas.charges import charged
from filemanager.db.quotas.shares import holder, share
from filemanager.db.repositories.tables import files, packages, repositories
from filemanager.db.trees.tables import trees
from filemanager.domain.repositories.repository import repository_subject

_SUBJECT = literal(str(repository_subject(""))) + repositories.c.path

OF_REPOSITORY = holder(repositories.c.tree_id, _SUBJECT)
PUBLISHED = share(_SUBJECT, kept=trees.c.kept_bytes).join_from(
    repositories, trees, repositories.c.tree_id == trees.c.id
)
WAITING = (
    share(_SUBJECT, kept=charged(files.c.size_bytes))
    .join_from(repositories, packages, repositories.c.tree_id == packages.c.tree_id)
    .join(files, files.c.package_id == packages.c.id)
    .where(packages.c.since == UNTIL_FOREVER)
)
