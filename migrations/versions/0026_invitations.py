"""Invitations, their guests, and what those handed in."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("slug", word(64), nullable=False),
        sa.Column("owner", text(500), nullable=False),
        sa.Column("inviter", sa.Text(), nullable=False),
        sa.Column("workspace_id", NUMBER),
        sa.Column("profile", word(40)),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("max_files", sa.BigInteger(), nullable=False),
        sa.Column("max_bytes", sa.BigInteger(), nullable=False),
        sa.Column("max_file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("max_guests", sa.BigInteger()),
        sa.Column("max_guest_files", sa.BigInteger()),
        sa.Column("max_guest_bytes", sa.BigInteger()),
        sa.Column("opens_at", sa.BigInteger()),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("password", word(255)),
        sa.Column("guests", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_invitations_workspace_id"
        ),
        sa.UniqueConstraint("slug", name="uq_invitations_slug"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_invitations_owner_revoked_at", "invitations", ["owner", "revoked_at"])
    op.create_index("ix_invitations_workspace_id", "invitations", ["workspace_id"])
    _create_guests()
    op.create_table(
        "invitation_files",
        sa.Column("guest_id", NUMBER, primary_key=True),
        sa.Column("path", text(700), primary_key=True),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sent_path", sa.Text(), nullable=False),
        sa.Column("sent_digest", word(64), nullable=False),
        sa.Column("sent_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name="fk_invitation_files_guest_id"),
        **MARIADB_TABLE,
    )


def _create_guests() -> None:
    op.create_table(
        "guests",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("invitation_id", NUMBER, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("folder", text(255)),
        sa.Column("workspace_id", NUMBER),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name="fk_guests_invitation_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_guests_workspace_id"
        ),
        sa.UniqueConstraint("digest", name="uq_guests_digest"),
        sa.UniqueConstraint("invitation_id", "number", name="uq_guests_invitation_id"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_guests_workspace_id", "guests", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("invitation_files")
    op.drop_table("guests")
    op.drop_table("invitations")
