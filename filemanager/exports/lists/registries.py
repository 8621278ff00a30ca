"""What Python programs look names up in: registries of pooch, references of fsspec."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from filemanager.exports.document import TEXT, DocumentPart, ExportDocument
from filemanager.exports.json_text import compact, separated
from filemanager.exports.listing import Edition, ListedItem

_UNLISTED = re.compile(r"""[\s"'\\]|^#""")
"""A line is split as a shell would, by some versions of pooch at blanks alone."""


def _registry(edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        url = edition.url_of(item.path)
        if item.sha256 is None:
            return f"# pending, without a SHA-256: {quote(item.path)} {url}\n".encode()
        if _UNLISTED.search(item.path):
            listed = f"{quote(item.path)} sha256:{item.sha256} {url}"
            return f"# Not listed, the name has blanks, quotes or the like: {listed}\n".encode()
        return f"{item.path} sha256:{item.sha256} {url}\n".encode()

    return (line,)


def _references(edition: Edition) -> Sequence[DocumentPart]:
    def reference(item: ListedItem) -> bytes:
        return compact(item.path) + b":" + compact([edition.url_of(item.path)])

    return (b'{"version":1,"refs":{', separated(reference), b"}}\n")


REGISTRY = ExportDocument("registry.txt", TEXT, _registry)
REFERENCES = ExportDocument("refs.json", "application/json", _references)
