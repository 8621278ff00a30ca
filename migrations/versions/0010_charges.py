"""Everything is counted: a least charge, open workspaces, tallies; the MD5 lies with its blob."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LEAST = 4096


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("subject", text(510), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "until", name="pk_tallies"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_tallies_until", "tallies", ["until"])
    # It said what addresses did in the last minute.
    op.drop_table("rates")
    recount(LEAST)
    count_things()
    with op.batch_alter_table("blobs") as blobs:
        blobs.add_column(sa.Column("md5", word(32)))
    op.execute(
        "UPDATE blobs SET md5 = (SELECT value FROM blob_facts"
        " WHERE blob_facts.digest = blobs.digest AND blob_facts.name = 'md5')"
    )
    op.execute("DELETE FROM blob_facts WHERE name = 'md5'")


def recount(least: int) -> None:
    """What trees and drops are charged, and their owners and workspaces for it."""
    connection = op.get_bind()
    size = f"CASE WHEN size_bytes < {least} THEN {least} ELSE size_bytes END"
    op.execute(
        "UPDATE trees SET kept_bytes ="
        f" (SELECT COALESCE(SUM({size}), 0) FROM entries WHERE entries.tree_id = trees.id)"
        " + (SELECT COALESCE(SUM(before_bytes), 0) FROM alterations"
        " WHERE alterations.tree_id = trees.id)"
    )
    op.execute(
        f"UPDATE drops SET kept_bytes = ({size})"
        f" + COALESCE((SELECT {size.replace('size_bytes', 'blobs.size_bytes')} FROM blobs"
        " WHERE blobs.digest = drops.decompressed), 0)"
        " + COALESCE((SELECT trees.kept_bytes FROM trees"
        " JOIN explosions ON explosions.tree_id = trees.id"
        " WHERE explosions.archive = drops.archive), 0)"
    )
    used: dict[str, int] = {}
    of_workspaces = (
        "SELECT workspaces.id, workspaces.owner, trees.kept_bytes"
        " FROM workspaces JOIN trees ON trees.id = workspaces.tree_id"
    )
    for key, owner, kept in connection.execute(sa.text(of_workspaces)):
        used[f"workspace:{key}"] = kept
        used[f"owner:{owner}"] = used.get(f"owner:{owner}", 0) + kept
    of_drops = "SELECT owner, SUM(kept_bytes) FROM drops GROUP BY owner"
    for owner, kept in connection.execute(sa.text(of_drops)):
        subject = "bucket:anonymous" if owner is None else f"owner:{owner}"
        used[subject] = used.get(subject, 0) + int(kept)
    save(used)


def count_things() -> None:
    connection = op.get_bind()
    open_ones = "SELECT owner, COUNT(*) FROM workspaces WHERE status != 'DELETED' GROUP BY owner"
    used = {f"open:{owner}": count for owner, count in connection.execute(sa.text(open_ones))}
    anonymous = connection.execute(sa.text("SELECT COUNT(*) FROM drops WHERE owner IS NULL"))
    save(used | {"drops:anonymous": anonymous.scalar_one()})


def save(used: dict[str, int]) -> None:
    """Each a subject and what it uses; new ones are added, and those that use nothing left out."""
    quotas = sa.table(
        "quotas", sa.column("subject"), sa.column("used_bytes"), sa.column("reserved_bytes")
    )
    connection = op.get_bind()
    known = set(connection.scalars(sa.select(quotas.c.subject)))
    changed = [{"of": subject, "now": now} for subject, now in used.items() if subject in known]
    added = [
        {"subject": subject, "used_bytes": now, "reserved_bytes": 0}
        for subject, now in used.items()
        if now and subject not in known
    ]
    if changed:
        change = sa.update(quotas).where(quotas.c.subject == sa.bindparam("of"))
        connection.execute(change.values(used_bytes=sa.bindparam("now")), changed)
    if added:
        connection.execute(sa.insert(quotas), added)


def downgrade() -> None:
    op.execute(
        "INSERT INTO blob_facts (digest, name, value)"
        " SELECT digest, 'md5', md5 FROM blobs WHERE md5 IS NOT NULL"
    )
    with op.batch_alter_table("blobs") as blobs:
        blobs.drop_column("md5")
    op.execute("DELETE FROM quotas WHERE subject LIKE 'open:%' OR subject = 'drops:anonymous'")
    recount(0)
    op.create_table(
        "rates",
        sa.Column("address", word(100), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", "minute", name="pk_rates"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_rates_minute", "rates", ["minute"])
    op.drop_table("tallies")
