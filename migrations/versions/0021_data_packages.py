"""Data packages: items, folders, pointers and versions."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import LONG_TEXT
from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def number(name: str, *, is_optional: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=is_optional)


def key(table: str, column: str, other: str, ondelete: str | None = None) -> sa.Constraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [other], name=name, ondelete=ondelete)


def lives() -> list[sa.Column]:
    return [number("since"), number("until"), number("ended_at", is_optional=True)]


def upgrade() -> None:
    op.create_table(
        "data_packages",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", word(32), nullable=False),
        sa.Column("owner", text(500), nullable=False),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("described", LONG_TEXT, nullable=False),
        number("items"),
        number("folders"),
        number("size_bytes"),
        number("text_bytes"),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        number("created_at"),
        number("changed_at"),
        number("deleted_at", is_optional=True),
        key("data_packages", "tree_id", "trees.id"),
        sa.UniqueConstraint("id", name="uq_data_packages_id"),
        sa.UniqueConstraint("tree_id", name="uq_data_packages_tree_id"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_table(
        "pointers",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("identity", word(64), nullable=False),
        sa.Column("kind", word(10), nullable=False),
        sa.Column("source_id", NUMBER),
        sa.Column("key", text(1024)),
        sa.Column("version", text(1024)),
        sa.Column("etag", text(255)),
        sa.Column("url", text(2000)),
        number("size_bytes"),
        sa.Column("sha256", word(64)),
        sa.Column("md5", word(32)),
        sa.Column("state", word(10), nullable=False),
        number("made_at"),
        number("checked_at", is_optional=True),
        key("pointers", "source_id", "sources.id"),
        sa.UniqueConstraint("identity", name="uq_pointers_identity"),
        **MARIADB_TABLE,
    )
    create_lives()
    create_versions()
    create_work()
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def create_lives() -> None:
    op.create_table(
        "package_items",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("path", text(700), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        *lives(),
        number("position"),
        sa.Column("media_type", text(200), nullable=False),
        number("size_bytes"),
        sa.Column("is_text", sa.Boolean(), nullable=False),
        sa.Column("digest", word(64)),
        sa.Column("pointer_id", NUMBER),
        sa.Column("md5", word(32)),
        key("package_items", "tree_id", "trees.id"),
        key("package_items", "digest", "blobs.digest", "RESTRICT"),
        key("package_items", "pointer_id", "pointers.id"),
        sa.UniqueConstraint("tree_id", "until", "path", name="uq_package_items_tree_id"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "package_folders",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("path", text(700), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        *lives(),
        key("package_folders", "tree_id", "trees.id"),
        sa.UniqueConstraint("tree_id", "until", "path", name="uq_package_folders_tree_id"),
        **MARIADB_TABLE,
    )


def create_versions() -> None:
    op.create_table(
        "package_versions",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("package_number", NUMBER, nullable=False),
        number("number"),
        sa.Column("pin_id", NUMBER, nullable=False),
        number("revision"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("described", LONG_TEXT, nullable=False),
        number("items"),
        number("size_bytes"),
        number("pending"),
        sa.Column("digest", word(64), nullable=False),
        number("frozen_at"),
        key("package_versions", "package_number", "data_packages.number"),
        key("package_versions", "pin_id", "pins.id"),
        sa.UniqueConstraint("package_number", "number", name="uq_package_versions_package_number"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "package_version_pending",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("pointer_id", NUMBER, nullable=False),
        key("package_version_pending", "version_id", "package_versions.id"),
        key("package_version_pending", "pointer_id", "pointers.id"),
        sa.PrimaryKeyConstraint("version_id", "pointer_id", name="pk_package_version_pending"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "package_directories",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("path", text(700), nullable=False),
        number("items"),
        number("size_bytes"),
        key("package_directories", "version_id", "package_versions.id"),
        sa.PrimaryKeyConstraint("version_id", "path", name="pk_package_directories"),
        **MARIADB_TABLE,
    )


def create_work() -> None:
    op.create_table(
        "package_works",
        sa.Column("job_id", word(32), nullable=False),
        sa.Column("package_number", NUMBER, nullable=False),
        sa.Column("kind", word(10), nullable=False),
        number("revision"),
        key("package_works", "job_id", "jobs.id", "CASCADE"),
        key("package_works", "package_number", "data_packages.number"),
        sa.PrimaryKeyConstraint("job_id", name="pk_package_works"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "pointer_hashes",
        sa.Column("pointer_id", NUMBER, nullable=False),
        number("position"),
        sa.Column("made_by", word(200), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("md5", sa.LargeBinary(), nullable=False),
        key("pointer_hashes", "pointer_id", "pointers.id"),
        sa.PrimaryKeyConstraint("pointer_id", name="pk_pointer_hashes"),
        **MARIADB_TABLE,
    )
    op.create_table(
        "hash_slots",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("claim", word(32), nullable=False),
        number("until"),
        key("hash_slots", "source_id", "sources.id"),
        sa.UniqueConstraint("source_id", "slot", name="uq_hash_slots_source_id"),
        **MARIADB_TABLE,
    )


INDEXES = (
    ("data_packages", ("owner", "number")),
    ("pointers", ("source_id",)),
    ("pointers", ("made_at",)),
    ("package_items", ("tree_id", "since")),
    ("package_items", ("tree_id", "path")),
    ("package_items", ("tree_id", "depth", "path")),
    ("package_items", ("digest",)),
    ("package_items", ("pointer_id",)),
    ("package_items", ("ended_at",)),
    ("package_folders", ("tree_id", "depth", "path")),
    ("package_folders", ("ended_at",)),
    ("package_versions", ("pin_id",)),
    ("package_version_pending", ("pointer_id",)),
    ("package_works", ("package_number",)),
)


def downgrade() -> None:
    for table in (
        "hash_slots",
        "pointer_hashes",
        "package_works",
        "package_directories",
        "package_version_pending",
        "package_versions",
        "package_folders",
        "package_items",
        "pointers",
        "data_packages",
    ):
        op.drop_table(table)
