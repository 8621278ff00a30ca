"""The files that the rawstore door knows."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import LONG_TEXT
from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_owners",
        sa.Column("owner", text(500), nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_file_owners"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "stored_files",
        sa.Column("bucket", word(63), nullable=False),
        sa.Column("object_name", text(700), nullable=False),
        sa.Column("owner", text(500), nullable=False),
        sa.Column("findability", word(10), nullable=False),
        sa.Column("dataset_id", text(255)),
        sa.Column("last_flow_id", text(255)),
        sa.Column("flow_ids", LONG_TEXT, nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("md5", word(32), nullable=False),
        sa.Column("media_type", word(255), nullable=False),
        sa.Column("state", word(10), nullable=False),
        sa.Column("held_bytes", sa.BigInteger()),
        sa.Column("held_md5", word(32)),
        sa.Column("held_type", word(255)),
        sa.Column("held_findability", word(10)),
        sa.Column("held_version", text(255)),
        sa.Column("counted_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.BigInteger()),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["file_owners.owner"], name="fk_stored_files_owner"
        ),
        sa.PrimaryKeyConstraint("bucket", "object_name", name="pk_stored_files"),
        **MARIADB_TABLE,
    )
    op.create_index(
        "ix_stored_files_owner_dataset_id", "stored_files", ["owner", "dataset_id"]
    )
    op.create_index(
        "ix_stored_files_owner_last_flow_id", "stored_files", ["owner", "last_flow_id"]
    )
    op.create_index(
        "ix_stored_files_is_final_expires_at", "stored_files", ["is_final", "expires_at"]
    )


def downgrade() -> None:
    op.drop_table("stored_files")
    op.drop_table("file_owners")
