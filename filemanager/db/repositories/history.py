"""The past of packages: what publications changed, and what lived at a revision."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Column, Connection, and_, bindparam, func, or_, select

from filemanager.db.engine.statements import chunks
from filemanager.db.repositories.reading import OF_TREE, found
from filemanager.db.repositories.tables import packages
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.repositories.history import ChangeCount, PackageChangeQuery, Restoration
from filemanager.domain.repositories.repository import Package, PackageId

_LIVING = 0
_CAME = and_(
    packages.c.since > bindparam("old"),
    packages.c.since <= bindparam("new"),
    packages.c.until > bindparam("new"),
)
_WENT = and_(
    packages.c.since <= bindparam("old"),
    packages.c.until > bindparam("old"),
    packages.c.until <= bindparam("new"),
)
_CHANGED = OF_TREE.where(or_(_CAME, _WENT)).order_by(packages.c.id)
_THEN = and_(
    packages.c.purged_at.is_(None),
    packages.c.since <= bindparam("revision"),
    packages.c.until > bindparam("revision"),
)
_IDS = select(packages.c.id).where(packages.c.tree_id == bindparam("tree")).order_by(packages.c.id)
_GONE = _IDS.where(packages.c.living == _LIVING, packages.c.since > bindparam("revision"))
_BACK = _IDS.where(packages.c.living != _LIVING, _THEN)
_ALIVE = _IDS.where(_THEN)


def changed_between(
    connection: Connection, tree_id: TreeId, query: PackageChangeQuery
) -> Sequence[Package]:
    statement = _CHANGED.where(packages.c.id > (query.after or 0)).limit(query.limit)
    return found(connection, statement, tree=tree_id, old=query.old, new=query.new)


def change_counts(
    connection: Connection, tree_id: TreeId, revisions: Collection[Revision]
) -> Mapping[Revision, ChangeCount]:
    came = _counted(connection, packages.c.since, tree_id, revisions)
    went = _counted(connection, packages.c.until, tree_id, revisions)
    return {
        revision: ChangeCount(came=came[revision], went=went[revision]) for revision in came | went
    }


def alive_at(connection: Connection, tree_id: TreeId, revision: Revision) -> Sequence[PackageId]:
    values = {"tree": tree_id, "revision": revision}
    return tuple(map(PackageId, connection.scalars(_ALIVE, values)))


def restoration(connection: Connection, tree_id: TreeId, revision: Revision) -> Restoration:
    values = {"tree": tree_id, "revision": revision}
    gone, back = (
        tuple(map(PackageId, connection.scalars(statement, values))) for statement in (_GONE, _BACK)
    )
    return Restoration(gone=gone, back=back)


def _counted(
    connection: Connection,
    moment: Column[int],
    tree_id: TreeId,
    revisions: Collection[Revision],
) -> Counter[Revision]:
    counts: Counter[Revision] = Counter()
    for chunk in chunks(sorted(revisions)):
        statement = (
            select(moment, func.count())
            .where(packages.c.tree_id == tree_id, moment.in_(chunk))
            .group_by(moment)
        )
        for revision, count in connection.execute(statement):
            counts[Revision(revision)] += int(count)
    return counts
