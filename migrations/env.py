"""What Alembic runs: connects, and compares with the tables of ``filemanager.db.schema``.

The URL comes from ``filemanager.db.engine.migrate``, from ``-x url=…`` or from the environment.
"""

import os

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, event

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


def begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite changes most things of a table only by making the table again ("batch"), and takes
        # all of it back, which Alembic does not know: a start that is killed is made once more.
        render_as_batch=is_sqlite,
        transactional_ddl=is_sqlite or None,
    )
    with context.begin_transaction():
        context.run_migrations()


url = parse_url(given_url())
keep_private(url)
engine = create_engine(url, poolclass=NullPool)
with migration_turn(engine), engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        # The driver would begin with the first row that is written, and leave tables outside.
        connection.connection.dbapi_connection.isolation_level = None
        event.listen(connection, "begin", begin)
    migrate(connection)
