"""Which files are archives to take apart (no. 35, 36), and what is said when one is not."""

from collections.abc import Iterable

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, Unpack
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.documents import is_called_archive, is_called_document

TARS = frozenset({FileKind.TAR, FileKind.GZIPPED, FileKind.BZIP2, FileKind.COMPRESSED})
_OTHER_COMPRESSIONS = (b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18")
"""xz and Zstandard, also as pzstd begins it, for which the original has no kind."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def unpack_tar(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a tar, plain or compressed; decompress a single file in place.

    What is called a document stays whole. All of an archive is taken or nothing, but for members
    that are no files. Behind every other check, so that an archive goes through them before its
    members do.
    """
    is_wanted = _is_wanted(file, unless_told=not is_called_document(file.lowered))
    return (Unpack(single=True),) if is_wanted and _is_tar(file) else ()


def unpack_tar_only(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a tar, plain or compressed, if it is called an archive.

    Compressed data sets stay compressed. What is not called an archive is not looked into: a large
    one would exhaust the upload's budget.
    """
    is_wanted = _is_wanted(file, unless_told=is_called_archive(file.lowered))
    return (Unpack(single=False),) if is_wanted and _is_tar(file) else ()


def unpack_zip(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a zip, unless it is called a document: many kinds of those are zips.

    All of an archive is taken or nothing, but for members that are no files.
    """
    is_wanted = _is_wanted(file, unless_told=not is_called_document(file.lowered))
    return (Unpack(single=False),) if is_wanted and _is_zip(file) else ()


def unpack_zip_only(file: File, _tree: Tree) -> Iterable[Action]:
    """Take apart a zip if it is called an archive.

    Data and documents of many kinds are zips, and more are thought of every year.
    """
    is_wanted = _is_wanted(file, unless_told=is_called_archive(file.lowered))
    return (Unpack(single=False),) if is_wanted and _is_zip(file) else ()


def _is_wanted(file: File, *, unless_told: bool) -> bool:
    return unless_told if file.unpack is None else file.unpack


def _is_tar(file: File) -> bool:
    return file.kind in TARS or file.content.head(6).startswith(_OTHER_COMPRESSIONS)


def _is_zip(file: File) -> bool:
    """By its bytes where a person asks: documents have kinds of their own."""
    return file.kind is FileKind.ZIP or (file.unpack is True and _begins_a_zip(file))


def _begins_a_zip(file: File) -> bool:
    return file.content.head(4) in _ZIP
