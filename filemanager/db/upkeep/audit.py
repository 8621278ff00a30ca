"""What subjects are counted to hold, against the rows that make it."""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from filemanager.db.bucket.tables import drops
from filemanager.db.quotas.tables import quotas, reservations
from filemanager.db.trees.tables import trees
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.bucket.drop import ANONYMOUS
from filemanager.domain.caller import Owner
from filemanager.domain.quotas import Subject, Unbalanced, Usage, owner_subject

_OWNER = str(owner_subject(Owner("")))
_NOTHING = literal(0, BigInteger)


def _share(
    subject: ColumnElement[str],
    *,
    used: ColumnElement[int] = _NOTHING,
    reserved: ColumnElement[int] = _NOTHING,
    kept: ColumnElement[int] = _NOTHING,
    promised: ColumnElement[int] = _NOTHING,
) -> Select[str, int, int, int, int]:
    return select(
        subject.label("subject"),
        used.label("used"),
        reserved.label("reserved"),
        kept.label("kept"),
        promised.label("promised"),
    )


_SHARES = union_all(
    _share(quotas.c.subject, used=quotas.c.used_bytes, reserved=quotas.c.reserved_bytes),
    _share(reservations.c.subject, promised=reservations.c.size_bytes),
    _share(literal(_OWNER) + workspaces.c.owner, kept=trees.c.kept_bytes).join_from(
        workspaces, trees, workspaces.c.tree_id == trees.c.id
    ),
    _share(
        func.coalesce(literal(_OWNER) + drops.c.owner, literal(str(ANONYMOUS))),
        kept=drops.c.kept_bytes,
    ),
).subquery()

_USED, _RESERVED = func.sum(_SHARES.c.used), func.sum(_SHARES.c.reserved)
_KEPT, _PROMISED = func.sum(_SHARES.c.kept), func.sum(_SHARES.c.promised)
# A workspace's own use stands beside its tree, and is compared with that.
_IS_COMPARED = or_(_SHARES.c.subject.startswith(_OWNER), _SHARES.c.subject == ANONYMOUS)

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
