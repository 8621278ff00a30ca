"""Lists of digests, as the GNU tools check them."""

from collections.abc import Sequence

from filemanager.exports.document import TEXT, DocumentPart, ExportDocument
from filemanager.exports.listing import Edition, ListedItem


def _sha256_sums(_edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        if item.sha256 is None:
            return f"# pending, without a SHA-256: {item.path}\n".encode()
        return _sum(item.sha256, item.path)

    return (line,)


def _md5_sums(_edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        if item.md5 is None:
            return f"# without an MD5: {item.path}\n".encode()
        return _sum(item.md5, item.path)

    return (line,)


def _sum(digest: str, path: str) -> bytes:
    """A backslash in front says that those of the name are doubled; line breaks no path has."""
    name = "./-" if path == "-" else path  # the tools read "-" from their input
    if "\\" in name:
        digest, name = f"\\{digest}", name.replace("\\", "\\\\")
    return f"{digest}  {name}\n".encode()


SHA256_SUMS = ExportDocument("SHA256SUMS", TEXT, _sha256_sums)
MD5_SUMS = ExportDocument("MD5SUMS", TEXT, _md5_sums)
