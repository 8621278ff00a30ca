"""The stable words for what checks find. They are part of the v2 API."""

from enum import StrEnum

from filemanager.domain.trees.findings import LEFT_OUT


class Code(StrEnum):
    """Those of the original service first, then ours."""

    HIDDEN_FILES = "hidden_files"
    HIDDEN_FILES_DOT = "hidden_files_dot"
    ZERO_LENGTH = "zero_length"
    PROCESSED_DIRECTORY = "processed_directory"
    FIXED_WINDOWS_NAME = "fixed_windows_name"
    POSSIBLE_BACKUP_FILE = "possible_backup_file"
    FILENAME_ILLEGAL_CHARACTERS = "filename_illegal_characters"
    FILENAME_LEADING_HYPHEN = "filename_leading_hyphen"
    HYPERLINK_COMPATIBLE_PACKAGE = "hyperlink_compatible_package"
    DOT_TEX_DETECTED = "dot_tex_detected"
    DISALLOWED_FILE = "disallowed_file"
    NAME_CONFLICT = "name_conflict"
    MS_WORD_NOT_SUPPORTED = "ms_word_not_supported"
    DVI_NOT_ALLOWED = "dvi_not_allowed"
    FIXED_EXTENSION = "fixed_extension"
    UNMACIFIED = "unmacified"
    TRUNCATED = "truncated"
    POSTSCRIPT_PREVIEW_STRIPPED = "postscript_preview_stripped"
    POSTSCRIPT_PREVIEW_STRIPPING_FAILED = "postscript_preview_stripping_failed"
    POSTSCRIPT_FILE_REPAIRED = "postscript_file_repaired"
    POSTSCRIPT_HEADER_REPAIRED = "postscript_header_repaired"
    UNSUPPORTED_IMAGE = "unsupported_image"
    STRIP_PREVIEW_FAILED = "strip_preview_failed"
    LEADING_TIFF_PREVIEW_STRIPPED = "leading_tiff_preview_stripped"
    TRAILING_TIFF_PREVIEW_STRIPPED = "trailing_tiff_preview_stripped"
    BACKUP_FILE = "backup_file"
    RAR_NOT_SUPPORTED = "rar_not_supported"
    INVALID_SOURCE_TYPE = "invalid_source_type"
    DOCX_NOT_SUPPORTED = "docx_not_supported"
    ODF_NOT_SUPPORTED = "odf_not_supported"
    SINGLE_AUXILIARY_TEX_FILE = "single_auxiliary_tex_file"
    BIB_WITH_BBL = "bib_with_bbl"
    BIB_NO_BBL = "bib_no_bbl"
    BBL_MISSING = "bbl_missing"
    TAR_FILE_UNREADABLE = "tar_file_unreadable"
    UNPACK_ERROR = "unpack_error"
    CONTAINS_DISALLOWED_FILES = "contains_disallowed_files"
    TOP_LEVEL_DIRECTORY_REMOVED = "top_level_directory_removed"

    DOCUMENT_NOT_SUPPORTED = "document_not_supported"
    UNPACKED = "unpacked"
    GZIP_ENDING_CUT = "gzip_ending_cut"
    RENAME_CONFLICT = "rename_conflict"
    NAME_COLLISION = "name_collision"
    PATH_IN_THE_WAY = "path_in_the_way"
    UNUSABLE_NAME = "unusable_name"
    DUPLICATE_MEMBER = "duplicate_member"
    ARCHIVE_MEMBER_RENAMED = "archive_member_renamed"
    MEMBERS_LEFT_OUT = LEFT_OUT
    MEMBER_PATH_CHANGED = "member_path_changed"
    TRAILING_BYTES = "trailing_bytes"
    NAMES_DIFFER_BY_CASE = "names_differ_by_case"
    RESERVED_NAME = "reserved_name"
    UNREAD_ARCHIVE = "unread_archive"
    SPLIT_ARCHIVE = "split_archive"
    EMPTY_ARCHIVE = "empty_archive"
    WIDE_TEXT = "utf16_text"
    DRIVE_LETTER = "drive_letter"
    ACTIVE_CONTENT = "active_content"

    UNREACHED_FILE = "unreached_file"
    PRIVATE_REMARK = "private_remark"
    COMMENTS_VISIBLE = "comments_visible"
    CREDENTIAL_FOUND = "credential_found"
    LARGE_IMAGE = "large_image"
    PDF_JAVASCRIPT = "pdf_javascript"
    README_DIRECTIVES = "readme_directives"
    README_TOO_LARGE = "readme_too_large"
    README_UNREADABLE = "readme_unreadable"
    MAIN_FILE = "main_file"
    MISSING_FILE = "missing_file"
    RENAMED_FILE_NAMED = "renamed_file_named"
    CASE_DIFFERS = "case_differs"
    ADVICE_INCOMPLETE = "advice_incomplete"

    NOT_CHECKED = "not_checked"


OF_EDITS: frozenset[str] = frozenset({Code.NOT_CHECKED})
"""Said by no check: of what a person did."""

V2_ALONE: frozenset[str] = frozenset(
    {
        Code.RESERVED_NAME,
        Code.NAMES_DIFFER_BY_CASE,
        Code.UNREAD_ARCHIVE,
        Code.SPLIT_ARCHIVE,
        Code.EMPTY_ARCHIVE,
    }
)
"""Codes whose ``info`` the original's clients are not told: it changes nothing."""

REPAIRS: frozenset[str] = frozenset(
    {
        Code.UNMACIFIED,
        Code.TRUNCATED,
        Code.POSTSCRIPT_PREVIEW_STRIPPED,
        Code.POSTSCRIPT_PREVIEW_STRIPPING_FAILED,
        Code.POSTSCRIPT_FILE_REPAIRED,
        Code.POSTSCRIPT_HEADER_REPAIRED,
        Code.LEADING_TIFF_PREVIEW_STRIPPED,
        Code.TRAILING_TIFF_PREVIEW_STRIPPED,
    }
)
"""Codes that speak of bytes which a repair changed: without it they say nothing true."""

RESTORABLE: frozenset[str] = frozenset(
    {
        Code.HIDDEN_FILES,
        Code.HIDDEN_FILES_DOT,
        Code.ZERO_LENGTH,
        Code.HYPERLINK_COMPATIBLE_PACKAGE,
        Code.DISALLOWED_FILE,
        Code.NAME_CONFLICT,
        Code.BACKUP_FILE,
        Code.BIB_WITH_BBL,
        Code.DUPLICATE_MEMBER,
        Code.MEMBERS_LEFT_OUT,
    }
)
"""Codes of removals that a person may undo: the check took the file for junk, not for a danger, or
kept an archive of which not all was taken."""
