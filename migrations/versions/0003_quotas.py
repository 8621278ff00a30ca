"""What owners and workspaces hold, and what is promised."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quotas",
        sa.Column("subject", text(510), nullable=False),
        sa.Column("used_bytes", sa.BigInteger(), nullable=False),
        sa.Column("reserved_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_quotas"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "reservations",
        sa.Column("id", word(32), nullable=False),
        sa.Column("subject", text(510), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject"], ["quotas.subject"], name="fk_reservations_subject"
        ),
        sa.PrimaryKeyConstraint("id", "subject", name="pk_reservations"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_reservations_subject_expires_at", "reservations", ["subject", "expires_at"])
    op.create_index("ix_reservations_expires_at", "reservations", ["expires_at"])
    with op.batch_alter_table("trees") as trees:
        trees.add_column(
            sa.Column("kept_bytes", sa.BigInteger(), nullable=False, server_default="0")
        )
    count_what_is_kept()
    with op.batch_alter_table("trees") as trees:
        trees.alter_column("kept_bytes", existing_type=sa.BigInteger(), server_default=None)


def count_what_is_kept() -> None:
    """Every row of a tree counts, living or not."""
    op.execute(
        "UPDATE trees SET kept_bytes ="
        " (SELECT COALESCE(SUM(size_bytes), 0) FROM entries WHERE entries.tree_id = trees.id)"
    )
    number = "CHAR" if op.get_bind().dialect.name == "mysql" else "VARCHAR(20)"
    # Strings are joined by CONCAT in MariaDB and, of old, by an operator in SQLite.
    owner, workspace = ("CONCAT('owner:', owner)", f"CONCAT('workspace:', CAST(workspaces.id AS {number}))")
    if op.get_bind().dialect.name == "sqlite":
        owner, workspace = ("'owner:' || owner", f"'workspace:' || CAST(workspaces.id AS {number})")
    for subject in (owner, workspace):
        op.execute(
            "INSERT INTO quotas (subject, used_bytes, reserved_bytes)"
            f" SELECT {subject}, SUM(trees.kept_bytes), 0"
            " FROM workspaces JOIN trees ON trees.id = workspaces.tree_id"
            f" GROUP BY {subject}"
        )


def downgrade() -> None:
    with op.batch_alter_table("trees") as trees:
        trees.drop_column("kept_bytes")
    op.drop_table("reservations")
    op.drop_table("quotas")
