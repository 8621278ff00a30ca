"""The file that tells how a repository is used."""

from collections.abc import Iterable

from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.naming import one_line

_README = "README.md"

README_AT_LAST = "readme.filemanager.md"
"""Case-folded: the name that is ours where the package has the usual one."""


def readme_name(items: Iterable[ListedItem]) -> str:
    tops = (item.path.partition("/")[0] for item in items)
    taken = any(top.casefold() == _README.casefold() for top in tops)
    return "README.filemanager.md" if taken else _README


def titled(edition: Edition, text: str) -> bytes:
    return f"# {one_line(edition.described.name) or 'A package'}\n\n{text}".encode()
