"""The branches of a package for git-annex: its files, and where the web has them."""

import heapq
from collections.abc import Iterator
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from filemanager.exports.git.annex.keys import (
    file_name_of,
    key_of,
    lower_directory_of,
    mixed_directory_of,
)
from filemanager.exports.git.objects import GitMode
from filemanager.exports.git.paths import ensure_git_holds
from filemanager.exports.git.readme import README_AT_LAST, readme_name, titled
from filemanager.exports.git.repository import ANNEX, MAIN, GitFile, GitRepository, repository_of
from filemanager.exports.listing import Edition, Items, ListedItem

_WEB = "00000000-0000-0000-0000-000000000001"
"""The remote that every repository of git-annex has (its "internals")."""

_README = """\
This is a repository of git-annex: its files are links, and `git annex get` fetches what they lead
to and checks it. Texts of the package are here already.

    git annex init
    git annex get .

git-annex asks no server at a private address by itself. Where this one has such an address:

    git config annex.security.allowed-ip-addresses <address>

Where the share has a password, cloning asks for it, with any user name; git-annex is told with:

    git config annex.http-headers 'X-Share-Password: <password, percent-encoded>'

What is listed without a digest cannot be checked; `git annex find --inbackend=URL` names it.
"""


def annex_repository(edition: Edition, items: Items) -> GitRepository:
    """Raises ``PathGitRefuses``."""
    ensure_git_holds(items(), {README_AT_LAST})
    readme = GitFile(readme_name(items()), titled(edition, _README))

    def files() -> Iterator[GitFile]:
        of_items = (_file(item, edition) for item in items())
        return heapq.merge([readme], of_items, key=lambda file: file.path.encode())

    def known() -> Iterator[GitFile]:
        return _known(edition, items)

    return repository_of(edition, {MAIN: files, ANNEX: known})


def _file(item: ListedItem, edition: Edition) -> GitFile:
    if item.is_text:
        return GitFile(item.path, item)
    key = key_of(item, edition)
    name = file_name_of(key)
    up = "../" * item.path.count("/")
    target = f"{up}.git/annex/objects/{mixed_directory_of(key)}/{name}/{name}"
    return GitFile(item.path, target.encode(), GitMode.LINK)


def _known(edition: Edition, items: Items) -> Iterator[GitFile]:
    """What is held is a key and a path for each item, since the branch is ordered by keys."""
    at = f"{int(edition.frozen_at.timestamp())}s"
    keyed = sorted(_keyed(edition, items), key=lambda one: (one[0].encode(), one[1].encode()))
    for place, same in groupby(keyed, key=lambda one: one[0]):
        urls = "".join(f"{at} 1 {edition.url_of(path)}\n" for _, path in same)
        yield GitFile(f"{place}.log", f"{at} 1 {_WEB}\n".encode())
        yield GitFile(f"{place}.log.web", urls.encode())
    # Behind all, for the directories of keys are of hex digits.
    origin = uuid5(NAMESPACE_URL, f"{edition.base}annex.git")
    yield GitFile("uuid.log", f"{origin} package origin timestamp={at}\n".encode())


def _keyed(edition: Edition, items: Items) -> Iterator[tuple[str, str]]:
    for item in items():
        if not item.is_text:
            key = key_of(item, edition)
            yield f"{lower_directory_of(key)}/{file_name_of(key)}", item.path
