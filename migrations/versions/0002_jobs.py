"""The outbox, and the jobs that people watch."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import LONG_TEXT
from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", word(32), nullable=False),
        sa.Column("owner", text(500), nullable=False),
        sa.Column("kind", word(60), nullable=False),
        sa.Column("state", word(10), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("result", LONG_TEXT),
        sa.Column("code", word(100)),
        sa.Column("message", sa.Text()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        **MARIADB_TABLE,
    )
    op.create_index("ix_jobs_state_changed_at", "jobs", ["state", "changed_at"])
    op.create_index("ix_jobs_owner_state", "jobs", ["owner", "state"])

    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("lane", word(10), nullable=False),
        sa.Column("kind", word(60), nullable=False),
        sa.Column("payload", LONG_TEXT, nullable=False),
        sa.Column("key", text(500)),
        sa.Column("job_id", word(32)),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claim", word(32)),
        sa.Column("error", sa.Text()),
        sa.Column("failed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_outbox_job_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
        **MARIADB_TABLE,
    )
    op.create_index(
        "ix_outbox_lane_failed_at_due_at", "outbox", ["lane", "failed_at", "due_at"]
    )
    op.create_index("ix_outbox_failed_at", "outbox", ["failed_at"])
    op.create_index("ix_outbox_job_id", "outbox", ["job_id"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("jobs")
