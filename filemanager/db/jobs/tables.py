"""The tables of jobs: the outbox, and what the owners of long work see."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
)

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", word(32), primary_key=True),
    Column("owner", text(500), nullable=False),
    Column("kind", word(60), nullable=False),
    # The scopes that open what it works on, and what these are bound to.
    Column("look_scope", word(60), nullable=False),
    Column("change_scope", word(60), nullable=False),
    Column("resource", text(200)),
    Column("state", word(10), nullable=False),
    Column("progress", Integer, nullable=False),
    Column("doing", FreeText, nullable=False),
    Column("result", LONG_TEXT),
    Column("code", word(100)),
    Column("message", FreeText),
    Column("version", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index(None, "state", "changed_at"),
    Index(None, "owner", "state"),
    **MARIADB_TABLE,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("lane", word(10), nullable=False),
    Column("kind", word(60), nullable=False),
    Column("payload", LONG_TEXT, nullable=False),
    # Many rows without a key do not meet in a unique index, on each of the databases.
    Column("key", text(500), unique=True),
    Column("job_id", word(32), ForeignKey("jobs.id", ondelete="CASCADE")),
    # How often the key was asked for.
    Column("generation", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    # Nodes of a version that knows no patience add tasks too, while others are updated already.
    Column("patience", word(10), nullable=False, server_default="bounded"),
    # While a worker holds the task: when its lease ends.
    Column("due_at", BigInteger, nullable=False),
    Column("claim", word(32)),
    Column("error", FreeText),
    Column("failed_at", BigInteger),
    Index(None, "lane", "failed_at", "due_at"),
    Index(None, "failed_at"),
    Index(None, "job_id"),
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
