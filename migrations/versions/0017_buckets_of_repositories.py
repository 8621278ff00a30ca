"""What is known of the bucket that repositories are read from."""

import sqlalchemy as sa
from alembic import op

from filemanager.db.migration_types import MARIADB_TABLE
from filemanager.db.migration_types import NUMBER
from filemanager.db.migration_types import text
from filemanager.db.migration_types import word

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def of_tree(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("tree_id", NUMBER, nullable=False),
        sa.Column("path", text(700), nullable=False),
        sa.ForeignKeyConstraint(["tree_id"], ["trees.id"], name=f"fk_{table}_tree_id"),
        sa.UniqueConstraint("tree_id", "path", name=f"uq_{table}_tree_id"),
    ]


def upgrade() -> None:
    op.add_column("repositories", sa.Column("mirrored", sa.BigInteger()))
    op.add_column("repositories", sa.Column("mirror_begun", sa.BigInteger()))
    op.create_table(
        "repository_known_objects",
        *of_tree("repository_known_objects"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("etag", text(255), nullable=False),
        sa.Column("digest", word(64)),
        sa.Column("why", sa.Text()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.BigInteger()),
        **MARIADB_TABLE,
    )
    op.create_table(
        "repository_leftovers",
        *of_tree("repository_leftovers"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        **MARIADB_TABLE,
    )
    for table, column in (("known_objects", "again_at"), ("leftovers", "due_at")):
        name = f"repository_{table}"
        op.create_index(f"ix_{name}_tree_id_{column}", name, ["tree_id", column])


def downgrade() -> None:
    op.drop_table("repository_leftovers")
    op.drop_table("repository_known_objects")
    op.drop_column("repositories", "mirror_begun")
    op.drop_column("repositories", "mirrored")
