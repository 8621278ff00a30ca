"""What answered a request that may be sent again."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", text(500), nullable=False),
        sa.Column("route", word(100), nullable=False),
        sa.Column("key", word(255), nullable=False),
        sa.Column("fingerprint", word(64), nullable=False),
        sa.Column("claim", word(32), nullable=False),
        sa.Column("result", word(100)),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "route", "key", name="pk_idempotency_keys"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])


def downgrade() -> None:
    op.drop_table("idempotency_keys")
