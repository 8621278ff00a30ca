"""What an author can do about a finding, in words beside those of the original."""

from collections.abc import Mapping

from filemanager.sanitize.codes import Code

_PACK_AGAIN = "Please pack the files again as .zip or .tar.gz."
_AS_PDF = "Please save the document as PDF and send that."
_RENAME_HERE = "Please rename the file on your computer too, where other files name it."

_HINTS: Mapping[str, str] = {
    Code.UNPACK_ERROR: _PACK_AGAIN,
    Code.TAR_FILE_UNREADABLE: _PACK_AGAIN,
    Code.RAR_NOT_SUPPORTED: _PACK_AGAIN,
    Code.UNREAD_ARCHIVE: _PACK_AGAIN,
    Code.SPLIT_ARCHIVE: f"{_PACK_AGAIN} One archive, not in parts.",
    Code.EMPTY_ARCHIVE: f"Please look whether the right files were chosen. {_PACK_AGAIN}",
    Code.CONTAINS_DISALLOWED_FILES: "Please pack the files themselves, not links to them.",
    Code.DOCX_NOT_SUPPORTED: _AS_PDF,
    Code.ODF_NOT_SUPPORTED: _AS_PDF,
    Code.DOCUMENT_NOT_SUPPORTED: _AS_PDF,
    Code.MS_WORD_NOT_SUPPORTED: _AS_PDF,
    Code.DVI_NOT_ALLOWED: "Please send the TeX source that the DVI file was made from.",
    Code.WIDE_TEXT: "Please save the file as UTF-8.",
    Code.INVALID_SOURCE_TYPE: "Please send TeX sources, or one PDF, PostScript or HTML document.",
    Code.SINGLE_AUXILIARY_TEX_FILE: "Please send the main TeX file too.",
    Code.BBL_MISSING: "Please run BibTeX and send the .bbl file beside the .tex file.",
    Code.BIB_NO_BBL: "Please run BibTeX and send the .bbl file beside the .tex file.",
    Code.UNSUPPORTED_IMAGE: "Please convert the picture to PDF, PNG or JPEG.",
    Code.POSSIBLE_BACKUP_FILE: "Please delete the file if it is not needed.",
    Code.TRUNCATED: "Please look whether the end of the file is missing.",
    Code.FILENAME_ILLEGAL_CHARACTERS: _RENAME_HERE,
    Code.FILENAME_LEADING_HYPHEN: _RENAME_HERE,
    Code.FIXED_EXTENSION: "Please look whether a TeX file names the old ending.",
    Code.RENAME_CONFLICT: "Please give one of the two files another name.",
    Code.NAME_COLLISION: "Please give one of the two files another name.",
    Code.PATH_IN_THE_WAY: "Please give the file or the directory another name.",
    Code.NAMES_DIFFER_BY_CASE: "Please give one of the two files another name.",
    Code.RESERVED_NAME: "Rename it if others are to unpack the files on Windows.",
    Code.NOT_CHECKED: "Please have the workspace checked again.",
    Code.UNMACIFIED: "If the file is no text, undo the change.",
    Code.CREDENTIAL_FOUND: "Please withdraw it where it was issued, and take it out of the file.",
}


def hint_on(code: str) -> str | None:
    return _HINTS.get(code)
