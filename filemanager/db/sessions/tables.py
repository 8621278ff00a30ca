"""The tables of sessions: the digests of secrets, and who they stand for."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, NUMBER, word
from filemanager.db.engine.metadata import metadata

sessions = Table(
    "web_sessions",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("digest", word(64), nullable=False, unique=True),
    # JSON.
    Column("caller", LONG_TEXT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Index(None, "seen_at"),
    Index(None, "ends_at"),
    # A token names its session by the id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

handovers = Table(
    "web_handovers",
    metadata,
    Column("digest", word(64), primary_key=True),
    # JSON.
    Column("caller", LONG_TEXT, nullable=False),
    Column("session_ends_at", BigInteger),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
    **MARIADB_TABLE,
)

tokens = Table(
    "web_tokens",
    metadata,
    Column("digest", word(64), primary_key=True),
    Column("session_id", NUMBER, ForeignKey("web_sessions.id"), nullable=False),
    # JSON.
    Column("caller", LONG_TEXT, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Index(None, "session_id"),
    Index(None, "ends_at"),
    **MARIADB_TABLE,
)
