"""What an owner's raw files count for is summed up from an index alone."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INDEX = "ix_stored_files_owner_findability_counted_bytes"


def upgrade() -> None:
    op.create_index(_INDEX, "stored_files", ["owner", "findability", "counted_bytes"])


def downgrade() -> None:
    op.drop_index(_INDEX, "stored_files")
