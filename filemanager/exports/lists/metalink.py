"""Metalink 4 (RFC 5854)."""

import re
from collections.abc import Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from filemanager.exports.document import DocumentPart, ExportDocument
from filemanager.exports.listing import Edition, ListedItem

_HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<metalink xmlns="urn:ietf:params:xml:ns:metalink">\n'
)

_UNFIT = re.compile("[\ufffe\uffff]")
"""What a path may have and no XML document holds, not even as a reference (XML 1.0, 2.2)."""


def _metalink(edition: Edition) -> Sequence[DocumentPart]:
    def element(item: ListedItem) -> bytes:
        if _UNFIT.search(item.path):
            # A comment ends in "--" at the first place.
            name = quote(item.path, safe="/").replace("-", "%2D")
            return f"<!-- Not listed, XML cannot hold the name: {name} -->\n".encode()
        sha256 = f'<hash type="sha-256">{item.sha256}</hash>' if item.sha256 else ""
        return (
            f"<file name={quoteattr(item.path)}><size>{item.size_bytes}</size>{sha256}"
            f"<url>{escape(edition.url_of(item.path))}</url></file>\n"
        ).encode()

    return (_HEAD, element, b"</metalink>\n")


METALINK = ExportDocument("pkg.meta4", "application/metalink4+xml", _metalink)
