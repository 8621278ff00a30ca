"""Digests other than SHA-256 of the bytes in the bucket."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Select, bindparam, exists, select, union

from filemanager.db.bucket.tables import blob_digests, drops, explosions
from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.engine.statements import chunks, insert_missing
from filemanager.db.trees.tables import entries
from filemanager.domain.ids import Digest

_KNOWN = select(blob_digests.c.digest, blob_digests.c.value).where(
    blob_digests.c.algorithm == bindparam("name"),
    blob_digests.c.digest.in_(bindparam("digests", expanding=True)),
)
_KEY = (blob_digests.c.algorithm, blob_digests.c.value)


def every_blob(after: Digest | None) -> Select[str]:
    """Each digest in the bucket once, in order, behind *after*."""
    behind = after or ""
    of_members = (
        select(entries.c.digest)
        .join(explosions, explosions.c.tree_id == entries.c.tree_id)
        .where(entries.c.until == UNTIL_FOREVER, entries.c.digest > behind)
    )
    found = union(
        select(drops.c.digest).where(drops.c.digest > behind),
        select(drops.c.decompressed).where(drops.c.decompressed > behind),
        of_members,
    ).subquery()
    return select(found.c.digest).order_by(found.c.digest)


def note(
    connection: Connection, algorithm: str, values: Mapping[Digest, str]
) -> Mapping[Digest, str]:
    """In the order of the keys, so that no two transactions wait for each other."""
    ordered = sorted((value, digest) for digest, value in values.items())
    rows = [{"algorithm": algorithm, "value": v, "digest": digest} for v, digest in ordered]
    are_new = [insert_missing(connection, _KEY, chunk) for chunk in chunks(rows)]
    return values if all(are_new) else known(connection, algorithm, list(values))


def known(connection: Connection, algorithm: str, digests: Sequence[Digest]) -> dict[Digest, str]:
    found: dict[Digest, str] = {}
    for chunk in chunks(digests):
        rows = connection.execute(_KNOWN, {"name": algorithm, "digests": chunk})
        found.update((Digest(digest), value) for digest, value in rows)
    return found


def find(connection: Connection, value: str) -> tuple[str, Digest] | None:
    statement = (
        select(blob_digests.c.algorithm, blob_digests.c.digest)
        .where(blob_digests.c.value == value)
        .order_by(blob_digests.c.algorithm)
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (row[0], Digest(row[1]))


def unknown(
    connection: Connection, algorithm: str, after: Digest | None, limit: int
) -> Sequence[Digest]:
    every = every_blob(after).subquery()
    is_known = exists().where(
        blob_digests.c.digest == every.c.digest, blob_digests.c.algorithm == algorithm
    )
    statement = select(every.c.digest).where(~is_known).order_by(every.c.digest).limit(limit)
    return [Digest(digest) for digest in connection.scalars(statement)]
