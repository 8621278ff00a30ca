"""The tables of trees: entries, findings and alterations, each with its life."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from filemanager.db.engine.columns import MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.trees.tree import MAX_PATH_CHARACTERS

DIRECTORY_PATH_CHARACTERS = MAX_PATH_CHARACTERS + 1
"""Findings name a directory with a closing slash."""

NO_BUCKET = -1
"""Of an entry that began before there were buckets."""


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
    Column("checksum_form", SmallInteger, nullable=False, server_default="1"),
    Column("counts", Text, nullable=False),
    # Who made it says how long its history is kept; without a word, as that of workspaces.
    Column("purpose", word(20)),
    # Of revisions up to this one, but for the empty one, rows may have been pruned.
    Column("pruned_through", BigInteger, nullable=False, server_default="0"),
    **MARIADB_TABLE,
)


# Of trees with many files, as they were at a revision.
tree_buckets = Table(
    "tree_buckets",
    metadata,
    Column("tree_id", NUMBER, ForeignKey("trees.id"), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("digests", LargeBinary, nullable=False),
    **MARIADB_TABLE,
)


pins = Table(
    "pins",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    # Many pins without a name do not meet in a unique index, on each of the databases.
    Column("name", text(200)),
    Column("created_by", FreeText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("tree_id", "name"),
    Index(None, "tree_id", "revision"),
    sqlite_autoincrement=True,
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
    Column("rewritten_in", BigInteger),
    Column("rewritten_as", Integer),
    Column("bucket", SmallInteger, nullable=False, server_default=str(NO_BUCKET)),
    UniqueConstraint("tree_id", "until", "area", "path"),
    Index(None, "tree_id", "since"),
    Index(None, "tree_id", "area", "path"),
    Index(None, "tree_id", "bucket", "until"),
    Index(None, "digest"),
    Index(None, "ended_at"),
    Index(None, "tree_id", "rewritten_in", "rewritten_as"),
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
    Column("awaits", FreeText),
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
    Column("file", Integer),
    Column("before_bytes", BigInteger, nullable=False),
    Column("before_kind", word(20)),
    Column("is_past", Boolean, nullable=False),
    Index(None, "tree_id", "revision", "ordinal"),
    Index(None, "before_digest"),
    Index(None, "after_digest"),
    **MARIADB_TABLE,
)
