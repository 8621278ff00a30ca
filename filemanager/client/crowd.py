"""The same work on many things, a few at a time."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def each(work: Callable[[Item], None], items: Iterable[Item], threads: int) -> None:
    """Do *work* on every item; after a failure none begins any more, and it is raised."""
    failed = threading.Event()

    def attempt(item: Item) -> None:
        if failed.is_set():
            return
        try:
            work(item)
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(attempt, item) for item in items]
        try:
            for future in futures:
                future.result()
        except BaseException:
            # An interrupt of the waiting thread is a failure too.
            failed.set()
            raise
