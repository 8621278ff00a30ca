"""When what lay in the bucket of a repository was taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("repositories", sa.Column("synced_at", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("repositories", "synced_at")
