"""Sessions of the pages, links that hand them over, and tokens of their scripts."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import LONG_TEXT
from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import word

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("caller", LONG_TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("digest", name="uq_web_sessions_digest"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_web_sessions_seen_at", "web_sessions", ["seen_at"])
    op.create_index("ix_web_sessions_ends_at", "web_sessions", ["ends_at"])
    op.create_table(
        "web_handovers",
        sa.Column("digest", word(64), primary_key=True),
        sa.Column("caller", LONG_TEXT, nullable=False),
        sa.Column("session_ends_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        **MARIADB_TABLE,
    )
    op.create_index("ix_web_handovers_expires_at", "web_handovers", ["expires_at"])
    op.create_table(
        "web_tokens",
        sa.Column("digest", word(64), primary_key=True),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("caller", LONG_TEXT, nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["web_sessions.id"], name="fk_web_tokens_session_id"
        ),
        **MARIADB_TABLE,
    )
    op.create_index("ix_web_tokens_session_id", "web_tokens", ["session_id"])
    op.create_index("ix_web_tokens_ends_at", "web_tokens", ["ends_at"])


def downgrade() -> None:
    op.drop_table("web_tokens")
    op.drop_table("web_handovers")
    op.drop_table("web_sessions")
