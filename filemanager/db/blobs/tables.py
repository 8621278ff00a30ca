"""The tables of objects, blobs and what is known of blobs."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
)

from filemanager.db.engine.columns import MARIADB_TABLE, NUMBER, FreeText, word
from filemanager.db.engine.metadata import metadata

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


small_packs = Table(
    "small_packs",
    metadata,
    Column("key", word(200), primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    **MARIADB_TABLE,
)
"""Objects that lie here and not in the store. They have rows among the objects, too."""


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
    Column("md5", word(32)),
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
