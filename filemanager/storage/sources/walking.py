"""One page of the files below a directory, in the byte order of their keys."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from filemanager.domain.sources.errors import DirectoryCrowded
from filemanager.domain.sources.objects import ObjectQuery
from filemanager.storage.sources.folders import (
    NotThere,
    folder,
    names_in,
    plain_facts,
    segments_of,
)

MOST_NAMES = 100_000

_MOST_DEEP = 64


@dataclass(slots=True)
class WalkedPage:
    """Files with what the system tells of them."""

    files: list[tuple[str, os.stat_result]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    next: str | None = None


class _Enough(Exception):
    """More was read than one page may cost; it goes on with the directory that this names."""


class Walk:
    """*root* are the segments of the directory's path.

    *most_names* bounds what one directory may hold, and about what is read for one page.
    """

    def __init__(
        self, root: Sequence[str], query: ObjectQuery, most_names: int = MOST_NAMES
    ) -> None:
        self._root = root
        self._query = query
        self._cursor = query.cursor or ""
        self._most_names = most_names
        self._names_left = most_names

    def page(self) -> WalkedPage:
        """Raises ``NotThere`` where the directory itself is not, and ``DirectoryCrowded``."""
        page = WalkedPage()
        with folder(self._root) as root:
            try:
                self._fill(page, root)
            except _Enough as enough:
                page.next = str(enough)
            except NotThere:
                # Nothing lies in the directory that the prefix names.
                return page
        return page

    def _fill(self, page: WalkedPage, root: int) -> None:
        before, slash, _ = self._query.prefix.rpartition("/")
        last = None
        with folder(segments_of(before) if slash else (), root) as start:
            for key, facts in self._below(start, before + slash, _MOST_DEEP):
                if self._query.contains not in key[len(self._query.prefix) :]:
                    continue
                if len(page.files) + len(page.prefixes) == self._query.limit:
                    page.next = last
                    return
                last = key
                if facts is None:
                    page.prefixes.append(key)
                else:
                    page.files.append((key, facts))

    def _below(
        self, parent: int, before: str, levels: int
    ) -> Iterator[tuple[str, os.stat_result | None]]:
        """Keys behind the cursor; without facts where one stands for all that lie below it."""
        for name in self._sorted(parent, before):
            key = before + name
            if not key.startswith(self._query.prefix) or self._is_over(key):
                continue
            try:
                if not name.endswith("/"):
                    yield key, plain_facts(name, parent)
                elif self._query.delimiter:
                    yield key, None
                elif levels:
                    with folder((name[:-1],), parent) as inner:
                        yield from self._below(inner, key, levels - 1)
            except NotThere:
                # It has gone since the directory was read.
                continue

    def _sorted(self, parent: int, before: str) -> Sequence[str]:
        is_resumed = self._cursor.startswith(before)
        if self._names_left <= 0 and not is_resumed:
            raise _Enough(before)
        names = sorted(islice(names_in(parent), self._most_names + 1))
        if len(names) > self._most_names:
            raise DirectoryCrowded(before)
        self._names_left -= 0 if is_resumed else len(names)
        return names

    def _is_over(self, key: str) -> bool:
        """Whether a page before has told of it, and of all that lies below it."""
        is_resumed = key.endswith("/") and not self._query.delimiter
        return key <= self._cursor and not (is_resumed and self._cursor.startswith(key))
