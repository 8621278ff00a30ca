"""The tables of sources, and of owners whose shares open nothing."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, UniqueConstraint

from filemanager.db.engine.columns import LONG_TEXT, MARIADB_TABLE, NUMBER, text, word
from filemanager.db.engine.metadata import metadata

# `living` is 0 for a living source, else its own id, so that its name may be used again.
# `place`, `readers` and `probe` are JSON in ASCII: they are read with every row, and never asked
# for by what is in them.
sources = Table(
    "sources",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("name", word(63), nullable=False),
    Column("living", BigInteger, nullable=False),
    Column("kind", word(10), nullable=False),
    Column("place", LONG_TEXT, nullable=False),
    Column("readers", LONG_TEXT, nullable=False),
    Column("probe", LONG_TEXT, nullable=False),
    Column("sealed", LargeBinary),
    Column("is_declared", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    UniqueConstraint("name", "living"),
    # What seals credentials is bound to the id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

blocked_owners = Table(
    "blocked_owners",
    metadata,
    Column("owner", text(500), primary_key=True),
    Column("blocked_at", BigInteger, nullable=False),
    **MARIADB_TABLE,
)
