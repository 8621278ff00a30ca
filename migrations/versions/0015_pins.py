"""Pins, what was pruned around them, and trees that are kept for longer or shorter."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trees", sa.Column("purpose", word(20)))
    op.add_column(
        "trees",
        sa.Column("pruned_through", sa.BigInteger(), nullable=False, server_default="0"),
    )
    # What was pruned so far is not known any more.
    op.execute("UPDATE trees SET pruned_through = revision - 1 WHERE revision > 0")
    op.create_table(
        "pins",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", text(200)),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_pins_tree_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pins"),
        sa.UniqueConstraint("tree_id", "name", name="uq_pins_tree_id"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_pins_tree_id_revision", "pins", ["tree_id", "revision"])


def downgrade() -> None:
    op.drop_table("pins")
    op.drop_column("trees", "pruned_through")
    op.drop_column("trees", "purpose")
