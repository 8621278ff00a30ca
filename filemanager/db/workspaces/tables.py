"""The tables of workspaces, their checkpoints and log lines."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
)

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata

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


checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("description", FreeText),
    Column("checksum", word(24), nullable=False),
    Column("checksum_form", SmallInteger, nullable=False, server_default="1"),
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
