"""What packages keep and for whom their trees are counted, for the quotas: texts alone."""

from sqlalchemy import ColumnElement, case, literal, true

from filemanager.db.packages.tables import data_packages, package_items
from filemanager.db.quotas.charges import charged
from filemanager.db.quotas.shares import ONE, holder, share, subject_of
from filemanager.db.trees.tables import trees
from filemanager.domain.caller import Owner
from filemanager.domain.packages.data_package import packages_subject

CHARGED_TEXT: ColumnElement[int] = case(
    (package_items.c.is_text == true(), charged(package_items.c.size_bytes)), else_=0
)
"""What an item is charged."""

OF_PACKAGE = holder(data_packages.c.tree_id, subject_of(data_packages.c.owner))
COUNT = share(literal(str(packages_subject(Owner("")))) + data_packages.c.owner, kept=ONE).where(
    data_packages.c.deleted_at.is_(None)
)
KEPT = share(subject_of(data_packages.c.owner), kept=trees.c.kept_bytes).join_from(
    data_packages, trees, data_packages.c.tree_id == trees.c.id
)
