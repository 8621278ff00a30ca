"""``repomd.xml``: which files a repository's metadata are, and their digests."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from filemanager.domain.repositories.published import Sums
from filemanager.indexes.yum.documents import DECLARATION, RPM_NAMESPACE, YumDocument
from filemanager.indexes.yum.escaping import element, empty, opening

_NAMESPACES = {"xmlns": "http://linux.duke.edu/metadata/repo", "xmlns:rpm": RPM_NAMESPACE}


def location(document: YumDocument, gzip: Sums) -> str:
    """Below the directory that holds ``repodata``; a file of other bytes has another name."""
    return f"repodata/{gzip.sha256}-{document}.xml.gz"


def repomd(
    revision: int, at: datetime, documents: Mapping[YumDocument, tuple[Sums, Sums]]
) -> bytes:
    """Each document with the sums of its plain form, then of its gzip form."""
    return "".join([f"{line}\n" for line in _lines(revision, at, documents)]).encode()


def _lines(
    revision: int, at: datetime, documents: Mapping[YumDocument, tuple[Sums, Sums]]
) -> Iterator[str]:
    yield DECLARATION
    yield opening("repomd", **_NAMESPACES)
    yield element("revision", str(revision))
    for document in YumDocument:
        plain, gzip = documents[document]
        yield opening("data", type=document)
        yield element("checksum", gzip.sha256, type="sha256")
        yield element("open-checksum", plain.sha256, type="sha256")
        yield empty("location", href=location(document, gzip))
        yield element("timestamp", str(int(at.timestamp())))
        yield element("size", str(gzip.size_bytes))
        yield element("open-size", str(plain.size_bytes))
        yield "</data>"
    yield "</repomd>"
