"""The branch of a package for DVC: one directory, and an import of each item without MD5."""

import heapq
import re
from collections.abc import Iterable, Iterator

from filemanager.domain.trees.tree import MAX_SEGMENT_BYTES
from filemanager.exports.git.dvc.directory import DvcDirectory, directory_of
from filemanager.exports.git.paths import PathGitRefuses, ensure_git_holds
from filemanager.exports.git.readme import titled
from filemanager.exports.git.repository import MAIN, GitFile, GitRepository, repository_of
from filemanager.exports.listing import Edition, Items, ListedItem
from filemanager.exports.ordering import with_suffix

_SUFFIX = ".dvc"

_OF_DVC = re.compile(r".*\.dvc|\.dvcignore|dvc\.(yaml|lock)", re.IGNORECASE | re.DOTALL)

_WIDE = re.compile(r"[^ !#-\[\]-~]")
"""What needs an escape in a quoted scalar, or does no harm with one (YAML 1.2, 5.7)."""

_README = """\
This is a repository of DVC. Everything with an MD5 is in the directory `data`; what had none when
the package was frozen is below `pending`, and is told by its ETag alone; without one of these it is
no part of the repository.

    dvc pull data.dvc
    dvc pull --recursive pending    # where there is such a directory

Where the share has a password:

    dvc remote modify --local package auth custom
    dvc remote modify --local package custom_auth_header X-Share-Password
    dvc remote modify --local package password <password, percent-encoded>
"""

_IGNORED = b"/data\n/pending/**\n!/pending/**/\n!/pending/**/*.dvc\n"


def dvc_repository(edition: Edition, items: Items) -> GitRepository:
    """Raises ``PathGitRefuses``."""
    ensure_git_holds(items(), ())
    _ensure_imports_are_held(items())
    first = [
        GitFile(".dvc/.gitignore", b"/config.local\n/tmp\n/cache\n"),
        GitFile(".dvc/config", _configuration(edition)),
        GitFile(".gitignore", _IGNORED),
        GitFile("README.md", titled(edition, _README)),
        GitFile("data.dvc", _whole(directory_of(items))),
    ]

    def files() -> Iterator[GitFile]:
        pending = (item for item in items() if _is_import(item))
        imports = (_import(item, edition) for item in with_suffix(pending, _SUFFIX))
        return heapq.merge(first, imports, key=lambda file: file.path.encode())

    return repository_of(edition, {MAIN: files})


def _ensure_imports_are_held(items: Iterable[ListedItem]) -> None:
    for item in filter(_is_import, items):
        *directories, name = item.path.split("/")
        if len(f"{name}{_SUFFIX}".encode()) > MAX_SEGMENT_BYTES:
            raise PathGitRefuses(item.path, f"has too long a name for a file '{_SUFFIX}' beside it")
        if any(_OF_DVC.fullmatch(segment) for segment in (*directories, name)):
            raise PathGitRefuses(item.path, "has a name that DVC keeps for itself")


def _configuration(edition: Edition) -> bytes:
    # By itself DVC takes whatever a remote sends for what it has asked for.
    remote = f"['remote \"package\"']\n    url = {edition.base}dvc\n    verify = true\n"
    return f"[core]\n    remote = package\n{remote}".encode()


def _whole(directory: DvcDirectory) -> bytes:
    return (
        f"outs:\n- md5: {directory.md5}.dir\n  size: {directory.size_bytes}\n"
        f"  nfiles: {directory.files}\n  hash: md5\n  path: data\n"
    ).encode()


def _is_import(item: ListedItem) -> bool:
    return item.md5 is None and item.etag is not None


def _import(item: ListedItem, edition: Edition) -> GitFile:
    """A partial one: DVC fetches the URL as long as its ETag is this."""
    url, etag = edition.url_of(item.path), f'"{item.etag}"'
    name = item.path.rpartition("/")[2]
    made = (
        f"frozen: true\ndeps:\n- path: {_quoted(url)}\n  checksum: {_quoted(etag)}\n"
        f"  size: {item.size_bytes}\n  hash: md5\nouts:\n- path: {_quoted(name)}\n  hash: md5\n"
    )
    return GitFile(f"pending/{item.path}{_SUFFIX}", made.encode())


def _quoted(text: str) -> str:
    return f'"{_WIDE.sub(_escaped, text)}"'


def _escaped(wide: re.Match[str]) -> str:
    return f"\\U{ord(wide[0]):08x}"
