"""When a bucket was written last, and with which change what lay there was taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("repositories", sa.Column("mirrored_at", sa.BigInteger()))
    op.add_column("repositories", sa.Column("synced_through", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("repositories", "synced_through")
    op.drop_column("repositories", "mirrored_at")
