"""A smallest upload for each thing that a check says: run, they are the facts of docs/checks.md.

``NAME`` is whatever the file is called, so that a text reads as a template.
"""

import bz2
import gzip
import struct
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from builders.in_memory import Bytes
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.intake.unpacking import (
    ArchiveForm,
    Member,
    PathChange,
    Unpacked,
    Unpacker,
)
from filemanager.domain.trees.findings import Finding
from filemanager.sanitize.check import Profile
from filemanager.sanitize.checks import archives as unpack
from filemanager.sanitize.checks import (
    dos_eps,
    empties,
    errata,
    extensions,
    generated,
    hidden,
    images,
    line_ends,
    names,
    postscript,
    references,
    source_type,
    top_level,
    unread,
)
from filemanager.sanitize.codes import Code
from filemanager.sanitize.outcome import Outcome
from filemanager.sanitize.registry import ARXIV, GENERIC
from unit.sanitize.archives import TEX, a_tar, a_tar_with, a_zip
from unit.sanitize.fakes import A_ZIP, Desk, HandMadeUnpacker, sent

AnyCheck = Callable[..., object]


@dataclass(frozen=True)
class Said:
    """``severity`` is None for a change that is told without a finding, such as unpacking."""

    severity: str | None
    is_kept: bool
    path: str | None
    text: str


@dataclass(frozen=True)
class Example:
    """*files* together, into an empty tree, make *check* say *code*; check None: putting them."""

    check: AnyCheck | None
    code: Code
    files: Mapping[str, bytes]
    profile: Profile = field(default=ARXIV)
    unpacker: Unpacker = field(default_factory=ArchiveUnpacker)

    def said(self) -> list[Said]:
        """What is said under the code, and is not said without the check."""
        without = _said(self, _without(self.profile, self.check)) if self.check else []
        return [one for one in _said(self, self.profile) if one not in without]


def _said(example: Example, profile: Profile) -> list[Said]:
    desk = Desk(profile=profile, unpacker=example.unpacker)
    desk.send(*(sent(name, data) for name, data in example.files.items()))
    assert desk.last is not None
    return [*_findings(desk.last, example.code), *_changes(desk.last, example.code)]


def _findings(outcome: Outcome, code: Code) -> list[Said]:
    found = [one for one in outcome.change.findings if one.code == code]
    return [_of_finding(one) for one in found]


def _of_finding(one: Finding) -> Said:
    return Said(one.severity.value, one.persistent, one.path, one.message)


def _changes(outcome: Outcome, code: Code) -> list[Said]:
    """Those that come without a finding of the same code."""
    if any(one.code == code for one in outcome.change.findings):
        return []
    made = [one for one in outcome.change.altered if one.code == code]
    return [Said(None, False, one.before, one.message) for one in made]


def _without(profile: Profile, check: AnyCheck) -> Profile:
    return replace(
        profile,
        checks=tuple(one for one in profile.checks if one is not check),
        directory_checks=tuple(one for one in profile.directory_checks if one is not check),
        round_checks=tuple(one for one in profile.round_checks if one is not check),
        tree_checks=tuple(one for one in profile.tree_checks if one is not check),
    )


_X = b"x\n"
_PS = b"%!PS-Adobe-3.0\nshow\n"
_PREVIEW = b"%%BeginPreview\nff\n%%EndPreview\n"
_NO_TAR = bytes(257) + b"ustar" + bytes(250)
_LINK = a_tar_with(tarfile.SYMTYPE, "MEMBER")


def _dos_eps(first: bytes, second: bytes, *, is_tiff_first: bool) -> bytes:
    offsets = (32, 32 + len(first))
    tiff, text = offsets if is_tiff_first else offsets[::-1]
    sizes = (len(first), len(second)) if is_tiff_first else (len(second), len(first))
    header = struct.pack(
        "<4siiiiiih", b"\xc5\xd0\xd3\xc6", text, sizes[1], 0, 0, tiff, sizes[0], -1
    )
    return header.ljust(32, b"\0") + first + second


def _hand_made(member: Member, trailing_bytes: int = 0) -> Unpacker:
    form = ArchiveForm.TAR
    return HandMadeUnpacker(
        Unpacked(form=form, compression="", members=(member,), trailing_bytes=trailing_bytes)
    )


