"""The tables of the bucket: drops, exploded archives, other digests and replicas."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table

from filemanager.db.engine.columns import MARIADB_TABLE, NUMBER, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.bucket.drop import MAX_REPLICA_CHARACTERS
from filemanager.domain.trees.tree import MAX_PATH_CHARACTERS

explosions = Table(
    "explosions",
    metadata,
    Column("archive", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT"), primary_key=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False, unique=True),
    **MARIADB_TABLE,
)

drops = Table(
    "drops",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT"), nullable=False),
    Column("decompressed", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT")),
    Column("archive", word(64), ForeignKey("explosions.archive", ondelete="RESTRICT")),
    Column("size_bytes", BigInteger, nullable=False),
    Column("kept_bytes", BigInteger, nullable=False),
    Column("owner", text(500)),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Index(None, "digest"),
    Index(None, "decompressed"),
    Index(None, "archive"),
    Index(None, "expires_at"),
    # A page of a listing is told by its last id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

# No other unique key: an insertion that meets another on two of them may fail on the wrong one.
blob_digests = Table(
    "blob_digests",
    metadata,
    Column("algorithm", word(20), primary_key=True),
    Column("value", word(128), primary_key=True),
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="CASCADE"), nullable=False),
    Index(None, "digest"),
    Index(None, "value"),
    **MARIADB_TABLE,
)

replicas = Table(
    "replicas",
    metadata,
    Column("path", text(MAX_REPLICA_CHARACTERS), primary_key=True),
    Column("drop_id", NUMBER, ForeignKey("drops.id", ondelete="CASCADE"), nullable=False),
    Column("is_owned", Boolean, nullable=False),
    Index(None, "drop_id"),
    **MARIADB_TABLE,
)
