"""The tables of uploads: their state, leave to put them, and the objects that bytes wait in."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, FreeText, text, word
from filemanager.db.engine.metadata import metadata

uploads = Table(
    "uploads",
    metadata,
    Column("id", word(32), primary_key=True),
    Column("owner", text(500), nullable=False),
    Column("caller", LONG_TEXT, nullable=False),
    Column("way", word(10), nullable=False),
    Column("target", LONG_TEXT, nullable=False),
    Column("batch", word(64), nullable=False),
    Column("reservation", word(32), nullable=False),
    Column("state", word(10), nullable=False),
    Column("size_bytes", BigInteger),
    Column("received_bytes", BigInteger, nullable=False),
    Column("digest", word(64)),
    Column("is_known", Boolean, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("metadata", LONG_TEXT, nullable=False),
    Column("parts", LONG_TEXT, nullable=False),
    Column("part_bytes", BigInteger),
    Column("store_name", FreeText),
    Column("job_id", word(32)),
    Column("result", LONG_TEXT),
    Column("code", word(100)),
    Column("message", FreeText),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "owner", "batch"),
    Index(None, "expires_at"),
    **MARIADB_TABLE,
)

segments = Table(
    "segments",
    metadata,
    Column("key", word(200), primary_key=True),
    Column("upload_id", word(32), ForeignKey("uploads.id", ondelete="RESTRICT"), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Index(None, "upload_id", "start"),
    **MARIADB_TABLE,
)

leaves = Table(
    "leaves",
    metadata,
    Column("upload_id", word(32), ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("capability", word(64), nullable=False, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("digest", word(64)),
    Column("expires_at", BigInteger, nullable=False),
    **MARIADB_TABLE,
)
