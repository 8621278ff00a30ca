"""The tables of invitations: who asks for files, who came, and what is theirs to see."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from filemanager.db.engine.columns import MARIADB_TABLE, NUMBER, FreeText, text, word
from filemanager.db.engine.metadata import metadata
from filemanager.domain.trees.tree import MAX_PATH_CHARACTERS

SLUG_CHARACTERS = 64

invitations = Table(
    "invitations",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("slug", word(SLUG_CHARACTERS), nullable=False, unique=True),
    Column("owner", text(500), nullable=False),
    # JSON: the owner with the scopes by which files are received.
    Column("inviter", Text, nullable=False),
    Column("workspace_id", NUMBER, ForeignKey("workspaces.id")),
    Column("profile", word(40)),
    Column("title", FreeText, nullable=False),
    Column("message", FreeText, nullable=False),
    # JSON: names.
    Column("asked", Text, nullable=False),
    Column("max_files", BigInteger, nullable=False),
    Column("max_bytes", BigInteger, nullable=False),
    Column("max_file_bytes", BigInteger, nullable=False),
    Column("max_guests", BigInteger),
    Column("max_guest_files", BigInteger),
    Column("max_guest_bytes", BigInteger),
    Column("opens_at", BigInteger),
    Column("closes_at", BigInteger, nullable=False),
    Column("password", word(255)),
    Column("guests", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index(None, "owner", "revoked_at"),
    Index(None, "workspace_id"),
    # A page of a listing is told by its last id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

guests = Table(
    "guests",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("invitation_id", NUMBER, ForeignKey("invitations.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", word(64), nullable=False, unique=True),
    # JSON: names with what was told.
    Column("answers", Text, nullable=False),
    Column("folder", text(255)),
    Column("workspace_id", NUMBER, ForeignKey("workspaces.id")),
    Column("created_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger),
    UniqueConstraint("invitation_id", "number"),
    Index(None, "workspace_id"),
    # Uploads and quotas know a guest by the id, so an id must not come again.
    sqlite_autoincrement=True,
    **MARIADB_TABLE,
)

# The bytes are kept by the workspace: a digest here is what a guest may see of them there, and
# holds no blob.
invitation_files = Table(
    "invitation_files",
    metadata,
    Column("guest_id", NUMBER, ForeignKey("guests.id"), primary_key=True),
    Column("path", text(MAX_PATH_CHARACTERS), primary_key=True),
    Column("digest", word(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sent_path", FreeText, nullable=False),
    Column("sent_digest", word(64), nullable=False),
    Column("sent_bytes", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    **MARIADB_TABLE,
)
