"""The media types of what repositories hold, by what files are called."""

from collections.abc import Mapping

_TEXT = "text/plain; charset=utf-8"
_OF_NAMES: Mapping[str, str] = {
    "InRelease": _TEXT,
    "Packages": _TEXT,
    "Release": _TEXT,
    "Sources": _TEXT,
}
_OF_ENDINGS: Mapping[str, str] = {
    "asc": "application/pgp-signature",
    "deb": "application/vnd.debian.binary-package",
    "dsc": _TEXT,
    "gpg": "application/pgp-signature",
    "gz": "application/gzip",
    "rpm": "application/x-rpm",
    "txt": _TEXT,
    "xml": "application/xml",
    "xz": "application/x-xz",
}
_OTHER = "application/octet-stream"


def media_type(path: str) -> str:
    """That of an index by its digest is not known."""
    name = path.rpartition("/")[2]
    return _OF_NAMES.get(name) or _OF_ENDINGS.get(name.rpartition(".")[2], _OTHER)
