"""Uploads on their way in, and their segments."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import LONG_TEXT
from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", word(32), nullable=False),
        sa.Column("owner", text(500), nullable=False),
        sa.Column("caller", LONG_TEXT, nullable=False),
        sa.Column("way", word(10), nullable=False),
        sa.Column("target", LONG_TEXT, nullable=False),
        sa.Column("batch", word(64), nullable=False),
        sa.Column("reservation", word(32), nullable=False),
        sa.Column("state", word(10), nullable=False),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", word(64)),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("metadata", LONG_TEXT, nullable=False),
        sa.Column("parts", LONG_TEXT, nullable=False),
        sa.Column("part_bytes", sa.BigInteger()),
        sa.Column("store_name", sa.Text()),
        sa.Column("job_id", word(32)),
        sa.Column("result", LONG_TEXT),
        sa.Column("code", word(100)),
        sa.Column("message", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_uploads_owner_batch", "uploads", ["owner", "batch"])
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"])
    op.create_table(
        "segments",
        sa.Column("key", word(200), nullable=False),
        sa.Column("upload_id", word(32), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name="fk_segments_upload_id", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_segments"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_segments_upload_id_start", "segments", ["upload_id", "start"])
    op.create_table(
        "leaves",
        sa.Column("upload_id", word(32), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("capability", word(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", word(64)),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name="fk_leaves_upload_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "start", name="pk_leaves"),
        sa.UniqueConstraint("capability", name="uq_leaves_capability"),
        **MARIADB_TABLE,
    )


def downgrade() -> None:
    op.drop_table("leaves")
    op.drop_table("segments")
    op.drop_table("uploads")
