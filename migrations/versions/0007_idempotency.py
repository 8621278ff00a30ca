"""What answered a request that may be sent again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MARIADB_TABLE = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
}


def text(length: int) -> sa.types.TypeEngine[str]:
    """Any characters, compared in byte order."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def word(length: int) -> sa.types.TypeEngine[str]:
    """ASCII only."""
    ascii_only = mysql.VARCHAR(length, charset="ascii", collation="ascii_bin")
    return text(length).with_variant(ascii_only, "mysql")


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
