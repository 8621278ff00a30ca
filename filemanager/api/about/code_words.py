"""What each stable code means: what a refusal's ``type`` and a finding's ``help`` lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files

from filemanager.api.http.dialects import status_code
from filemanager.api.http.errors import status_of_kind
from filemanager.domain import errors
from filemanager.sanitize.codes import Code
from filemanager.sanitize.hints import hint_on

INTERNAL = "internal"
"""The code of a failure that is nobody's fault but ours."""

_STATUSES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.LENGTH_REQUIRED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    HTTPStatus.EXPECTATION_FAILED,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    HTTPStatus.NOT_IMPLEMENTED,
)
"""Those of refusals that are no error of ours; each has a code of its own."""

_PROBLEMS = "problems.txt"
_READ_THE_DETAIL = "Read the `detail` of the answer, which says what was refused and what to do."

_OF_FINDING: Mapping[Code, str] = {
    Code.HIDDEN_FILES: "A hidden file or directory of an operating system was removed.",
    Code.HIDDEN_FILES_DOT: "A file whose name begins with a dot was removed.",
    Code.ZERO_LENGTH: "A file without a byte was removed.",
    Code.PROCESSED_DIRECTORY: "A directory is called `processed`, as tools name their products.",
    Code.FIXED_WINDOWS_NAME: "A file whose name was a Windows path was renamed.",
    Code.POSSIBLE_BACKUP_FILE: "A file looks like an editor's backup. Delete it if it is one.",
    Code.FILENAME_ILLEGAL_CHARACTERS: "A file was renamed: its name held characters that other"
    " tools cannot take.",
    Code.FILENAME_LEADING_HYPHEN: "A file was renamed: its name began with a hyphen.",
    Code.HYPERLINK_COMPATIBLE_PACKAGE: "A style file was removed, since a copy that works with"
    " hyperlinks is installed where papers are compiled.",
    Code.DOT_TEX_DETECTED: "A file name ends in a way that hides a TeX file.",
    Code.DISALLOWED_FILE: "A file was removed, since its name is that of junk or of a product.",
    Code.NAME_CONFLICT: "A product was removed: it bears the name of the TeX file it is made from.",
    Code.MS_WORD_NOT_SUPPORTED: "Microsoft Word files are not taken. Send a PDF instead.",
    Code.DVI_NOT_ALLOWED: "DVI files are not taken. Send the TeX source they were made from.",
    Code.FIXED_EXTENSION: "A file was renamed: its ending did not fit what it holds.",
    Code.UNMACIFIED: "Line ends of an older Macintosh or of DOS were changed to line feeds.",
    Code.TRUNCATED: "Bytes behind the end of a text were cut off.",
    Code.POSTSCRIPT_PREVIEW_STRIPPED: "A preview picture was cut out of a PostScript file.",
    Code.POSTSCRIPT_PREVIEW_STRIPPING_FAILED: "A preview picture in a PostScript file could not be"
    " cut out. Save the figure again without a preview.",
    Code.POSTSCRIPT_FILE_REPAIRED: "Bytes around the PostScript in a file were cut off.",
    Code.POSTSCRIPT_HEADER_REPAIRED: "The first line of a PostScript file was repaired.",
    Code.UNSUPPORTED_IMAGE: "A picture is of a kind that TeX cannot include. Convert it.",
    Code.STRIP_PREVIEW_FAILED: "A TIFF preview in a DOS EPS file could not be cut out.",
    Code.LEADING_TIFF_PREVIEW_STRIPPED: "A TIFF preview before the PostScript was cut out.",
    Code.TRAILING_TIFF_PREVIEW_STRIPPED: "A TIFF preview behind the PostScript was cut out.",
    Code.BACKUP_FILE: "The file as it was before a repair is kept among the removed ones.",
    Code.RAR_NOT_SUPPORTED: "RAR archives are not read. Send a tar or a zip.",
    Code.INVALID_SOURCE_TYPE: "The files together are nothing that can be processed.",
    Code.DOCX_NOT_SUPPORTED: "DOCX documents are not taken. Send a PDF instead.",
    Code.ODF_NOT_SUPPORTED: "OpenDocument files are not taken. Send a PDF instead.",
    Code.SINGLE_AUXILIARY_TEX_FILE: "The only file is one that TeX makes, not one it reads.",
    Code.BIB_WITH_BBL: "A bibliography database was removed, since its `.bbl` is there.",
    Code.BIB_NO_BBL: "A bibliography database is there, but not the `.bbl` made from it.",
    Code.BBL_MISSING: "The `.bbl` of the TeX file is missing: references may not show.",
    Code.TAR_FILE_UNREADABLE: "A file that says it is a tar could not be read as one.",
    Code.UNPACK_ERROR: "An archive is broken, ambiguous or malicious: nothing of it was taken.",
    Code.CONTAINS_DISALLOWED_FILES: "A link, a device or another special member of an archive was"
    " left out.",
    Code.TOP_LEVEL_DIRECTORY_REMOVED: "All files lay in one directory and were moved out of it.",
    Code.DOCUMENT_NOT_SUPPORTED: "A word processor's document (`.docm`, `.dotx`, `.pages` and the"
    " like) is not taken. Send a PDF instead.",
    Code.UNPACKED: "An archive was unpacked and its own bytes were not kept.",
    Code.GZIP_ENDING_CUT: "The ending of a compression was cut off a name.",
    Code.RENAME_CONFLICT: "A rename was not done, since a file of the new name is there already.",
    Code.NAME_COLLISION: "Two names became one; one of the files got a number.",
    Code.PATH_IN_THE_WAY: "A directory bore the name of a file and got a number.",
    Code.UNUSABLE_NAME: "A name that cannot be stored was replaced by a safe one.",
    Code.DUPLICATE_MEMBER: "An archive held a path twice: the later one is used, the earlier one is"
    " kept among the removed files.",
    Code.ARCHIVE_MEMBER_RENAMED: "Two archives of one upload held a path; the file of the later one"
    " got a number.",
    Code.MEMBERS_LEFT_OUT: "A member of an archive was not taken. It is said until a file is at"
    " its path, or the archive is deleted or sent again. An archive of which some was taken is kept"
    " among the removed files.",
    Code.MEMBER_PATH_CHANGED: "A member of an archive has another path: a leading `/` was dropped,"
    " or a name longer than 255 bytes was shortened.",
    Code.TRAILING_BYTES: "Bytes behind the end of compressed data belong to nothing and were not"
    " taken.",
    Code.NAMES_DIFFER_BY_CASE: "Two names differ by case only, which some systems cannot hold.",
    Code.RESERVED_NAME: "A name that Windows takes for a device (`aux`, `con`, `nul` …). It stays"
    " as it is, and cannot be unpacked on Windows.",
    Code.UNREAD_ARCHIVE: "An archive of a kind that is not read (7z, RAR, lz4 …) stays as it is.",
    Code.SPLIT_ARCHIVE: "One part of a split archive (`.z01`, `.001`, `.part1.rar`) stays as it"
    " is.",
    Code.EMPTY_ARCHIVE: "An archive without a file in it.",
    Code.WIDE_TEXT: "A text in UTF-16 or UTF-32, which TeX does not read. It is kept to the byte.",
    Code.DRIVE_LETTER: "A path that names a drive was refused.",
    Code.ACTIVE_CONTENT: "A file holds what a browser or a reader could run.",
    Code.UNREACHED_FILE: "No main file leads to this file. Delete it if it is not needed: sources"
    " are public.",
    Code.PRIVATE_REMARK: "A TeX file holds remarks for co-authors (`TODO`, `FIXME`, `XXX`,"
    " `\\todo`). Sources are public.",
    Code.COMMENTS_VISIBLE: "TeX files hold comments. Sources are public, and comments with them.",
    Code.CREDENTIAL_FOUND: "A text holds what looks like a private key or an access token. Withdraw"
    " it where it was issued, and take it out. The finding never repeats it.",
    Code.LARGE_IMAGE: "A picture has more than 34 megapixels, a page of A4 at 600 dpi.",
    Code.PDF_JAVASCRIPT: "A PDF names a script. Compressed parts of PDF files are not looked at.",
    Code.README_DIRECTIVES: "What the `00README` file asks of the compilation.",
    Code.README_TOO_LARGE: "A `00README` file is larger than 8 KiB (`00README.XXX`: 64 KiB), or"
    " has a key of more than eight parts. It is not read, as if it were not there.",
    Code.README_UNREADABLE: "The `00README` file is not in one of the forms that are read: JSON,"
    " TOML, YAML in block form, or a file and a word on each line.",
    Code.MAIN_FILE: "Which file seems to be the main one, and for which engine.",
    Code.MISSING_FILE: "A TeX file names a file that is not in the upload, nor in TeX Live as far"
    " as is known here, or that is where TeX does not look.",
    Code.RENAMED_FILE_NAMED: "A TeX file names a file by the name that it had before it was renamed"
    " here.",
    Code.CASE_DIFFERS: "A TeX file names a file in other capitals than it has. On many systems it"
    " is not found.",
    Code.ADVICE_INCOMPLETE: "Not every file could be looked at, or not the whole of one, so that"
    " less is told. Files that were not looked at yet are when findings are asked for again.",
    Code.NOT_CHECKED: "A check took the file for junk, and somebody brought it back: the checks"
    " behind that one have not seen it. Said until the workspace is checked again.",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A code of a refusal: its status, what it means, and what to do now."""

    status: HTTPStatus
    meaning: str
    remedy: str


class CodeUnknown(errors.NotFound):
    code = "code_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such code. /docs lists all there are.")


def error_words() -> Mapping[str, Explained]:
    """Every code that a refusal may carry."""
    found = {INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR}
    found |= {status_code(status): status for status in _STATUSES}
    found |= {kind.code: status_of_kind(kind) for kind in error_kinds()}
    return {code: _explained(code, status) for code, status in sorted(found.items())}


def _explained(code: str, status: HTTPStatus) -> Explained:
    """Where nobody wrote words down, a test fails and readers are told what is known."""
    unwritten = f"A refusal with {status.value} {status.phrase}.", _READ_THE_DETAIL
    return Explained(status, *problem_words().get(code, unwritten))


@cache
def problem_words() -> Mapping[str, tuple[str, str]]:
    """What each code means and what to do now, as it is written down."""
    text = (files("filemanager.api.about") / _PROBLEMS).read_text("utf-8")
    _, *paragraphs = text.strip().split("\n\n")
    written = (paragraph.split("\n") for paragraph in paragraphs)
    return {code: (meaning, remedy) for code, meaning, remedy in written}


def error_kinds() -> Iterator[type[errors.FilemanagerError]]:
    """Every refusal of ours."""
    waiting = errors.FilemanagerError.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        yield kind


def finding_words() -> Mapping[str, str]:
    """Every code of a finding, with what it means and what can be done."""
    return {
        str(code): f"{words} {hint_on(code) or ''}".rstrip()
        for code, words in sorted(_OF_FINDING.items())
    }
