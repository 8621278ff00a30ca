"""The tables of data packages: items and folders live by revisions, pointers are for all."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.trees.tree import MAX_PATH_CHARACTERS

OWNER_CHARACTERS = 500
KEY_CHARACTERS = 1024

data_packages = Table(
    "data_packages",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("id", word(32), nullable=False, unique=True),
    Column("owner", text(OWNER_CHARACTERS), nullable=False),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False, unique=True),
    Column("described", LONG_TEXT, nullable=False),
    Column("items", BigInteger, nullable=False),
    Column("folders", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("text_bytes", BigInteger, nullable=False),
    Column("is_anonymous", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    Index(None, "owner", "number"),
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

# Keys, versions and URLs are longer than what an index holds: `identity` is a digest of them.
pointers = Table(
    "pointers",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("identity", word(64), nullable=False, unique=True),
    Column("kind", word(10), nullable=False),
    Column("source_id", NUMBER, ForeignKey("sources.id")),
    Column("key", text(KEY_CHARACTERS)),
    Column("version", text(1024)),
    Column("etag", text(255)),
    Column("url", text(2000)),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", word(64)),
    Column("md5", word(32)),
    Column("state", word(10), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger),
    Index(None, "source_id"),
    Index(None, "sha256"),
    Index(None, "md5"),
    Index(None, "made_at"),
    **MARIADB_TABLE,
)

package_items = Table(
    "package_items",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    # How many directories it lies in.
    Column("depth", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("position", BigInteger, nullable=False),
    Column("media_type", text(200), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("is_text", Boolean, nullable=False),
    # Of these two there is one.
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT")),
    Column("pointer_id", NUMBER, ForeignKey("pointers.id")),
    Column("md5", word(32)),
    UniqueConstraint("tree_id", "until", "path"),
    Index(None, "tree_id", "since"),
    Index(None, "tree_id", "path"),
    Index(None, "tree_id", "depth", "path"),
    Index(None, "tree_id", "md5"),
    Index(None, "digest"),
    Index(None, "pointer_id"),
    Index(None, "ended_at"),
    **MARIADB_TABLE,
)

package_folders = Table(
    "package_folders",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    UniqueConstraint("tree_id", "until", "path"),
    Index(None, "tree_id", "depth", "path"),
    Index(None, "ended_at"),
    **MARIADB_TABLE,
)

package_versions = Table(
    "package_versions",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("package_number", NUMBER, ForeignKey("data_packages.number"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("pin_id", NUMBER, ForeignKey("pins.id"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("described", LONG_TEXT, nullable=False),
    Column("items", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("pending", BigInteger, nullable=False),
    Column("digest", word(64), nullable=False),
    Column("frozen_at", BigInteger, nullable=False),
    UniqueConstraint("package_number", "number"),
    Index(None, "pin_id"),
    **MARIADB_TABLE,
)

# What had no digests when the version was frozen: it has none there for good.
pending_pointers = Table(
    "package_version_pending",
    metadata,
    Column("version_id", NUMBER, ForeignKey("package_versions.id"), primary_key=True),
    Column("pointer_id", NUMBER, ForeignKey("pointers.id"), primary_key=True),
    Index(None, "pointer_id"),
    **MARIADB_TABLE,
)

package_directories = Table(
    "package_directories",
    metadata,
    Column("version_id", NUMBER, ForeignKey("package_versions.id"), primary_key=True),
    Column("path", text(MAX_PATH_CHARACTERS), primary_key=True),
    Column("items", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    **MARIADB_TABLE,
)

package_works = Table(
    "package_works",
    metadata,
    Column("job_id", word(32), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("package_number", NUMBER, ForeignKey("data_packages.number"), nullable=False),
    Column("kind", word(10), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index(None, "package_number"),
    **MARIADB_TABLE,
)

saved_hashes = Table(
    "pointer_hashes",
    metadata,
    Column("pointer_id", NUMBER, ForeignKey("pointers.id"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("made_by", word(200), nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("md5", LargeBinary, nullable=False),
    **MARIADB_TABLE,
)

hash_slots = Table(
    "hash_slots",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("source_id", NUMBER, ForeignKey("sources.id"), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("claim", word(32), nullable=False),
    Column("until", BigInteger, nullable=False),
    UniqueConstraint("source_id", "slot"),
    **MARIADB_TABLE,
)
