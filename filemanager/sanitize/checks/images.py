"""Kinds of files that nothing here can show or convert (no. 22, 23, 28, 31), and active ones."""

from collections.abc import Iterable

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, fatal, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code

_UNSUPPORTED_IMAGES = (".pcx", ".bmp", ".wmf", ".opj", ".pct", ".tif", ".tiff")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
_ACTIVE_ENDINGS = (
    *(".html", ".htm", ".xhtml", ".svg", ".hta", ".js", ".vbs", ".ps1", ".bat", ".cmd"),
    *(".scr", ".lnk", ".jar", ".exe", ".dll", ".com", ".msi"),
)
_WORD_REFUSED = (
    "Your submission has been rejected because it contains one or more files with extension .doc,"
    " assumed to be MSWord files. Sadly, MSWord is not an acceptable submission format: see"
    ' <a href="/help/submit">submission help</a> for details of accepted formats. If your document'
    " was created using MSWord then it is probably best to submit as PDF (MSWord can produce"
    " marginal and/or non-compliant PostScript). If your submission includes files with extension"
    " .doc which are not MSWord documents, please rename to a different extension and resubmit."
)


def refuse_word(file: File, _tree: Tree) -> Iterable[Action]:
    """Refuse a file of unknown kind whose name ends in ``.doc``.

    It is taken for a document of Microsoft Word.
    """
    if file.kind is not FileKind.FAILED or not file.name.endswith(".doc"):
        return ()
    return (fatal(Code.MS_WORD_NOT_SUPPORTED, _WORD_REFUSED),)


def refuse_dvi(file: File, _tree: Tree) -> Iterable[Action]:
    """Refuse a DVI file that is not ancillary.

    TeX makes it from a source, which is wanted. The original crashed here; the text is the
    one it meant.
    """
    if file.kind is not FileKind.DVI or file.is_ancillary:
        return ()
    message = f"{file.name} is a TeX-produced DVI file. Please submit the TeX source instead."
    return (fatal(Code.DVI_NOT_ALLOWED, message),)


def note_unsupported_image(file: File, _tree: Tree) -> Iterable[Action]:
    """Warn of an image called ``.pcx .bmp .wmf .opj .pct .tif .tiff``, in any case.

    TeX shows none of them. The original crashed here; the text says what it meant.
    """
    if file.kind is not FileKind.IMAGE or not file.lowered.endswith(_UNSUPPORTED_IMAGES):
        return ()
    ending = file.name.rpartition(".")[2]
    message = (
        f"'{ending}' is not a supported graphics format. Please save '{file.name}' as PostScript,"
        " PNG, JPEG or GIF instead."
    )
    return (warn(Code.UNSUPPORTED_IMAGE, message, persistent=True),)


def refuse_rar(file: File, _tree: Tree) -> Iterable[Action]:
    """Refuse a RAR archive.

    Nothing here takes it apart.
    """
    if file.kind is not FileKind.RAR:
        return ()
    message = "We do not support 'rar' files. Please use 'zip' or 'tar' instead."
    return (fatal(Code.RAR_NOT_SUPPORTED, message),)


def note_active_content(file: File, _tree: Tree) -> Iterable[Action]:
    """Warn of what a click may run, by its ending or its first bytes.

    It is kept, and never served as anything a browser opens.
    """
    is_active = file.lowered.endswith(_ACTIVE_ENDINGS) or file.content.head(4).startswith(_PROGRAMS)
    if not is_active:
        return ()
    message = f"'{file.name}' may run as a program when it is opened."
    return (warn(Code.ACTIVE_CONTENT, message, persistent=True),)
