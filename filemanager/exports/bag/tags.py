"""The tag files of a bag that follow from the items alone."""

from collections.abc import Sequence

from filemanager.exports.bag.names import PAYLOAD, PENDING_NAME, in_lists
from filemanager.exports.document import TEXT, Deferred, DocumentPart, ExportDocument
from filemanager.exports.formats.frictionless import DATA_PACKAGE
from filemanager.exports.formats.ro_crate import RO_CRATE
from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.lists.checksums import MD5_SUMS, SHA256_SUMS
from filemanager.exports.lists.downloads import ARIA2, CURL, URLS
from filemanager.exports.lists.metalink import METALINK
from filemanager.exports.naming import day_of, one_line, stem_of

MAX_EMBEDDED_BYTES = 1 << 20
"""Of bytes of ours that are no text; texts are in the bag whatever they have."""


def is_embedded(item: ListedItem) -> bool:
    """Whether the bag has its bytes, and does not say where to fetch them."""
    return item.is_text or (item.is_ours and item.size_bytes <= MAX_EMBEDDED_BYTES)


def _declaration(_edition: Edition) -> Sequence[DocumentPart]:
    return (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",)


def _fetch(edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        if item.sha256 is None or is_embedded(item):
            return b""
        return _where(edition, item)

    return (line,)


def _pending(edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        return b"" if item.sha256 else _where(edition, item)

    head = b"# No part of the bag: no SHA-256 was known when it was made. URL, bytes, name:\n"
    return (head, line)


def _where(edition: Edition, item: ListedItem) -> bytes:
    name = in_lists(PAYLOAD + item.path)
    return f"{edition.url_of(item.path)} {item.size_bytes} {name}\n".encode()


def _manifest(_edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        name = in_lists(PAYLOAD + item.path)
        return f"{item.sha256}  {name}\n".encode() if item.sha256 else b""

    return (line,)


def _info(edition: Edition) -> Sequence[DocumentPart]:
    size_bytes = count = 0

    def add(item: ListedItem) -> bytes:
        nonlocal size_bytes, count
        if item.sha256:
            size_bytes += item.size_bytes
            count += 1
        return b""

    def lines() -> bytes:
        described = edition.described
        said = {
            "Bagging-Date": day_of(edition),
            "Bag-Software-Agent": "filemanager",
            "External-Identifier": one_line(described.doi) or stem_of(edition),
            "External-Description": one_line(described.description or described.name),
            "Payload-Oxum": f"{size_bytes}.{count}",
        }
        return "".join(f"{label}: {value}\n" for label, value in said.items() if value).encode()

    return (add, Deferred(lines))


FETCH = ExportDocument("fetch.txt", TEXT, _fetch)
MANIFEST = ExportDocument("manifest-sha256.txt", TEXT, _manifest)
PENDING = ExportDocument(PENDING_NAME, TEXT, _pending)

TAG_FILES = (
    ExportDocument("bagit.txt", TEXT, _declaration),
    ExportDocument("bag-info.txt", TEXT, _info),
    FETCH,
    MANIFEST,
    PENDING,
    URLS,
    ARIA2,
    CURL,
    METALINK,
    SHA256_SUMS,
    MD5_SUMS,
    DATA_PACKAGE,
    RO_CRATE,
)
"""All but the pointers, and the manifest that lists them all."""
