"""The buckets that a checksum is made of: kept for large trees, made anew where paths changed."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select, union_all, update

from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.engine.statements import chunks, insert_missing
from filemanager.db.trees.queries import CONTENT_AREAS, names_at
from filemanager.db.trees.rows import area_of
from filemanager.db.trees.tables import NO_BUCKET, entries, tree_buckets, trees
from filemanager.domain.ids import Digest, TreeId
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.checksums import Buckets, bucket_of
from filemanager.domain.trees.tree import Tree

_LARGE_FROM = 256
"""Files; to list fewer costs less than to keep their buckets."""

_NUMBERED_AT_ONCE = 5000
"""Entries of before there were buckets, so that the lock on the tree is short."""

# Of a revision that history was pruned of, what has changed since is not known.
_KEPT = (
    select(tree_buckets.c.revision, tree_buckets.c.digests)
    .join(trees, trees.c.id == tree_buckets.c.tree_id)
    .where(trees.c.id == bindparam("tree"), tree_buckets.c.revision > trees.c.pruned_through)
)
_CONTENT = entries.c.area.in_([area.value for area in CONTENT_AREAS])
_PLACES = select(entries.c.area, entries.c.path).where(
    entries.c.tree_id == bindparam("tree"), _CONTENT
)
# Rows whose life has a border between two revisions.
_CHANGED = union_all(
    _PLACES.where(
        entries.c.since > bindparam("first"),
        entries.c.since <= bindparam("last"),
        entries.c.until > bindparam("last"),
    ),
    _PLACES.where(
        entries.c.since <= bindparam("first"),
        entries.c.until > bindparam("first"),
        entries.c.until <= bindparam("last"),
    ),
)
# The sum keeps planners off the index of what began, which most entries of a tree meet.
_NAMES_IN = select(entries.c.bucket, entries.c.area, entries.c.path, entries.c.digest).where(
    entries.c.tree_id == bindparam("tree"),
    entries.c.bucket.in_(bindparam("buckets", expanding=True)),
    entries.c.until > bindparam("revision"),
    entries.c.since + 0 <= bindparam("revision"),
    _CONTENT,
)
_KEEP = (
    update(tree_buckets)
    .where(tree_buckets.c.tree_id == bindparam("tree"))
    .values(revision=bindparam("at"), digests=bindparam("all"))
)
_WITHOUT = (
    select(entries.c.id, entries.c.area, entries.c.path)
    .where(
        entries.c.tree_id == bindparam("tree"),
        entries.c.bucket == NO_BUCKET,
        entries.c.until == UNTIL_FOREVER,
    )
    .limit(_NUMBERED_AT_ONCE)
)
_NUMBER = (
    update(entries)
    .where(entries.c.id.in_(bindparam("ids", expanding=True)))
    .values(bucket=bindparam("number"))
)


def read_buckets(connection: Connection, tree: Tree) -> Buckets:
    """Of the tree at its revision; what is kept of an earlier or a later one is the start."""
    kept = connection.execute(_KEPT, {"tree": tree.id}).one_or_none() if _is_large(tree) else None
    if kept is None:
        return Buckets.of(names_at(connection, tree.id, tree.revision))
    numbers = _changed(connection, tree, kept.revision)
    buckets = Buckets(bytes(kept.digests))
    return buckets.renewed(_names_in(connection, tree, numbers)) if numbers else buckets


def keep_buckets(connection: Connection, tree: Tree, buckets: Buckets) -> None:
    """Keep those of a large tree for the next one who asks."""
    if not _is_large(tree):
        return
    values = {"tree": tree.id, "at": tree.revision, "all": buckets.digests}
    if not connection.execute(_KEEP, values).rowcount:
        row = {"tree_id": tree.id, "revision": tree.revision, "digests": buckets.digests}
        insert_missing(connection, [tree_buckets.c.tree_id], [row])
    _number_entries(connection, tree.id)


def _is_large(tree: Tree) -> bool:
    return sum(map(tree.count, CONTENT_AREAS)) > _LARGE_FROM


def _changed(connection: Connection, tree: Tree, revision: int) -> Collection[int]:
    """The buckets of paths that differ between the two revisions."""
    first, last = sorted((revision, tree.revision))
    rows = connection.execute(_CHANGED, {"tree": tree.id, "first": first, "last": last})
    return {bucket_of(public_path(area_of(area), path)) for area, path in rows}


def _names_in(
    connection: Connection, tree: Tree, numbers: Collection[int]
) -> Mapping[int, Sequence[tuple[str, Digest]]]:
    """Of each bucket; entries that have no number yet are looked through for theirs."""
    wanted = {"tree": tree.id, "revision": tree.revision, "buckets": [NO_BUCKET, *sorted(numbers)]}
    names: dict[int, list[tuple[str, Digest]]] = {number: [] for number in numbers}
    for number, area, path, digest in connection.execute(_NAMES_IN, wanted).all():
        public = public_path(area_of(area), path)
        number_of_path = bucket_of(public) if number == NO_BUCKET else number
        if number_of_path in names:
            names[number_of_path].append((public, digest))
    return names


def _number_entries(connection: Connection, tree_id: TreeId) -> None:
    found: dict[int, list[int]] = {}
    for key, area, path in connection.execute(_WITHOUT, {"tree": tree_id}):
        found.setdefault(bucket_of(public_path(area_of(area), path)), []).append(key)
    for number, ids in found.items():
        for chunk in chunks(ids):
            connection.execute(_NUMBER, {"ids": chunk, "number": number})
