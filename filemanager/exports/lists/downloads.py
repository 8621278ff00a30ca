"""Lists of URLs: for wget, aria2 and curl."""

from collections.abc import Sequence

from filemanager.exports.document import TEXT, DocumentPart, ExportDocument
from filemanager.exports.listing import Edition, ListedItem

_IN_CURL_QUOTES = str.maketrans({"\\": "\\\\", '"': '\\"'})

# With --globoff no character of a URL or of a name is a pattern.
_CURL_HEAD = b"location\nfail\ngloboff\ncreate-dirs\ncontinue-at = -\n"


def _urls(edition: Edition) -> Sequence[DocumentPart]:
    def line(item: ListedItem) -> bytes:
        return f"{edition.url_of(item.path)}\n".encode()

    return (line,)


def _aria2(edition: Edition) -> Sequence[DocumentPart]:
    def lines(item: ListedItem) -> bytes:
        url = edition.url_of(item.path)
        if item.path != item.path.strip(" "):
            return f"# Not listed, aria2 takes no blanks around a name: {url}\n".encode()
        checksum = f"  checksum=sha-256={item.sha256}\n" if item.sha256 else ""
        return f"{url}\n  out={item.path}\n{checksum}".encode()

    return (lines,)


def _curl(edition: Edition) -> Sequence[DocumentPart]:
    def lines(item: ListedItem) -> bytes:
        # Without "./" curl takes a file called "-" for its output.
        output = f"./{item.path}".translate(_IN_CURL_QUOTES)
        return f'url = "{edition.url_of(item.path)}"\noutput = "{output}"\n'.encode()

    return (_CURL_HEAD, lines)


URLS = ExportDocument("urls.txt", TEXT, _urls)
ARIA2 = ExportDocument("aria2.txt", TEXT, _aria2)
CURL = ExportDocument("curl.cfg", TEXT, _curl)
