"""What the whole source is, and files that cannot be all of it (no. 32, 33).

A function of the tree as it is, so that an upload and a person's change come to the same answer.
"""

from collections.abc import Iterator

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Severity
from filemanager.domain.trees.kinds import TEX_FAMILY, FileKind, SourceFormat
from filemanager.sanitize.actions import (
    Judge,
    Note,
    On,
    TreeAction,
    Weigh,
    Withdraw,
    fatal,
    warn,
)
from filemanager.sanitize.check import Sibling, Tree
from filemanager.sanitize.codes import Code

_ONE_FILE = {
    FileKind.POSTSCRIPT: SourceFormat.PS,
    FileKind.PDF: SourceFormat.PDF,
    FileKind.HTML: SourceFormat.HTML,
    **dict.fromkeys(TEX_FAMILY, SourceFormat.TEX),
}
_WITH_HTML = frozenset(
    {
        *(FileKind.HTML, FileKind.IMAGE, FileKind.INCLUDE),
        *(FileKind.POSTSCRIPT, FileKind.PDF, FileKind.README),
    }
)
_WITH_POSTSCRIPT = frozenset(
    {FileKind.POSTSCRIPT, FileKind.PDF, FileKind.ALWAYS_IGNORE, FileKind.IMAGE}
)

_LONE_ANCILLARY = "Found single ancillary file. Invalid submission."
_UNKNOWN = "Could not determine file type."
_UNSUPPORTED = "Unsupported submission type"
_ALL_IGNORED = (
    "All files are auto-ignore. If you intended to withdraw the article, please use the 'withdraw'"
    " function from the list of articles on your account page."
)

_LONE_FILES = {
    FileKind.DOCX: fatal(
        Code.DOCX_NOT_SUPPORTED,
        "Submissions in docx are no longer supported. Please create a PDF file and submit that"
        " instead. Server side conversion of .docx to PDF may lead to incorrect font"
        " substitutions, among other problems, and your own PDF is likely to be more accurate.",
    ),
    FileKind.ODF: fatal(
        Code.ODF_NOT_SUPPORTED,
        "Unfortunately arXiv does not support ODF. Please submit PDF instead.",
    ),
    FileKind.TEXAUX: fatal(
        Code.SINGLE_AUXILIARY_TEX_FILE,
        "This file appears to be a single auxiliary TeX file.",
    ),
}
_LONE_CODES = frozenset(
    {*(note.code for note in _LONE_FILES.values()), Code.DOCUMENT_NOT_SUPPORTED}
)
_NAMED_BY_THE_ORIGINAL = {FileKind.DOCX: ".docx", FileKind.ODF: ".odt"}


def judge_source_type(tree: Tree) -> Iterator[TreeAction]:
    """Say what the source is as a whole, and refuse what can be no submission.

    The kinds of the files decide: one of TeX, PostScript, PDF or HTML alone, or a mixture.
    """
    yield from _look_at_lone_file(tree)
    yield _judgement(tree)


def name_source_type(tree: Tree) -> Iterator[TreeAction]:
    """Say what the source is as a whole.

    The same answer as for ``arxiv``, and nothing said about it: other profiles take files of
    any kind.
    """
    yield Judge(_judgement(tree).source_format)


def _judgement(tree: Tree) -> Judge:
    count = tree.count(Area.SOURCE)
    if not count:
        return _of_nothing(tree)
    kinds = frozenset(kind for kind, number in tree.kinds().items() if number)
    return _of_one(next(iter(kinds))) if count == 1 else _of_several(kinds)


def _of_nothing(tree: Tree) -> Judge:
    """Empty is no fault of its own; ancillary files alone are, and archives that left nothing."""
    if tree.count(Area.ANCILLARY):
        return _invalid(_LONE_ANCILLARY)
    return _invalid(_UNSUPPORTED) if tree.has_unpacked() else Judge(SourceFormat.INVALID)


def _of_one(kind: FileKind) -> Judge:
    if source_format := _ONE_FILE.get(kind):
        return Judge(source_format)
    if kind is FileKind.ALWAYS_IGNORE:
        return _invalid(_LONE_ANCILLARY)
    return _invalid(_UNKNOWN if kind is FileKind.FAILED else _UNSUPPORTED)


def _invalid(message: str) -> Judge:
    return Judge(SourceFormat.INVALID, fatal(Code.INVALID_SOURCE_TYPE, message))


def _of_several(kinds: frozenset[FileKind]) -> Judge:
    """Everything that is nothing else is TeX, as in the original."""
    if kinds == {FileKind.ALWAYS_IGNORE}:
        note = warn(Code.INVALID_SOURCE_TYPE, _ALL_IGNORED, persistent=False)
        return Judge(SourceFormat.INVALID, note)
    if FileKind.HTML in kinds and kinds <= _WITH_HTML:
        return Judge(SourceFormat.HTML)
    if FileKind.POSTSCRIPT in kinds and kinds <= _WITH_POSTSCRIPT:
        return Judge(SourceFormat.PS)
    return Judge(SourceFormat.TEX)


def _look_at_lone_file(tree: Tree) -> Iterator[TreeAction]:
    """What is said of a lone file holds only while it is alone."""
    lone, former = tree.sole_source(), tree.formerly_sole()
    if former and (lone is None or lone.path != former.path):
        yield On(former.area, former.path, Withdraw(_LONE_CODES))
        yield On(former.area, former.path, Weigh(Code.UNPACK_ERROR, Severity.WARN))
    if lone is None:
        return
    yield On(lone.area, lone.path, Withdraw(_LONE_CODES))
    if note := _note_on_lone_file(lone):
        yield On(lone.area, lone.path, note)
    yield On(lone.area, lone.path, Weigh(Code.UNPACK_ERROR, Severity.FATAL))


def _note_on_lone_file(lone: Sibling) -> Note | None:
    """Documents that the original did not know are refused in words of their own."""
    ending = _NAMED_BY_THE_ORIGINAL.get(lone.kind)
    if ending is None or lone.path.lower().endswith(ending):
        return _LONE_FILES.get(lone.kind)
    message = (
        f"'{lone.path.name}' is a document of a word processor, which is not supported."
        " Please create a PDF file and submit that instead."
    )
    return fatal(Code.DOCUMENT_NOT_SUPPORTED, message)
