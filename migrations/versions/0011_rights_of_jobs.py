"""What a job works on, so that a token which may not see that sees no job of it."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        # Which workspace a job from before is about is not known any more: a token that is bound
        # to one does not see it.
        jobs.add_column(
            sa.Column("look_scope", word(60), nullable=False, server_default="upload:read")
        )
        jobs.add_column(
            sa.Column("change_scope", word(60), nullable=False, server_default="upload:update")
        )
        jobs.add_column(sa.Column("resource", text(200)))
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("look_scope", existing_type=word(60), server_default=None)
        jobs.alter_column("change_scope", existing_type=word(60), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("look_scope")
        jobs.drop_column("change_scope")
        jobs.drop_column("resource")
