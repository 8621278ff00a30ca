"""The tables of shares: what opens a package, who came, and the repositories made of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
)

from filemanager.db.engine.columns import MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata

SLUG_CHARACTERS = 64
AGENT_CHARACTERS = 300

shares = Table(
    "shares",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("slug", word(SLUG_CHARACTERS), nullable=False, unique=True),
    Column("package_id", word(32), ForeignKey("data_packages.id"), nullable=False),
    Column("number", BigInteger),
    Column("base", text(500), nullable=False),
    Column("description", FreeText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # In hex.
    Column("key", word(64), nullable=False),
    Column("password", word(255)),
    Column("expires_at", BigInteger),
    Column("max_visits", BigInteger),
    Column("visits", BigInteger, nullable=False),
    Column("is_listed", Boolean, nullable=False),
    # JSON: owners.
    Column("audience", Text, nullable=False),
    Column("revoked_at", BigInteger),
    Index(None, "package_id", "revoked_at"),
    # A page of a listing is told by its last id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

capabilities = Table(
    "share_capabilities",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("share_id", NUMBER, ForeignKey("shares.id"), nullable=False),
    Column("digest", word(64), nullable=False, unique=True),
    Column("name", text(200)),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Index(None, "share_id"),
    Index(None, "expires_at"),
    # Visits know a capability by its id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

visits = Table(
    "share_visits",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("share_id", NUMBER, ForeignKey("shares.id"), nullable=False),
    Column("visitor", word(64), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    UniqueConstraint("share_id", "visitor"),
    Index(None, "until"),
    # The log names visits that are forgotten, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

known_visitors = Table(
    "share_known_visitors",
    metadata,
    Column("share_id", NUMBER, ForeignKey("shares.id"), primary_key=True),
    Column("visitor", word(64), primary_key=True),
    Column("right_at", BigInteger, nullable=False),
    Index(None, "right_at"),
    **MARIADB_TABLE,
)

accesses = Table(
    "share_accesses",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("share_id", NUMBER, ForeignKey("shares.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("item", FreeText, nullable=False),
    Column("visit_id", BigInteger),
    Column("size_bytes", BigInteger),
    Column("agent", FreeText, nullable=False),
    Column("network", word(50), nullable=False),
    Index(None, "share_id"),
    Index(None, "at"),
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

packs = Table(
    "share_packs",
    metadata,
    Column("share_id", NUMBER, ForeignKey("shares.id"), primary_key=True),
    Column("kind", word(10), primary_key=True),
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT"), nullable=False),
    Column("url", text(600), nullable=False),
    # JSON: names and commits.
    Column("refs", Text, nullable=False),
    Index(None, "digest"),
    **MARIADB_TABLE,
)
