"""A repository to be: branches of one root commit each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from filemanager.exports.git.objects import GitMode
from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.naming import one_line

MAIN = "refs/heads/main"
ANNEX = "refs/heads/git-annex"

_MAX_TITLE = 200

OpenText = Callable[[ListedItem], Iterator[bytes]]
"""The bytes of a text of the package."""


@dataclass(frozen=True, slots=True)
class GitFile:
    """``content`` is an item where its bytes are the text's own."""

    path: str
    content: bytes | ListedItem
    mode: GitMode = GitMode.FILE


GitFiles = Callable[[], Iterable[GitFile]]
"""By path in byte order, as often as they are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitRepository:
    """``branches`` by the names of their references, the first of them that of ``HEAD``."""

    branches: Mapping[str, GitFiles]
    message: str
    committed_at: datetime


def repository_of(edition: Edition, branches: Mapping[str, GitFiles]) -> GitRepository:
    title = one_line(edition.described.name)[:_MAX_TITLE]
    version = "" if edition.number is None else f", version {edition.number}"
    return GitRepository(
        branches=branches,
        message=f"{title or 'Package'}{version}",
        committed_at=edition.frozen_at,
    )
