"""Sources that packages point into, and owners whose shares open nothing."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import LONG_TEXT
from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("name", word(63), nullable=False),
        sa.Column("living", sa.BigInteger(), nullable=False),
        sa.Column("kind", word(10), nullable=False),
        sa.Column("place", LONG_TEXT, nullable=False),
        sa.Column("readers", LONG_TEXT, nullable=False),
        sa.Column("probe", LONG_TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("is_declared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger()),
        sa.UniqueConstraint("name", "living", name="uq_sources_name"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_table(
        "blocked_owners",
        sa.Column("owner", text(500), primary_key=True),
        sa.Column("blocked_at", sa.BigInteger(), nullable=False),
        **MARIADB_TABLE,
    )


def downgrade() -> None:
    op.drop_table("blocked_owners")
    op.drop_table("sources")
