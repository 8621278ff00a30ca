"""What bytes were before a check rewrote them, for as long as the file lives."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import word

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEX = "ix_entries_tree_id_rewritten_in_rewritten_as"


def upgrade() -> None:
    with op.batch_alter_table("entries") as entries:
        entries.add_column(sa.Column("rewritten_in", sa.BigInteger()))
        entries.add_column(sa.Column("rewritten_as", sa.Integer()))
        entries.create_index(_INDEX, ["tree_id", "rewritten_in", "rewritten_as"])
    with op.batch_alter_table("alterations") as alterations:
        alterations.add_column(sa.Column("file", sa.Integer()))
        alterations.add_column(sa.Column("before_kind", word(20)))
        # What was altered before this names no file, so that it keeps nothing.
        alterations.add_column(
            sa.Column("before_bytes", sa.BigInteger(), nullable=False, server_default="0")
        )
        alterations.add_column(
            sa.Column("is_past", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("alterations") as alterations:
        alterations.alter_column("before_bytes", existing_type=sa.BigInteger(), server_default=None)
        alterations.alter_column("is_past", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("alterations") as alterations:
        for name in ("is_past", "before_bytes", "before_kind", "file"):
            alterations.drop_column(name)
    with op.batch_alter_table("entries") as entries:
        entries.drop_index(_INDEX)
        entries.drop_column("rewritten_as")
        entries.drop_column("rewritten_in")
