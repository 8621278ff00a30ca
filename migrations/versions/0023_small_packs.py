"""Packs that lie in rows."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import word

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "small_packs",
        sa.Column("key", word(200), primary_key=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        **MARIADB_TABLE,
    )


def downgrade() -> None:
    op.drop_table("small_packs")
