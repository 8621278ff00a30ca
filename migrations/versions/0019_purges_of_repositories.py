"""Packages that nobody is to see again."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "repository_purges"


def upgrade() -> None:
    op.add_column("repository_packages", sa.Column("purged_at", sa.BigInteger()))
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("package_id", NUMBER, nullable=False),
        sa.Column("path", text(700), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("purged_by", text(500), nullable=False),
        sa.Column("purged_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name=f"fk_{TABLE}_tree_id"),
        **MARIADB_TABLE,
    )
    op.create_index(f"ix_{TABLE}_tree_id_path", TABLE, ["tree_id", "path"])
    op.create_index(f"ix_{TABLE}_package_id", TABLE, ["package_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("repository_packages", "purged_at")
