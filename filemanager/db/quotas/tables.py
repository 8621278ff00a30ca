"""The tables of quotas: what subjects hold, what is promised, and what they did in a period."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from filemanager.db.engine.columns import MARIADB_TABLE, text, word
from filemanager.db.engine.metadata import metadata

SUBJECT_CHARACTERS = 510

quotas = Table(
    "quotas",
    metadata,
    Column("subject", text(SUBJECT_CHARACTERS), primary_key=True),
    Column("used_bytes", BigInteger, nullable=False),
    Column("reserved_bytes", BigInteger, nullable=False),
    **MARIADB_TABLE,
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", word(32), primary_key=True),
    Column("subject", text(SUBJECT_CHARACTERS), ForeignKey("quotas.subject"), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "subject", "expires_at"),
    Index(None, "expires_at"),
    **MARIADB_TABLE,
)

tallies = Table(
    "tallies",
    metadata,
    Column("subject", text(SUBJECT_CHARACTERS), primary_key=True),
    Column("until", BigInteger, primary_key=True, autoincrement=False),
    Column("used", BigInteger, nullable=False),
    Index(None, "until"),
    **MARIADB_TABLE,
)
