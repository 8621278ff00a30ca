"""A throw-away MariaDB on a Unix socket in a private directory."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url, text

_START_SECONDS = 60

# Nothing is synced to disk: what the server holds is not meant to outlive it.
_OPTIONS = ("--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-use-native-aio=0")


@contextmanager
def mariadb() -> Iterator[str]:
    """Start a server, which takes seconds, and stop it at the end."""
    # Not TemporaryDirectory: the server's user owns what is in here.
    base = Path(tempfile.mkdtemp(prefix="my-"))
    try:
        yield from _serving(base)
    finally:
        shutil.rmtree(base)


def new_mariadb_database(url: str) -> str:
    """Make an empty database on the server of *url* and return its URL."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _serving(base: Path) -> Iterator[str]:
    user = _owner(base)
    # A server that starts deletes the temporary tables of all that share its directory for them.
    (base / "tmp").mkdir()
    shutil.chown(base / "tmp", user)
    place = [
        *("--no-defaults", f"--datadir={base / 'data'}"),
        *(f"--tmpdir={base / 'tmp'}", f"--user={user}"),
    ]
    install = ["mariadb-install-db", *place, "--auth-root-authentication-method=normal"]
    done = subprocess.run(
        [*install, "--skip-test-db"], check=False, capture_output=True, timeout=_START_SECONDS
    )
    assert done.returncode == 0, f"mariadb-install-db failed: {done.stderr.decode()[-1000:]}"
    address = base / "socket"
    command = ["mariadbd", *place, f"--socket={address}", f"--log-error={base / 'log'}", *_OPTIONS]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(address, server, base / "log")
        yield f"mysql+pymysql://root@localhost/mysql?unix_socket={address}"
    finally:
        server.kill()
        server.wait()


def _owner(base: Path) -> str:
    """The user that the server runs as: not root, even when the tests are."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    account = pwd.getpwnam("mysql")
    os.chown(base, account.pw_uid, account.pw_gid)
    return account.pw_name


def _wait_for(address: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(address):
        assert server.poll() is None, f"mariadbd ended early: {log.read_text()[-1000:]}"
        assert time.monotonic() < deadline, f"mariadbd is silent: {log.read_text()[-1000:]}"
        # The only way to know that it listens is to ask again.
        time.sleep(0.05)


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(address)) == 0
