"""A throw-away PostgreSQL on a Unix socket in a private directory."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url, text

_START_SECONDS = 60


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server, which takes seconds, and stop it at the end.

    Nothing is synced to disk: what it holds is not meant to outlive it.
    """
    # Not TemporaryDirectory: the server's user owns what is in here.
    base = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        yield from _serving(base)
    finally:
        shutil.rmtree(base)


def new_postgres_database(url: str, like: str | None = None) -> str:
    """Make a database on the server of *url* and return its URL.

    It is empty, or a copy of the one at the URL *like*, which nobody may be connected to.
    """
    name = f"test_{uuid.uuid4().hex}"
    template = "template1" if like is None else make_url(like).database
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _serving(base: Path) -> Iterator[str]:
    user = _unprivileged(base)
    programs = _programs()
    cluster = ["-D", str(base / "cluster")]
    locale = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run(base, *user, str(programs / "initdb"), *cluster, "-U", "postgres", *locale)
    options = f"-k {base} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    control = [*user, str(programs / "pg_ctl"), *cluster, "-w"]
    _run(base, *control, "-l", str(base / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={base}"
    finally:
        _run(base, *control, "-m", "immediate", "stop")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "no PostgreSQL: install the Debian package postgresql"
    return found[-1].parent


def _unprivileged(base: Path) -> list[str]:
    """What to put before a command, since PostgreSQL refuses to run as root."""
    if os.geteuid():
        return []
    account = pwd.getpwnam("postgres")
    os.chown(base, account.pw_uid, account.pw_gid)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]


def _run(base: Path, *command: str) -> None:
    # To a file: the server inherits the output, and a pipe would never end.
    with (base / "out").open("a+") as output:
        done = subprocess.run(
            command, cwd=base, check=False, stdout=output, stderr=output, timeout=_START_SECONDS
        )
    assert done.returncode == 0, f"{command} failed: {(base / 'out').read_text()[-1000:]}"
