"""The tables. Times are milliseconds since 1970, UTC; lives are ``since <= revision < until``.

Whatever needs a blob refers to it by a foreign key that restricts: that alone keeps it from the
sweeper. What goes with a blob has one that cascades.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from filemanager.db.columns import LONG_TEXT, MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.domain.tree import MAX_PATH_CHARACTERS

DIRECTORY_PATH_CHARACTERS = MAX_PATH_CHARACTERS + 1
"""Findings name a directory with a closing slash."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

trees = Table(
    "trees",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("revision", BigInteger, nullable=False),
    Column("next_position", BigInteger, nullable=False),
    Column("next_ordinal", BigInteger, nullable=False),
    Column("source_bytes", BigInteger, nullable=False),
    Column("ancillary_bytes", BigInteger, nullable=False),
    Column("content_bytes", BigInteger, nullable=False),
    Column("kept_bytes", BigInteger, nullable=False),
    Column("checksum", word(24)),
    Column("counts", Text, nullable=False),
    **MARIADB_TABLE,
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False, unique=True),
    Column("owner", text(500), nullable=False),
    Column("status", word(10), nullable=False),
    Column("locked_by", FreeText),
    Column("lock_reason", FreeText),
    Column("lock_expires_at", BigInteger),
    Column("source_format", word(10), nullable=False),
    Column("readiness", word(20), nullable=False),
    Column("profile", text(100), nullable=False),
    Column("name", FreeText),
    Column("metadata", LONG_TEXT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("completed_at", BigInteger, nullable=False),
    Index(None, "owner", "id"),
    # An id is never given twice, so that an old link cannot open somebody else's workspace.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

objects = Table(
    "objects",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("key", word(200), nullable=False, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("dead_at", BigInteger),
    Index(None, "dead_at"),
    **MARIADB_TABLE,
)

blobs = Table(
    "blobs",
    metadata,
    Column("digest", word(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    Column("encoding", word(10), nullable=False),
    Column("encoder", word(40), nullable=False),
    # Empty blobs lie in no object.
    Column("object_id", NUMBER, ForeignKey("objects.id", ondelete="RESTRICT")),
    Column("offset", BigInteger, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("stored_crc32", BigInteger, nullable=False),
    Column("wanted_at", BigInteger, nullable=False),
    Column("quarantined_at", BigInteger),
    Index(None, "object_id"),
    Index(None, "quarantined_at"),
    **MARIADB_TABLE,
)

blob_facts = Table(
    "blob_facts",
    metadata,
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="CASCADE"), primary_key=True),
    Column("name", word(40), primary_key=True),
    Column("value", FreeText, nullable=False),
    **MARIADB_TABLE,
)

entries = Table(
    "entries",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("area", word(10), nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("position", BigInteger, nullable=False),
    Column("kind", word(20), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("packed_bytes", BigInteger, nullable=False),
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT"), nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    Column("name_as_sent", FreeText),
    Column("reason", FreeText),
    Column("code", FreeText),
    Column("kept_by_owner", Boolean, nullable=False),
    UniqueConstraint("tree_id", "until", "area", "path"),
    Index(None, "tree_id", "since"),
    Index(None, "tree_id", "area", "path"),
    Index(None, "digest"),
    Index(None, "ended_at"),
    **MARIADB_TABLE,
)

findings = Table(
    "findings",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("area", word(10)),
    Column("path", text(DIRECTORY_PATH_CHARACTERS)),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ordinal", BigInteger, nullable=False),
    Column("code", word(100), nullable=False),
    Column("severity", word(10), nullable=False),
    Column("message", FreeText, nullable=False),
    Column("persistent", Boolean, nullable=False),
    Index(None, "tree_id", "until", "area", "path"),
    # Readiness and the end of transient findings are asked for at each upload.
    Index(None, "tree_id", "until", "persistent", "severity", "area"),
    Index(None, "tree_id", "since"),
    Index(None, "ended_at"),
    **MARIADB_TABLE,
)

alterations = Table(
    "alterations",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("alteration", word(20), nullable=False),
    Column("code", word(100), nullable=False),
    Column("before_path", FreeText, nullable=False),
    Column("after_path", FreeText),
    Column("before_digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT")),
    Column("after_digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT")),
    Column("message", FreeText, nullable=False),
    Index(None, "tree_id", "revision", "ordinal"),
    Index(None, "before_digest"),
    Index(None, "after_digest"),
    **MARIADB_TABLE,
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("description", FreeText),
    Column("checksum", word(24), nullable=False),
    Column("content_bytes", BigInteger, nullable=False),
    Column("source_format", word(10), nullable=False),
    Column("created_by", FreeText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "tree_id", "revision"),
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

log_lines = Table(
    "log_lines",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("workspace_id", NUMBER, ForeignKey("workspaces.id")),
    Column("at", BigInteger, nullable=False),
    Column("code", word(100), nullable=False),
    Column("text", FreeText, nullable=False),
    Column("text_bytes", BigInteger, nullable=False),
    Index(None, "workspace_id", "id"),
    # A page of a log is told by its last id, so ids of pruned lines must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

schedule = Table(
    "schedule",
    metadata,
    Column("name", word(100), primary_key=True),
    Column("slot", BigInteger, nullable=False),
    **MARIADB_TABLE,
)

progress = Table(
    "progress",
    metadata,
    Column("name", word(100), primary_key=True),
    Column("value", FreeText, nullable=False),
    **MARIADB_TABLE,
)
