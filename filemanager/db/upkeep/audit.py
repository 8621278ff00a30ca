"""What subjects are counted to hold, against the rows that make it."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, func, not_, or_, select, union_all

from filemanager.db.quotas.shares import COUNTED, PROMISED
from filemanager.db.schema import KEPT
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import Subject, Unbalanced, Usage, workspace_subject

_WORKSPACE = str(workspace_subject(WorkspaceId(0))).removesuffix("0")
_SHARES = union_all(COUNTED, PROMISED, *KEPT).subquery()

_USED, _RESERVED = func.sum(_SHARES.c.used), func.sum(_SHARES.c.reserved)
_KEPT, _PROMISED = func.sum(_SHARES.c.kept), func.sum(_SHARES.c.promised)
# A workspace's own use stands beside its tree, and is compared with that.
_IS_COMPARED = not_(_SHARES.c.subject.startswith(_WORKSPACE))

_UNBALANCED = (
    select(
        _SHARES.c.subject,
        _USED.label("used"),
        _RESERVED.label("reserved"),
        _KEPT.label("kept"),
        _PROMISED.label("promised"),
        _IS_COMPARED.label("is_compared"),
    )
    .group_by(_SHARES.c.subject)
    .having(or_(_RESERVED != _PROMISED, and_(_IS_COMPARED, _USED != _KEPT)))
    .order_by(_SHARES.c.subject)
)


def unbalanced(connection: Connection) -> Sequence[Unbalanced]:
    """One statement, so that what is compared is of one moment on every database."""
    # A sum of integers is a decimal on two of the three databases.
    return [
        Unbalanced(
            subject=Subject(row.subject),
            counted=Usage(int(row.used), int(row.reserved)),
            found=Usage(int(row.kept if row.is_compared else row.used), int(row.promised)),
        )
        for row in connection.execute(_UNBALANCED)
    ]
