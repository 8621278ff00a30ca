"""What a repository demands of packages, and how many versions it keeps."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import word

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "repositories", sa.Column("rpm_keys", word(500), nullable=False, server_default="")
    )
    op.add_column("repositories", sa.Column("keep_latest", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("repositories", "keep_latest")
    op.drop_column("repositories", "rpm_keys")
