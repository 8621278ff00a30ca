"""Repositories: packages, pages and indexes of what is published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RECORD = sa.Text().with_variant(mysql.LONGTEXT(), "mysql")
BODY = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql")
BLOB = "blobs.digest"


def key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name=f"fk_{table}_tree_id")


def lives() -> list[sa.Column]:
    return [
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "repositories",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("path", word(260), nullable=False),
        sa.Column("base", word(10), nullable=False),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("visibility", word(10), nullable=False),
        sa.Column("pushes", sa.BigInteger(), nullable=False),
        sa.Column("published_through", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger()),
        sa.Column("dated_at", sa.BigInteger()),
        key("repositories"),
        sa.UniqueConstraint("path", name="uq_repositories_path"),
        sa.UniqueConstraint("tree_id", name="uq_repositories_tree_id"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "repository_packages",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("living", sa.BigInteger(), nullable=False),
        sa.Column("name", word(255), nullable=False),
        sa.Column("version", word(255), nullable=False),
        sa.Column("arch", word(64), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("product", word(64), nullable=False),
        sa.Column("record", RECORD, nullable=False),
        sa.Column("signed_by", word(255), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", text(500), nullable=False),
        sa.Column("removed_at", sa.BigInteger()),
        *lives(),
        sa.Column("ended_at", sa.BigInteger()),
        key("repository_packages"),
        sa.UniqueConstraint(
            "tree_id", "living", "name", "version", "arch", name="uq_repository_packages_tree_id"
        ),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_table(
        "repository_files",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("package_id", NUMBER, nullable=False),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("path", text(700), nullable=False),
        sa.Column("digest", word(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["repository_packages.id"],
            name="fk_repository_files_package_id",
            ondelete="CASCADE",
        ),
        key("repository_files"),
        sa.ForeignKeyConstraint(
            ["digest"], [BLOB], name="fk_repository_files_digest", ondelete="RESTRICT"
        ),
        **MARIADB_TABLE,
    )
    op.create_table(
        "repository_pages",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("file", word(255), nullable=False),
        sa.Column("first_key", word(256), nullable=False),
        *lives(),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("body", BODY, nullable=False),
        key("repository_pages"),
        sa.UniqueConstraint(
            "tree_id", "until", "file", "first_key", name="uq_repository_pages_tree_id"
        ),
        **MARIADB_TABLE,
    )
    op.create_table(
        "repository_indexes",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("path", word(500), nullable=False),
        sa.Column("file", word(255), nullable=False),
        sa.Column("form", word(10), nullable=False),
        *lives(),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("md5", word(32), nullable=False),
        sa.Column("sha1", word(40), nullable=False),
        sa.Column("sha256", word(64), nullable=False),
        key("repository_indexes"),
        sa.UniqueConstraint("tree_id", "until", "path", name="uq_repository_indexes_tree_id"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "repository_publications",
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_through", sa.BigInteger(), nullable=False),
        key("repository_publications"),
        sa.PrimaryKeyConstraint("tree_id", "revision", name="pk_repository_publications"),
        **MARIADB_TABLE,
    )
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


INDEXES = (
    ("repository_packages", ("tree_id", "since")),
    ("repository_packages", ("tree_id", "until", "removed_at")),
    ("repository_packages", ("ended_at",)),
    ("repository_files", ("package_id",)),
    ("repository_files", ("tree_id", "path")),
    ("repository_files", ("digest",)),
    ("repository_pages", ("tree_id", "file", "since")),
    ("repository_pages", ("ended_at",)),
    ("repository_indexes", ("tree_id", "path", "since")),
    ("repository_indexes", ("tree_id", "sha256")),
    ("repository_indexes", ("ended_at",)),
)


def downgrade() -> None:
    for table in (
        "repository_publications",
        "repository_indexes",
        "repository_pages",
        "repository_files",
        "repository_packages",
        "repositories",
    ):
        op.drop_table(table)
