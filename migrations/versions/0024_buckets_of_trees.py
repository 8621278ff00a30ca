"""Checksums say their form; of large trees the buckets that theirs is made of are kept."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The form of the checksums that are there: they stay as they were told.
LINES = "1"


def upgrade() -> None:
    for table in ("trees", "checkpoints"):
        form = sa.Column("checksum_form", sa.SmallInteger(), nullable=False, server_default=LINES)
        op.add_column(table, form)
    op.create_table(
        "tree_buckets",
        sa.Column("tree_id", NUMBER, primary_key=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_tree_buckets_tree_id"),
        **MARIADB_TABLE,
    )
    # Entries get their numbers when the checksum of their tree is next asked for.
    op.add_column(
        "entries", sa.Column("bucket", sa.SmallInteger(), nullable=False, server_default="-1")
    )
    op.create_index("ix_entries_tree_id_bucket_until", "entries", ["tree_id", "bucket", "until"])


def downgrade() -> None:
    # What the version before would make of the content is worked out when it is asked for.
    op.execute("UPDATE trees SET checksum = NULL WHERE checksum_form <> 1")
    op.drop_index("ix_entries_tree_id_bucket_until", "entries")
    op.drop_column("entries", "bucket")
    op.drop_table("tree_buckets")
    for table in ("checkpoints", "trees"):
        op.drop_column(table, "checksum_form")
