"""What a finding waits for: it ends when a file comes to that path."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("findings") as findings:
        findings.add_column(sa.Column("awaits", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("findings") as findings:
        findings.drop_column("awaits")
