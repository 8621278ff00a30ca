"""What Alembic runs: connects, and compares with the tables of ``filemanager.db.schema``.

The URL comes from ``filemanager.db.engine.migrate``, from ``-x url=…`` or from the environment.
"""

import os

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

from filemanager.db.engine.engines import keep_private, parse_url
from filemanager.db.engine.migration_turn import migration_turn
from filemanager.db.schema import metadata

VARIABLES = ("FILEMANAGER_DATABASE_URL", "SQLALCHEMY_DATABASE_URI")


def given_url() -> str:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get(
        "url"
    )
    named = (os.environ[name] for name in VARIABLES if os.environ.get(name))
    url = url or next(named, None)
    if url is None:
        raise SystemExit(f"Which database? Set {VARIABLES[0]} or pass -x url=…")
    return str(url)


def migrate(connection: Connection) -> None:
    # SQLite changes most things of a table only by making the table again ("batch").
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=is_sqlite)
    with context.begin_transaction():
        context.run_migrations()


url = parse_url(given_url())
keep_private(url)
engine = create_engine(url, poolclass=NullPool)
with migration_turn(engine), engine.connect() as connection:
    migrate(connection)
