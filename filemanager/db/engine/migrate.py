"""Migrations run from inside the process; the scripts lie in the package where it is installed, and
beside it in a clone.
"""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from filemanager.db.engine.engines import keep_private, parse_url
from filemanager.db.engine.trouble import translated

if TYPE_CHECKING:
    from alembic.config import Config

_PACKAGE = Path(__file__).parents[2]
_SCRIPTS = next(
    place
    for place in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations")
    if (place / "env.py").is_file()
)
_TABLE = "alembic_version"
_VERSIONS = text("SELECT version_num FROM alembic_version")


class NewerTables(Exception):
    """A later version has been here: tables go forward only."""


class NoDatabase(Exception):
    """None can be used; ``str()`` is the first line of what its driver says, never a password."""


def reach(url: str) -> bool:
    """Connect once; an SQLite database is made where there is none. Returns whether its tables have
    the newest form. Raises ``NoDatabase``.
    """
    try:
        keep_private(parse_url(url))
        # SQLite opens whatever there is, and looks at it when it is read.
        return _is_newest(url)
    except OSError as error:
        raise NoDatabase(f"{error.filename}: {error.strerror}") from error
    except DBAPIError as error:
        # PyMySQL puts a number before its words.
        *_, words = getattr(error.orig, "args", None) or (error.orig,)
        raise NoDatabase(str(words).partition("\n")[0]) from error


def configuration(url: str) -> "Config":
    """Alembic's, for its commands; no file is read."""
    # Imported where there is something to do: it takes a tenth of the start of a server.
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Bring the tables to the newest form; nothing happens where they have it.

    Raises ``NewerTables`` and ``DatabaseUnavailable``.
    """
    keep_private(parse_url(url))
    if is_current(url):
        return
    from alembic import command  # noqa: PLC0415
    from alembic.script.revision import ResolutionError  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(configuration(url), "head")
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            raise NewerTables from error
        raise


def is_current(url: str) -> bool:
    """Whether the tables have the newest form; raises ``DatabaseUnavailable``."""
    with translated():
        return _is_newest(url)


def _is_newest(url: str) -> bool:
    """Names of scripts begin with their revisions, which follow one another."""
    revisions = (script.name.partition("_")[0] for script in (_SCRIPTS / "versions").glob("*.py"))
    return _stored(url) == [max(revisions)]


def _stored(url: str) -> Collection[str]:
    engine = create_engine(parse_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        if not inspect(connection).has_table(_TABLE):
            return []
        return list(connection.scalars(_VERSIONS))
