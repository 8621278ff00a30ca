"""Shares, what opens them, who came, and their packs."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("slug", word(64), nullable=False),
        sa.Column("package_id", word(32), nullable=False),
        sa.Column("number", sa.BigInteger()),
        sa.Column("base", text(500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("key", word(64), nullable=False),
        sa.Column("password", word(255)),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("max_visits", sa.BigInteger()),
        sa.Column("visits", sa.BigInteger(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["package_id"], ["data_packages.id"], name="fk_shares_package_id"
        ),
        sa.UniqueConstraint("slug", name="uq_shares_slug"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index("ix_shares_package_id_revoked_at", "shares", ["package_id", "revoked_at"])
    _create_capabilities()
    _create_visits()
    _create_accesses()
    op.create_table(
        "share_packs",
        sa.Column("share_id", NUMBER, primary_key=True),
        sa.Column("kind", word(10), primary_key=True),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("url", text(600), nullable=False),
        sa.Column("refs", sa.Text(), nullable=False),
        _of_share("share_packs"),
        sa.ForeignKeyConstraint(
            ["digest"], ["blobs.digest"], name="fk_share_packs_digest", ondelete="RESTRICT"
        ),
        **MARIADB_TABLE,
    )
    op.create_index("ix_share_packs_digest", "share_packs", ["digest"])
    # DVC and Git LFS ask for items by their digests.
    op.create_index("ix_pointers_sha256", "pointers", ["sha256"])
    op.create_index("ix_pointers_md5", "pointers", ["md5"])
    op.create_index("ix_package_items_tree_id_md5", "package_items", ["tree_id", "md5"])


def _of_share(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["share_id"], ["shares.id"], name=f"fk_{table}_share_id")


def _create_capabilities() -> None:
    table = "share_capabilities"
    op.create_table(
        table,
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("share_id", NUMBER, nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("name", text(200)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        _of_share(table),
        sa.UniqueConstraint("digest", name=f"uq_{table}_digest"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index(f"ix_{table}_share_id", table, ["share_id"])
    op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def _create_visits() -> None:
    table = "share_visits"
    op.create_table(
        table,
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("share_id", NUMBER, nullable=False),
        sa.Column("visitor", word(64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        _of_share(table),
        sa.UniqueConstraint("share_id", "visitor", name=f"uq_{table}_share_id"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index(f"ix_{table}_until", table, ["until"])
    known = "share_known_visitors"
    op.create_table(
        known,
        sa.Column("share_id", NUMBER, primary_key=True),
        sa.Column("visitor", word(64), primary_key=True),
        sa.Column("right_at", sa.BigInteger(), nullable=False),
        _of_share(known),
        **MARIADB_TABLE,
    )
    op.create_index(f"ix_{known}_right_at", known, ["right_at"])


def _create_accesses() -> None:
    table = "share_accesses"
    op.create_table(
        table,
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("share_id", NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.BigInteger()),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("network", word(50), nullable=False),
        _of_share(table),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index(f"ix_{table}_share_id", table, ["share_id"])
    op.create_index(f"ix_{table}_at", table, ["at"])


def downgrade() -> None:
    op.drop_index("ix_package_items_tree_id_md5", "package_items")
    op.drop_index("ix_pointers_md5", "pointers")
    op.drop_index("ix_pointers_sha256", "pointers")
    op.drop_table("share_packs")
    op.drop_table("share_accesses")
    op.drop_table("share_known_visitors")
    op.drop_table("share_visits")
    op.drop_table("share_capabilities")
    op.drop_table("shares")
