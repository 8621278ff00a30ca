"""How long a task is tried."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import word

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("patience", word(10), nullable=False, server_default="bounded")
    )


def downgrade() -> None:
    op.drop_column("outbox", "patience")
