"""The tables of idempotency."""

from sqlalchemy import BigInteger, Column, Index, Table

from filemanager.db.engine.columns import MARIADB_TABLE, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.requests.idempotency import MAX_RESULT_CHARACTERS

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", text(500), primary_key=True),
    Column("route", word(100), primary_key=True),
    Column("key", word(255), primary_key=True),
    Column("fingerprint", word(64), nullable=False),
    Column("claim", word(32), nullable=False),
    # None while the attempt runs.
    Column("result", word(MAX_RESULT_CHARACTERS)),
    # Of the lease while the attempt runs, of the result after that.
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
    **MARIADB_TABLE,
)
