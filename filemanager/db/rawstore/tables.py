"""The tables of the rawstore door: the files it knows, and a row to lock for each owner."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.rawstore.path_pattern import MAX_KEY_CHARACTERS

file_owners = Table(
    "file_owners",
    metadata,
    Column("owner", text(500), primary_key=True),
    **MARIADB_TABLE,
)

stored_files = Table(
    "stored_files",
    metadata,
    Column("bucket", word(63), primary_key=True),
    Column("object_name", text(MAX_KEY_CHARACTERS), primary_key=True),
    Column("owner", text(500), ForeignKey("file_owners.owner"), nullable=False),
    Column("findability", word(10), nullable=False),
    Column("dataset_id", text(255)),
    Column("last_flow_id", text(255)),
    Column("flow_ids", LONG_TEXT, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("md5", word(32), nullable=False),
    Column("media_type", word(255), nullable=False),
    Column("state", word(10), nullable=False),
    # What the store held when it was looked at: unlike the above while a new post is awaited.
    Column("held_bytes", BigInteger),
    Column("held_md5", word(32)),
    Column("held_type", word(255)),
    Column("held_findability", word(10)),
    Column("held_version", text(255)),
    Column("counted_bytes", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("looked_at", BigInteger),
    Column("is_final", Boolean, nullable=False),
    Column("lies_at", text(MAX_KEY_CHARACTERS)),
    Column("leaves", text(MAX_KEY_CHARACTERS)),
    Column("revision", BigInteger, nullable=False),
    Index(None, "owner", "dataset_id"),
    Index(None, "owner", "last_flow_id"),
    # All that the sum for an owner's limit needs, so that no row is read for it.
    Index(None, "owner", "findability", "counted_bytes"),
    Index(None, "is_final", "expires_at"),
    Index(None, "bucket", "lies_at"),
    Index(None, "bucket", "leaves"),
    **MARIADB_TABLE,
)
