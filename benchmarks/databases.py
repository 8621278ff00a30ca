"""A throw-away PostgreSQL that syncs: a commit that is not durable would be no figure."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from servers.postgres import new_postgres_database, postgres


@contextmanager
def durable_postgres() -> Iterator[Callable[[], str | None]]:
    """Start a server and give what makes an empty database on it.

    The server of the tests runs without fsync, which only its command line can change.
    """
    with postgres() as url:
        _restart_with_fsync(Path(str(make_url(url).query["host"])))
        yield lambda: new_postgres_database(url)


def _restart_with_fsync(base: Path) -> None:
    program = max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    owner = base.stat()
    options = f"-k {base} -c listen_addresses=''"
    command = [str(program), "-D", str(base / "cluster"), "-w", "-l", str(base / "log")]
    is_root = os.geteuid() == 0
    subprocess.run(
        [*command, "-o", options, "restart"],
        check=True,
        cwd=base,
        stdout=subprocess.DEVNULL,
        user=owner.st_uid if is_root else None,
        group=owner.st_gid if is_root else None,
        extra_groups=[] if is_root else None,
    )
