"""The three files of metadata around their records: what opens and closes each."""

from enum import StrEnum

from filemanager.indexes.yum.escaping import opening

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_COMMON = "http://linux.duke.edu/metadata/common"
RPM_NAMESPACE = "http://linux.duke.edu/metadata/rpm"


class YumDocument(StrEnum):
    """By the type that repomd.xml knows it by."""

    PRIMARY = "primary"
    FILELISTS = "filelists"
    OTHER = "other"


_ROOTS = {
    YumDocument.PRIMARY: ("metadata", {"xmlns": _COMMON, "xmlns:rpm": RPM_NAMESPACE}),
    YumDocument.FILELISTS: ("filelists", {"xmlns": "http://linux.duke.edu/metadata/filelists"}),
    YumDocument.OTHER: ("otherdata", {"xmlns": "http://linux.duke.edu/metadata/other"}),
}


def head(document: YumDocument, packages: int) -> bytes:
    """What stands before the records of so many packages."""
    root, namespaces = _ROOTS[document]
    return f"{DECLARATION}\n{opening(root, **namespaces, packages=str(packages))}\n".encode()


def tail(document: YumDocument) -> bytes:
    root, _ = _ROOTS[document]
    return f"</{root}>\n".encode()
