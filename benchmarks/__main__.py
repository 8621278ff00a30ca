"""``python -m benchmarks``: run the groups and print the table."""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks import (
    buckets,
    downloads,
    folders,
    grants,
    guessing,
    large,
    memory,
    pages,
    rawstore,
    repositories,
    resumable,
    shares,
    single,
    small,
    starting,
    store_requests,
    trees,
    writers,
)
from benchmarks.bench import Bench, Group
from benchmarks.databases import durable_postgres
from benchmarks.report import Row, printed, progress

GROUPS: dict[str, Group] = {
    "small": small.rows,
    "single": single.rows,
    "large": large.rows,
    "resumable": resumable.rows,
    "buckets": buckets.rows,
    "downloads": downloads.rows,
    "folders": folders.rows,
    "trees": trees.rows,
    "writers": writers.rows,
    "store": store_requests.rows,
    "rawstore": rawstore.rows,
    "repositories": repositories.rows,
    "shares": shares.rows,
    "grants": grants.rows,
    "memory": memory.rows,
    "start": starting.rows,
    "guessing": guessing.rows,
    "pages": pages.rows,
}
_OF_THE_DATABASE = ("small", "single", "trees", "writers", "rawstore", "grants")


def main() -> None:
    arguments = _parser().parse_args()
    on_postgres = arguments.database == "postgres"
    names = arguments.only or (_OF_THE_DATABASE if on_postgres else tuple(GROUPS))
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.directory) as directory:
        if on_postgres:
            with durable_postgres() as new_database:
                bench = Bench(Path(directory), "PostgreSQL", new_database, count())
                rows = list(_measured(bench, names))
        else:
            bench = Bench(Path(directory), "SQLite", lambda: None, count())
            rows = list(_measured(bench, names))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    printed(rows)


def _measured(bench: Bench, names: tuple[str, ...]) -> Iterator[Row]:
    for name in names:
        progress(f"[{name}]")
        began = time.monotonic()
        yield from GROUPS[name](bench)
        progress(f"[{name}] took {time.monotonic() - began:.0f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the service beside peers and limits, and print one table."
        " With PEERS=1 in the environment beside more of them, which takes longer.",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=list(GROUPS),
        metavar="NAME",
        help=f"one group of rows; may be repeated. Groups: {', '.join(GROUPS)}",
    )
    parser.add_argument(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="postgres: the rows that the database decides, on a throw-away PostgreSQL",
    )
    parser.add_argument(
        "--directory", help="where to write, about 20 GB in all; the usual temporary directory"
    )
    return parser


if __name__ == "__main__":
    main()
