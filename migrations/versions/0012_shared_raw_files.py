"""Raw files of several owners may lie at one place."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stored_files", sa.Column("lies_at", text(700)))
    op.add_column("stored_files", sa.Column("leaves", text(700)))
    op.create_index("ix_stored_files_bucket_lies_at", "stored_files", ["bucket", "lies_at"])
    op.create_index("ix_stored_files_bucket_leaves", "stored_files", ["bucket", "leaves"])


def downgrade() -> None:
    op.drop_index("ix_stored_files_bucket_leaves", "stored_files")
    op.drop_index("ix_stored_files_bucket_lies_at", "stored_files")
    op.drop_column("stored_files", "leaves")
    op.drop_column("stored_files", "lies_at")
