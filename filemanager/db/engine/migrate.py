"""Migrations run from inside the process; the scripts lie in the package where it is installed, and
beside it in a clone.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from filemanager.db.engine.engines import keep_private, parse_url
from filemanager.db.engine.trouble import translated

_PACKAGE = Path(__file__).parents[2]
_SCRIPTS = next(
    place
    for place in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations")
    if (place / "env.py").is_file()
)


class NewerTables(Exception):
    """A later version has been here: tables go forward only."""


class NoDatabase(Exception):
    """None can be used; ``str()`` is the first line of what its driver says, never a password."""


def reach(url: str) -> None:
    """Connect once; an SQLite database is made where there is none. Raises ``NoDatabase``."""
    parsed = parse_url(url)
    try:
        keep_private(parsed)
        with create_engine(parsed, poolclass=NullPool).connect() as connection:
            # SQLite opens whatever there is, and looks at it when it is read.
            MigrationContext.configure(connection).get_current_heads()
    except OSError as error:
        raise NoDatabase(f"{error.filename}: {error.strerror}") from error
    except DBAPIError as error:
        # PyMySQL puts a number before its words.
        *_, words = getattr(error.orig, "args", None) or (error.orig,)
        raise NoDatabase(str(words).partition("\n")[0]) from error


def configuration(url: str) -> Config:
    """Alembic's, for its commands; no file is read."""
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Bring the tables to the newest form; nothing happens where they have it.

    Raises ``NewerTables``.
    """
    try:
        command.upgrade(configuration(url), "head")
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            raise NewerTables from error
        raise


def is_current(url: str) -> bool:
    """Whether the tables have the newest form; raises ``DatabaseUnavailable``."""
    heads = ScriptDirectory.from_config(configuration(url)).get_heads()
    engine = create_engine(parse_url(url), poolclass=NullPool)
    with translated(), engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)
