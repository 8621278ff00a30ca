"""Drops, their digests, exploded archives and replicas."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def blob(table: str, column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["blobs.digest"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "explosions",
        sa.Column("archive", word(64), nullable=False),
        sa.Column("tree_id", NUMBER, nullable=False),
        blob("explosions", "archive", "RESTRICT"),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_explosions_tree_id"),
        sa.PrimaryKeyConstraint("archive", name="pk_explosions"),
        sa.UniqueConstraint("tree_id", name="uq_explosions_tree_id"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "drops",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("path", text(700), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("decompressed", word(64)),
        sa.Column("archive", word(64)),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("kept_bytes", sa.BigInteger(), nullable=False),
        sa.Column("owner", text(500)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        blob("drops", "digest", "RESTRICT"),
        blob("drops", "decompressed", "RESTRICT"),
        sa.ForeignKeyConstraint(
            ["archive"], ["explosions.archive"], name="fk_drops_archive", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drops"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    for column in ("digest", "decompressed", "archive", "expires_at"):
        op.create_index(f"ix_drops_{column}", "drops", [column])
    op.create_table(
        "blob_digests",
        sa.Column("algorithm", word(20), nullable=False),
        sa.Column("value", word(128), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        blob("blob_digests", "digest", "CASCADE"),
        sa.PrimaryKeyConstraint("algorithm", "value", name="pk_blob_digests"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_blob_digests_digest", "blob_digests", ["digest"])
    op.create_index("ix_blob_digests_value", "blob_digests", ["value"])
    op.create_table(
        "replicas",
        sa.Column("path", text(700), nullable=False),
        sa.Column("drop_id", NUMBER, nullable=False),
        sa.Column("is_owned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drop_id"], ["drops.id"], name="fk_replicas_drop_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("path", name="pk_replicas"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_replicas_drop_id", "replicas", ["drop_id"])
    op.create_table(
        "rates",
        sa.Column("address", word(100), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", "minute", name="pk_rates"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_rates_minute", "rates", ["minute"])


def downgrade() -> None:
    for table in ("rates", "replicas", "blob_digests", "drops", "explosions"):
        op.drop_table(table)
