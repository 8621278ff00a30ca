"""The first tables: workspaces and their trees, blobs, checkpoints, logs, the schedule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The types as they were at this revision: a migration does not change when the models do.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
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
        "trees",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("next_position", sa.BigInteger(), nullable=False),
        sa.Column("next_ordinal", sa.BigInteger(), nullable=False),
        sa.Column("source_bytes", sa.BigInteger(), nullable=False),
        sa.Column("ancillary_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content_bytes", sa.BigInteger(), nullable=False),
        sa.Column("checksum", word(24)),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trees"),
        **MARIADB_TABLE,
    )

    op.create_table(
        "workspaces",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("owner", text(500), nullable=False),
        sa.Column("status", word(10), nullable=False),
        sa.Column("locked_by", sa.Text()),
        sa.Column("lock_reason", sa.Text()),
        sa.Column("lock_expires_at", sa.BigInteger()),
        sa.Column("source_format", word(10), nullable=False),
        sa.Column("readiness", word(20), nullable=False),
        sa.Column("profile", text(100), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("metadata", LONG_TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_workspaces_tree_id"),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("tree_id", name="uq_workspaces_tree_id"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_workspaces_owner_id", "workspaces", ["owner", "id"])

    op.create_table(
        "objects",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("key", word(200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("dead_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_objects"),
        sa.UniqueConstraint("key", name="uq_objects_key"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_objects_dead_at", "objects", ["dead_at"])

    op.create_table(
        "blobs",
        sa.Column("digest", word(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("encoding", word(10), nullable=False),
        sa.Column("encoder", word(40), nullable=False),
        sa.Column("object_id", NUMBER),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("stored_crc32", sa.BigInteger(), nullable=False),
        sa.Column("wanted_at", sa.BigInteger(), nullable=False),
        sa.Column("quarantined_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["object_id"], ["objects.id"], name="fk_blobs_object_id", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_blobs"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_blobs_object_id", "blobs", ["object_id"])
    op.create_index("ix_blobs_quarantined_at", "blobs", ["quarantined_at"])

    op.create_table(
        "blob_facts",
        sa.Column("digest", word(64), nullable=False),
        sa.Column("name", word(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["blobs.digest"], name="fk_blob_facts_digest", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "name", name="pk_blob_facts"),
        **MARIADB_TABLE,
    )

    op.create_table(
        "entries",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("area", word(10), nullable=False),
        sa.Column("path", text(700), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", word(20), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("packed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("name_as_sent", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("code", sa.Text()),
        sa.Column("kept_by_owner", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["blobs.digest"], name="fk_entries_digest", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_entries_tree_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("tree_id", "until", "area", "path", name="uq_entries_tree_id"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_entries_tree_id_since", "entries", ["tree_id", "since"])
    op.create_index("ix_entries_tree_id_area_path", "entries", ["tree_id", "area", "path"])
    op.create_index("ix_entries_digest", "entries", ["digest"])
    op.create_index("ix_entries_ended_at", "entries", ["ended_at"])

    op.create_table(
        "findings",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("area", word(10)),
        sa.Column("path", text(701)),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("code", word(100), nullable=False),
        sa.Column("severity", word(10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("persistent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_findings_tree_id"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        **MARIADB_TABLE,
    )
    op.create_index(
        "ix_findings_tree_id_until_area_path", "findings", ["tree_id", "until", "area", "path"]
    )
    op.create_index(
        "ix_findings_tree_id_until_persistent_severity_area",
        "findings",
        ["tree_id", "until", "persistent", "severity", "area"],
    )
    op.create_index("ix_findings_tree_id_since", "findings", ["tree_id", "since"])
    op.create_index("ix_findings_ended_at", "findings", ["ended_at"])

    op.create_table(
        "alterations",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("alteration", word(20), nullable=False),
        sa.Column("code", word(100), nullable=False),
        sa.Column("before_path", sa.Text(), nullable=False),
        sa.Column("after_path", sa.Text()),
        sa.Column("before_digest", word(64)),
        sa.Column("after_digest", word(64)),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_digest"],
            ["blobs.digest"],
            name="fk_alterations_after_digest",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["before_digest"],
            ["blobs.digest"],
            name="fk_alterations_before_digest",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_alterations_tree_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alterations"),
        **MARIADB_TABLE,
    )
    op.create_index(
        "ix_alterations_tree_id_revision_ordinal", "alterations", ["tree_id", "revision", "ordinal"]
    )
    op.create_index("ix_alterations_before_digest", "alterations", ["before_digest"])
    op.create_index("ix_alterations_after_digest", "alterations", ["after_digest"])

    op.create_table(
        "checkpoints",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("checksum", word(24), nullable=False),
        sa.Column("content_bytes", sa.BigInteger(), nullable=False),
        sa.Column("source_format", word(10), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name="fk_checkpoints_tree_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checkpoints"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_checkpoints_tree_id_revision", "checkpoints", ["tree_id", "revision"])

    op.create_table(
        "log_lines",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("workspace_id", NUMBER),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("code", word(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_log_lines_workspace_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_log_lines"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_log_lines_workspace_id_id", "log_lines", ["workspace_id", "id"])

    op.create_table(
        "schedule",
        sa.Column("name", word(100), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedule"),
        **MARIADB_TABLE,
    )

    op.create_table(
        "progress",
        sa.Column("name", word(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_progress"),
        **MARIADB_TABLE,
    )


def downgrade() -> None:
    op.drop_table("progress")
    op.drop_table("schedule")
    op.drop_table("log_lines")
    op.drop_table("checkpoints")
    op.drop_table("alterations")
    op.drop_table("findings")
    op.drop_table("entries")
    op.drop_table("blob_facts")
    op.drop_table("blobs")
    op.drop_table("objects")
    op.drop_table("workspaces")
    op.drop_table("trees")
