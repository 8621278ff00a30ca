"""The repository for Git LFS: texts as they are, and pointers to everything else."""

import heapq
import re
from collections.abc import Iterator

from filemanager.domain.packages.pointer import pointer_file
from filemanager.exports.git.paths import ensure_git_holds
from filemanager.exports.git.readme import README_AT_LAST, readme_name, titled
from filemanager.exports.git.repository import MAIN, GitFile, GitRepository, repository_of
from filemanager.exports.listing import Edition, Items, ListedItem

_ATTRIBUTES = ".gitattributes"
_CONFIGURATION = ".lfsconfig"

_MAX_LINE_BYTES = 2048
"""Git leaves out longer lines of attributes."""

_GLOB = re.compile(r"[\\*?\[\]!]")
_IN_QUOTES = str.maketrans({"\\": "\\\\", '"': '\\"'})

_README = """\
This is a repository of Git LFS: its files are pointers, and `git lfs pull` fetches what they stand
for and checks it. Texts of the package are here already.

    git lfs install --local
    git lfs pull

Where the share has a password, it is asked for, with any user name.
"""

_PENDING = """
These are no part of it, since no SHA-256 was known when it was made:

"""


def lfs_repository(edition: Edition, items: Items) -> GitRepository:
    """Raises ``PathGitRefuses``."""
    ensure_git_holds(items(), {_ATTRIBUTES, _CONFIGURATION, README_AT_LAST})
    readme = readme_name(items())
    own = [
        GitFile(_ATTRIBUTES, _attributes(items, readme)),
        GitFile(_CONFIGURATION, _configuration(edition)),
        GitFile(readme, _readme(edition, items)),
    ]

    def files() -> Iterator[GitFile]:
        of_items = (_file(item) for item in items() if item.sha256)
        return heapq.merge(own, of_items, key=lambda file: file.path.encode())

    return repository_of(edition, {MAIN: files})


def _file(item: ListedItem) -> GitFile:
    if _is_whole(item):
        return GitFile(item.path, item)
    if item.sha256 is None or not item.size_bytes:
        return GitFile(item.path, b"")  # an empty file is its own pointer (Git LFS specification)
    return GitFile(item.path, pointer_file(item.sha256, item.size_bytes))


def _is_whole(item: ListedItem) -> bool:
    """A text that the attributes can tell from what is fetched."""
    return item.is_text and len(_exception(item.path)) <= _MAX_LINE_BYTES


def _attributes(items: Items, readme: str) -> bytes:
    whole = [_exception(item.path) for item in items() if _is_whole(item)]
    own = [_exception(name) for name in (_ATTRIBUTES, _CONFIGURATION, readme)]
    return b"".join([b"* filter=lfs diff=lfs merge=lfs -text\n", *own, *whole])


def _exception(path: str) -> bytes:
    pattern = _GLOB.sub(r"\\\g<0>", path).translate(_IN_QUOTES)
    return f'"/{pattern}" !filter !diff !merge !text\n'.encode()


def _configuration(edition: Edition) -> bytes:
    return f'[lfs]\n\turl = "{edition.base}lfs.git/info/lfs"\n'.encode()


def _readme(edition: Edition, items: Items) -> bytes:
    pending = [f"    {item.path}\n" for item in items() if item.sha256 is None]
    return titled(edition, "".join([_README, *([_PENDING, *pending] if pending else [])]))
