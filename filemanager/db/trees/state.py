"""The row of a tree, read before a revision is made and written after it."""

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, update

from filemanager.db.trees.lives import Step
from filemanager.db.trees.rows import TREE_COLUMNS, TreeState, counts_text, state_of, tree_of
from filemanager.db.trees.tables import trees
from filemanager.db.trees.totals import Totals
from filemanager.domain.ids import Checksum, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.tree import Tree

_READ = select(*TREE_COLUMNS, trees.c.next_position, trees.c.next_ordinal).where(
    trees.c.id == bindparam("tree")
)
# PostgreSQL: the keys do not change, so that rows which refer to them are not held up.
_LOCK = select(*TREE_COLUMNS).where(trees.c.id == bindparam("tree")).with_for_update(key_share=True)
_WRITE = update(trees).where(trees.c.id == bindparam("tree"))
_WRITE_UNMOVED = _WRITE.where(trees.c.revision == bindparam("unmoved"))


def lock(connection: Connection, tree_id: TreeId) -> Tree:
    return tree_of(tuple(connection.execute(_LOCK, {"tree": tree_id}).one()))


def read_state(connection: Connection, tree_id: TreeId) -> TreeState:
    return state_of(connection.execute(_READ, {"tree": tree_id}).one())


def write_state(step: Step, before: TreeState, totals: Totals) -> Tree:
    """Write the new revision with *totals* and return its row; the counters are *before*'s."""
    tree = replace(
        before.tree,
        revision=step.revision,
        source_bytes=totals.sizes[Area.SOURCE],
        ancillary_bytes=totals.sizes[Area.ANCILLARY],
        content_bytes=totals.content_bytes,
        kept_bytes=totals.kept_bytes,
        checksum=None,
        checksum_form=ChecksumForm.BUCKETS,
        counts=totals.living_counts(),
    )
    values = {
        "revision": tree.revision,
        "source_bytes": tree.source_bytes,
        "ancillary_bytes": tree.ancillary_bytes,
        "content_bytes": tree.content_bytes,
        "kept_bytes": tree.kept_bytes,
        "checksum": None,
        "checksum_form": ChecksumForm.BUCKETS,
        "counts": counts_text(tree.counts),
        "next_position": before.next_position,
        "next_ordinal": before.next_ordinal,
    }
    step.connection.execute(_WRITE, {"tree": tree.id} | values)
    return tree


def save_checksum(
    connection: Connection, tree: Tree, checksum: Checksum, form: ChecksumForm
) -> None:
    values = {"tree": tree.id, "unmoved": tree.revision, "checksum": checksum}
    connection.execute(_WRITE_UNMOVED, values | {"checksum_form": form})
