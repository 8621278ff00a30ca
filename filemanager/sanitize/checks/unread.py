"""What is known and not read: other archives, parts and empty ones, texts in UTF-16."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, Note, info, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code
from filemanager.sanitize.kinds.binary import UNREAD_ARCHIVES, wide_encoding
from filemanager.sanitize.pieces import chunks

_RAR = b"Rar!"
_UNREAD = tuple(UNREAD_ARCHIVES)
_LHA = re.compile(rb"..-lh[0-9d]-", re.DOTALL)
_ACE = re.compile(rb".{7}\*\*ACE\*\*", re.DOTALL)
_HEAD_BYTES = 512

_PART = re.compile(r"\.(?:z\d\d|r\d\d|part\d+\.rar|(?:7z|zip|rar|tar|tgz|gz|bz2|xz)\.\d{3})$")
_NUMBERED = re.compile(r"\.\d{3}$")
_PARTS_OF_ZIPS = (b"PK\x07\x08", b"PK00")

_EMPTY_ZIP = re.compile(rb"PK\x05\x06\0{16}(..)", re.DOTALL)
_END_RECORD_BYTES = 22
_LARGEST_EMPTY_TAR_BYTES = 1 << 16
_BLOCK_BYTES = 512

_TEXTS = frozenset({FileKind.FAILED, FileKind.TEXAUX, FileKind.INPUT, FileKind.README})

Say = Callable[[str, str], Note]


def warn_of_unread_archive(file: File, _tree: Tree) -> Iterable[Action]:
    """Warn of an archive that nothing here takes apart: 7z, lz4 and the like.

    RAR has words of its own. Its files are no part of what is processed.
    """
    return _unread(file, partial(warn, persistent=True))


def note_unread_archive(file: File, _tree: Tree) -> Iterable[Action]:
    """Tell of an archive that stays whole: 7z, RAR, lz4 and the like, and one part of several.

    It is kept as it is, as data are.
    """
    return _unread(file, info, with_rar=True)


def _unread(file: File, say: Say, *, with_rar: bool = False) -> Iterator[Note]:
    head = file.content.head(_HEAD_BYTES)
    form = _form_of(head, with_rar=with_rar)
    if _is_part(file, head, form):
        message = f"'{file.name}' is one part of a split archive, which is not put together here."
        yield say(Code.SPLIT_ARCHIVE, message)
    elif form:
        yield say(
            Code.UNREAD_ARCHIVE, f"'{file.name}' is a {form} archive, which is not read here."
        )
    empty = f"'{file.name}' is an empty archive: there are no files in it."
    if _is_empty_zip(file.content, head):
        yield say(Code.EMPTY_ARCHIVE, empty)
    elif file.lowered.endswith(".tar") and file.once(is_empty_tar):
        # The original has words for such a file, which stay all that its clients are told.
        yield info(Code.EMPTY_ARCHIVE, empty)


def warn_of_wide_text(file: File, _tree: Tree) -> Iterable[Action]:
    """Warn of a text in UTF-16 or UTF-32 that is not ancillary.

    TeX reads UTF-8; nothing here converts a text.
    """
    if file.is_ancillary or file.kind not in _TEXTS:
        return ()
    encoding = wide_encoding(file.content.head(_HEAD_BYTES))
    if encoding is None:
        return ()
    message = f"'{file.name}' is a text in the encoding {encoding}, which is not read here."
    return (warn(Code.WIDE_TEXT, message, persistent=True),)


def _form_of(head: bytes, *, with_rar: bool) -> str | None:
    if head.startswith(_RAR):
        return "RAR" if with_rar else None
    if head.startswith(_UNREAD):
        return next(form for mark, form in UNREAD_ARCHIVES.items() if head.startswith(mark))
    if _LHA.match(head):
        return "LHA"
    return "ACE" if _ACE.match(head) else None


def _is_part(file: File, head: bytes, form: str | None) -> bool:
    """By a name that says so; of one that only ends in a number the bytes must say it too."""
    if _PART.search(file.lowered) or head.startswith(_PARTS_OF_ZIPS):
        return True
    is_archive = form is not None or head.startswith((b"PK\x03\x04", _RAR))
    return is_archive and _NUMBERED.search(file.lowered) is not None


def _is_empty_zip(content: Content, head: bytes) -> bool:
    found = _EMPTY_ZIP.match(head)
    return found is not None and (
        content.size_bytes == _END_RECORD_BYTES + int.from_bytes(found[1], "little")
    )


def is_empty_tar(content: Content, _scratch: Scratch) -> bool:
    """Two blocks of zeros and more, as an archive without a member ends."""
    size = content.size_bytes
    is_likely = 2 * _BLOCK_BYTES <= size <= _LARGEST_EMPTY_TAR_BYTES and not size % _BLOCK_BYTES
    return is_likely and not any(chunk.strip(b"\0") for chunk in chunks(content))
