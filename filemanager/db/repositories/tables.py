"""The tables of repositories: packages live by rows, what is published by revisions of the tree."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.mysql import LONGBLOB, LONGTEXT

from filemanager.db.engine.columns import MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.trees.tree import MAX_PATH_CHARACTERS

_RECORD = Text().with_variant(LONGTEXT, "mysql")
_BODY = LargeBinary().with_variant(LONGBLOB, "mysql")
NAME_CHARACTERS = 255
KEY_CHARACTERS = NAME_CHARACTERS + 1
"""A page's key is a name behind one character."""

repositories = Table(
    "repositories",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("path", word(260), nullable=False, unique=True),
    Column("base", word(10), nullable=False),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False, unique=True),
    Column("visibility", word(10), nullable=False),
    Column("pushes", BigInteger, nullable=False),
    Column("published_through", BigInteger, nullable=False),
    Column("published_at", BigInteger),
    Column("dated_at", BigInteger),
    # Ids with blanks in between.
    Column("rpm_keys", word(500), nullable=False, server_default=""),
    Column("keep_latest", BigInteger),
    Column("mirrored", BigInteger),
    Column("mirror_begun", BigInteger),
    Column("mirrored_at", BigInteger),
    Column("synced_through", BigInteger),
    **MARIADB_TABLE,
)

# `living` is 0 for a living package, else its own id, so that the unique key works everywhere.
packages = Table(
    "repository_packages",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("living", BigInteger, nullable=False),
    Column("name", word(NAME_CHARACTERS), nullable=False),
    Column("version", word(255), nullable=False),
    Column("arch", word(64), nullable=False),
    Column("digest", word(64), nullable=False),
    Column("product", word(64), nullable=False),
    Column("record", _RECORD, nullable=False),
    Column("signed_by", word(255), nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("added_by", text(500), nullable=False),
    Column("removed_at", BigInteger),
    # The publications that it came and went with; both the sentinel while they are to come.
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("purged_at", BigInteger),
    UniqueConstraint("tree_id", "living", "name", "version", "arch"),
    Index(None, "tree_id", "since"),
    Index(None, "tree_id", "until", "removed_at"),
    Index(None, "ended_at"),
    # A page of a listing is told by its last id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

files = Table(
    "repository_files",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column(
        "package_id",
        NUMBER,
        ForeignKey("repository_packages.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("digest", word(64), ForeignKey("blobs.digest", ondelete="RESTRICT"), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Index(None, "package_id"),
    Index(None, "tree_id", "path"),
    Index(None, "digest"),
    **MARIADB_TABLE,
)

# A row for each file of each package: they outlive the rows of both.
purges = Table(
    "repository_purges",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("package_id", NUMBER, nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("digest", word(64), nullable=False),
    Column("purged_by", text(500), nullable=False),
    Column("purged_at", BigInteger, nullable=False),
    Index(None, "tree_id", "path"),
    Index(None, "package_id"),
    **MARIADB_TABLE,
)

pages = Table(
    "repository_pages",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("file", word(255), nullable=False),
    Column("first_key", word(KEY_CHARACTERS), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("size_bytes", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    Column("body", _BODY, nullable=False),
    UniqueConstraint("tree_id", "until", "file", "first_key"),
    Index(None, "tree_id", "file", "since"),
    Index(None, "ended_at"),
    **MARIADB_TABLE,
)

indexes = Table(
    "repository_indexes",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("path", word(500), nullable=False),
    Column("file", word(255), nullable=False),
    Column("form", word(10), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("size_bytes", BigInteger, nullable=False),
    Column("md5", word(32), nullable=False),
    Column("sha1", word(40), nullable=False),
    Column("sha256", word(64), nullable=False),
    UniqueConstraint("tree_id", "until", "path"),
    Index(None, "tree_id", "path", "since"),
    Index(None, "tree_id", "sha256"),
    Index(None, "ended_at"),
    **MARIADB_TABLE,
)

publications = Table(
    "repository_publications",
    metadata,
    Column("tree_id", NUMBER, ForeignKey("trees.id"), primary_key=True),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("published_at", BigInteger, nullable=False),
    Column("published_through", BigInteger, nullable=False),
    **MARIADB_TABLE,
)

known_objects = Table(
    "repository_known_objects",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("etag", text(255), nullable=False),
    Column("digest", word(64)),
    Column("why", FreeText),
    Column("tries", Integer, nullable=False),
    Column("again_at", BigInteger),
    UniqueConstraint("tree_id", "path"),
    Index(None, "tree_id", "again_at"),
    **MARIADB_TABLE,
)

leftovers = Table(
    "repository_leftovers",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("tree_id", NUMBER, ForeignKey("trees.id"), nullable=False),
    Column("path", text(MAX_PATH_CHARACTERS), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    UniqueConstraint("tree_id", "path"),
    Index(None, "tree_id", "due_at"),
    **MARIADB_TABLE,
)