_LEADING = _dos_eps(b"II*\0", b"%!PS-Adobe-3.0 EPSF\n", is_tiff_first=True)
_TRAILING = _dos_eps(b"%!PS-Adobe-3.0 EPSF\n", b"II*\0", is_tiff_first=False)
_OF_FILES = (
    Example(hidden.remove_mac_directory, Code.HIDDEN_FILES, {"__MACOSX/a": _X}),
    Example(hidden.remove_hidden_directory, Code.HIDDEN_FILES_DOT, {".NAME/a": _X}),
    Example(
        hidden.note_processed_directory, Code.PROCESSED_DIRECTORY, {"processed/a": _X, "b": _X}
    ),
    Example(hidden.remove_hidden_file, Code.HIDDEN_FILES_DOT, {".NAME": _X}),
    Example(empties.remove_empty, Code.ZERO_LENGTH, {"NAME": b""}),
    Example(names.fix_windows_path, Code.FIXED_WINDOWS_NAME, {"C:\\NAME.tex": TEX}),
    Example(generated.note_backup, Code.POSSIBLE_BACKUP_FILE, {"NAME.tex~": TEX}),
    Example(names.replace_illegal_characters, Code.FILENAME_ILLEGAL_CHARACTERS, {"NA ME": _X}),
    Example(names.replace_illegal_characters, Code.NAME_COLLISION, {"NA_ME": _X, "NA ME": TEX}),
    Example(names.replace_leading_hyphen, Code.FILENAME_LEADING_HYPHEN, {"-NAME": _X}),
    Example(names.replace_deceptive_name, Code.UNUSABLE_NAME, {"NAME.": _X}),
    Example(names.note_reserved_name, Code.RESERVED_NAME, {"con.tex": _X}),
    Example(names.note_reserved_directory, Code.RESERVED_NAME, {"aux/a.tex": _X, "b.tex": _X}),
    Example(errata.remove_hyperlink_styles, Code.HYPERLINK_COMPATIBLE_PACKAGE, {"espcrc2.sty": _X}),
    Example(errata.note_hyperlink_sources, Code.DOT_TEX_DETECTED, {"espcrc2.tex": _X}),
    Example(errata.remove_disallowed_names, Code.DISALLOWED_FILE, {"core": _X}),
    Example(errata.remove_meta_files, Code.DISALLOWED_FILE, {"NAME.desc": _X}),
    Example(errata.remove_revtex_files, Code.DISALLOWED_FILE, {"aps.rtx": _X}),
    Example(errata.remove_diagrams_package, Code.DISALLOWED_FILE, {"diagrams.sty": _X}),
    Example(errata.remove_astronomy_demo, Code.DISALLOWED_FILE, {"aa.dem": _X}),
    Example(errata.remove_missing_font_log, Code.DISALLOWED_FILE, {"missfont.log": _X}),
    Example(generated.remove_synctex, Code.DISALLOWED_FILE, {"NAME.synctex": _X}),
    Example(generated.remove_products, Code.NAME_CONFLICT, {"NAME.tex": TEX, "NAME.log": _X}),
    Example(names.cut_gzip_ending, Code.GZIP_ENDING_CUT, {"NAME.gz": gzip.compress(TEX)}),
    Example(
        names.cut_gzip_ending, Code.RENAME_CONFLICT, {"NAME": TEX, "NAME.gz": gzip.compress(_X)}
    ),
    Example(names.note_case_twin, Code.NAMES_DIFFER_BY_CASE, {"NAME": _X, "name": TEX}),
    Example(images.refuse_word, Code.MS_WORD_NOT_SUPPORTED, {"NAME.doc": _X}),
    Example(images.refuse_dvi, Code.DVI_NOT_ALLOWED, {"NAME.dvi": b"\xf7\x02" + _X}),
    Example(extensions.fix_extension, Code.FIXED_EXTENSION, {"NAME.eps": _PS}),
    Example(extensions.fix_extension, Code.RENAME_CONFLICT, {"NAME.ps": _PS, "NAME.eps": _PS}),
    Example(line_ends.fix_line_ends, Code.UNMACIFIED, {"NAME.tex": TEX + b"\x04"}),
    Example(line_ends.fix_line_ends, Code.TRUNCATED, {"NAME.tex": TEX[:-1]}),
    Example(postscript.clean_postscript, Code.UNMACIFIED, {"NAME.ps": _PS + b"\x04"}),
    Example(postscript.clean_postscript, Code.TRUNCATED, {"NAME.ps": _PS[:-1]}),
    Example(
        postscript.clean_postscript,
        Code.POSTSCRIPT_PREVIEW_STRIPPED,
        {"NAME.ps": _PS + _PREVIEW + _PS},
    ),
    Example(
        postscript.clean_postscript,
        Code.POSTSCRIPT_PREVIEW_STRIPPING_FAILED,
        {"NAME.ps": _PS + _PREVIEW[:18]},
    ),
    Example(
        postscript.clean_postscript, Code.POSTSCRIPT_FILE_REPAIRED, {"NAME.ps": b"%\x04" + _PS}
    ),
    Example(postscript.clean_postscript, Code.POSTSCRIPT_HEADER_REPAIRED, {"NAME.ps": _X}),
    Example(images.note_unsupported_image, Code.UNSUPPORTED_IMAGE, {"NAME.tif": b"II*\0" + _X}),
    Example(dos_eps.strip_tiff_preview, Code.LEADING_TIFF_PREVIEW_STRIPPED, {"NAME.eps": _LEADING}),
    Example(
        dos_eps.strip_tiff_preview, Code.TRAILING_TIFF_PREVIEW_STRIPPED, {"NAME.eps": _TRAILING}
    ),
    Example(dos_eps.strip_tiff_preview, Code.BACKUP_FILE, {"NAME.eps": _TRAILING}),
    Example(dos_eps.strip_tiff_preview, Code.STRIP_PREVIEW_FAILED, {"NAME.eps": _LEADING[:20]}),
    Example(unread.warn_of_unread_archive, Code.UNREAD_ARCHIVE, {"NAME.7z": b"7z\xbc\xaf\x27\x1c"}),
    Example(unread.warn_of_unread_archive, Code.SPLIT_ARCHIVE, {"NAME.z01": b"PK\x07\x08" + _X}),
    Example(unread.warn_of_unread_archive, Code.EMPTY_ARCHIVE, {"NAME.zip": b"PK\5\6" + bytes(18)}),
    Example(unread.warn_of_unread_archive, Code.EMPTY_ARCHIVE, {"NAME.tar": bytes(1024)}),
    Example(unread.warn_of_wide_text, Code.WIDE_TEXT, {"NAME.tex": TEX.decode().encode("utf-16")}),
    Example(images.refuse_rar, Code.RAR_NOT_SUPPORTED, {"NAME.rar": b"Rar!\x1a\x07\0" + _X}),
)
_OF_ARCHIVES = (
    Example(unpack.unpack_tar, Code.UNPACKED, {"NAME.tar": a_tar({"a.tex": TEX})}),
    Example(unpack.unpack_tar, Code.CONTAINS_DISALLOWED_FILES, {"NAME.tar": _LINK}),
    Example(unpack.unpack_tar, Code.TAR_FILE_UNREADABLE, {"NAME.tar": _NO_TAR, "a.tex": TEX}),
    Example(unpack.unpack_tar, Code.UNPACK_ERROR, {"NAME": gzip.compress(TEX)[:-4], "a.tex": TEX}),
    Example(unpack.unpack_tar, Code.RENAME_CONFLICT, {"NAME": _X, "NAME.bz2": bz2.compress(TEX)}),
    Example(unpack.unpack_zip, Code.UNPACKED, {"NAME.zip": a_zip({"a.tex": TEX})}),
    Example(unpack.unpack_zip, Code.CONTAINS_DISALLOWED_FILES, {"NAME.zip": a_zip({"../a": _X})}),
    Example(unpack.unpack_zip, Code.UNPACK_ERROR, {"NAME.zip": b"PK\3\4" + _X, "a.tex": TEX}),
)
_OF_TREES = (
    Example(
        top_level.remove_top_level_directory,
        Code.TOP_LEVEL_DIRECTORY_REMOVED,
        {"NAME.tar": a_tar({"d/a.tex": TEX, "d/b.tex": _X})},
    ),
    Example(
        top_level.remove_top_level_directory,
        Code.NAME_COLLISION,
        {"NAME.tar": a_tar({"anc/a": _X, "d/anc/a": TEX, "d/b.tex": TEX})},
    ),
    Example(source_type.judge_source_type, Code.INVALID_SOURCE_TYPE, {"NAME.txt": _X}),
    Example(
        source_type.judge_source_type, Code.INVALID_SOURCE_TYPE, {"NAME.png": b"\x89PNG\r\n\x1a\n"}
    ),
    Example(source_type.judge_source_type, Code.INVALID_SOURCE_TYPE, {"head.tmp": _X}),
    Example(
        source_type.judge_source_type, Code.INVALID_SOURCE_TYPE, {"head.tmp": _X, "body.tmp": TEX}
    ),
    Example(source_type.judge_source_type, Code.DOCX_NOT_SUPPORTED, {"NAME.docx": b"PK\3\4" + _X}),
    Example(
        source_type.judge_source_type, Code.DOCUMENT_NOT_SUPPORTED, {"NAME.docm": b"PK\3\4" + _X}
    ),
    Example(source_type.judge_source_type, Code.ODF_NOT_SUPPORTED, {"NAME.odt": b"PK\3\4" + _X}),
    Example(source_type.judge_source_type, Code.SINGLE_AUXILIARY_TEX_FILE, {"NAME.sty": _X}),
    Example(source_type.judge_source_type, Code.UNPACK_ERROR, {"NAME.zip": b"PK\3\4" + _X}),
    Example(references.look_for_references, Code.BIB_WITH_BBL, {"NAME.bib": _X, "NAME.bbl": _X}),
    Example(references.look_for_references, Code.BIB_NO_BBL, {"NAME.bib": _X}),
    Example(references.look_for_references, Code.BBL_MISSING, {"NAME.bib": _X}),
)
_OF_PLACES = (
    Example(
        None,
        Code.NAME_COLLISION,
        {"NAME.tar": a_tar({"\u00e9": _X, "e\u0301": TEX})},
    ),
    Example(None, Code.PATH_IN_THE_WAY, {"NAME": _X, "NAME/a": TEX}),
    Example(None, Code.UNUSABLE_NAME, {"NAME.tar": a_tar({"d./a": _X, "b": TEX})}),
    Example(
        None,
        Code.ARCHIVE_MEMBER_RENAMED,
        {"a.zip": a_zip({"NAME": _X}), "b.zip": a_zip({"NAME": TEX})},
    ),
    Example(None, Code.MEMBERS_LEFT_OUT, {"NAME.tar": _LINK}),
    Example(
        None,
        Code.MEMBER_PATH_CHANGED,
        {"a.zip": A_ZIP},
        unpacker=_hand_made(Member("NAME", Bytes(_X), "/NAME", (PathChange.ROOT_DROPPED,))),
    ),
    Example(
        None,
        Code.TRAILING_BYTES,
        {"NAME.zip": A_ZIP},
        unpacker=_hand_made(Member("a", Bytes(_X)), trailing_bytes=7),
    ),
    Example(None, Code.DUPLICATE_MEMBER, {"a.tar": a_tar([("NAME", _X), ("NAME", TEX)])}),
)
_OF_GENERIC = (
    (hidden.remove_leftovers, Code.HIDDEN_FILES, {"Thumbs.db": _X}),
    (names.refuse_drive_letter, Code.DRIVE_LETTER, {"C:\\NAME": _X}),
    (names.replace_reserved_characters, Code.UNUSABLE_NAME, {"NA:ME": _X}),
    (names.note_reserved_name, Code.RESERVED_NAME, {"con.tex": _X}),
    (names.note_reserved_directory, Code.RESERVED_NAME, {"aux/a.tex": _X}),
    (names.rename_case_twin, Code.NAMES_DIFFER_BY_CASE, {"NAME": _X, "name": TEX}),
    (images.note_active_content, Code.ACTIVE_CONTENT, {"NAME.exe": _X}),
    (unread.note_unread_archive, Code.UNREAD_ARCHIVE, {"NAME.rar": b"Rar!\x1a\x07\0" + _X}),
    (unread.note_unread_archive, Code.SPLIT_ARCHIVE, {"NAME.zip.001": b"PK\3\4" + _X}),
    (unread.note_unread_archive, Code.EMPTY_ARCHIVE, {"NAME.zip": b"PK\5\6" + bytes(18)}),
    (unpack.unpack_tar_only, Code.UNPACKED, {"NAME.tar": a_tar({"a.tex": TEX})}),
    (unpack.unpack_tar_only, Code.CONTAINS_DISALLOWED_FILES, {"NAME.tar": _LINK}),
    (unpack.unpack_tar_only, Code.TAR_FILE_UNREADABLE, {"NAME.tar": _NO_TAR}),
    (unpack.unpack_tar_only, Code.UNPACK_ERROR, {"NAME.tar": a_tar({"a": TEX})[:600]}),
    (unpack.unpack_zip_only, Code.UNPACKED, {"NAME.zip": a_zip({"a.tex": TEX})}),
    (unpack.unpack_zip_only, Code.CONTAINS_DISALLOWED_FILES, {"NAME.zip": a_zip({"../a": _X})}),
    (unpack.unpack_zip_only, Code.UNPACK_ERROR, {"NAME.zip": b"PK\3\4" + _X}),
)

EXAMPLES = (
    *(*_OF_FILES, *_OF_ARCHIVES, *_OF_TREES, *_OF_PLACES),
    *(Example(check, code, files, GENERIC) for check, code, files in _OF_GENERIC),
)
