"""Files that are known by name to harm a TeX submission (no. 10 to 16)."""

import re
from collections.abc import Iterable

from filemanager.sanitize.actions import Action, Remove, info, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code

_HYPERLINK_STYLES = frozenset({"espcrc2.sty", "lamuphys.sty"})
_HYPERLINK_SOURCES = frozenset({"espcrc2.tex", "lamuphys.tex"})
_DISALLOWED = frozenset({"uufiles", "core", "splread.1st"})
_META = re.compile(r"xxx\.(?:rsrc|finfo|cshrc)$|xxx\.nfs|.*\.(?:[346]00gf|desc)$", re.DOTALL)
_REVTEX = frozenset(
    {"10pt.rtx", "11pt.rtx", "12pt.rtx", "aps.rtx", "revsymb.sty", "revtex4.cls", "rmp.rtx"}
)
_DIAGRAMS = frozenset({"diagrams.sty", "diagrams.tex"})

_REVTEX_REMOVED = (
    "WILL REMOVE standard revtex4 style files from this submission. revtex4 is now fully"
    " supported by arXiv and all its mirrors, for details see the"
    ' <a href="/help/faq/revtex">RevTeX FAQ</a>. If you have modified these files in any way then'
    " you must rename them before attempting to include them with your submission."
)
_DIAGRAMS_REMOVED = (
    "Removed standard style files for Paul Taylor's diagrams package. This package is supported"
    " in arXiv's TeX tree and the style files are thus unnecessary. Furthermore, they include"
    " 'time-bomb' code which will render submissions that include them unprocessable at some time"
    " in the future."
)
_DEMO_REMOVED = (
    "Removed file 'aa.dem' on the assumption that it is the example file for the Astronomy and"
    " Astrophysics macro package aa.cls."
)
_FONTS_REMOVED = (
    "Removed file 'missfont.log'. Detected 'missfont.log' file in uploaded files. This may"
    " indicate a problem with the fonts your submission uses. Please correct any issues with"
    " fonts and be sure to examine the fonts in the final preview PDF that our system generates."
)


def remove_hyperlink_styles(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``espcrc2.sty`` and ``lamuphys.sty``.

    The TeX tree has versions of its own that work with hyperlinks.
    """
    if file.name not in _HYPERLINK_STYLES:
        return ()
    message = (
        f"Found hyperlink-compatible package '{file.name}'."
        " Will remove and use hypertex-compatible local version"
    )
    return _removed(Code.HYPERLINK_COMPATIBLE_PACKAGE, message)


def note_hyperlink_sources(file: File, _tree: Tree) -> Iterable[Action]:
    """Warn of ``espcrc2.tex`` and ``lamuphys.tex``.

    They are the manuals of style files and hardly ever meant to be submitted.
    """
    if file.name not in _HYPERLINK_SOURCES:
        return ()
    message = f"Possible submitter error. Unwanted '{file.name}'"
    return (warn(Code.DOT_TEX_DETECTED, message, persistent=True),)


def remove_disallowed_names(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``uufiles``, ``core`` and ``splread.1st``.

    Unpacking and crashing programs leave them behind.
    """
    return _not_allowed(file) if file.name in _DISALLOWED else ()


def remove_meta_files(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``xxx.rsrc``, ``xxx.finfo``, ``xxx.cshrc``, ``xxx.nfs…``, ``….desc`` and
    ``….300gf``, ``….400gf``, ``….600gf``.

    They belong to a submission system or to a font, not to a paper.
    """
    return _not_allowed(file) if _META.match(file.name) else ()


def remove_revtex_files(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove the files of REVTeX 4.

    The TeX tree has them; an old copy beside the source would be taken instead.
    """
    return _removed(Code.DISALLOWED_FILE, _REVTEX_REMOVED) if file.name in _REVTEX else ()


def remove_diagrams_package(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``diagrams.sty`` and ``diagrams.tex``.

    The package stops working at a date that is written in it.
    """
    return _removed(Code.DISALLOWED_FILE, _DIAGRAMS_REMOVED) if file.name in _DIAGRAMS else ()


def remove_astronomy_demo(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``aa.dem``.

    It is the example of a macro package.
    """
    return _removed(Code.DISALLOWED_FILE, _DEMO_REMOVED) if file.name == "aa.dem" else ()


def remove_missing_font_log(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``missfont.log``.

    TeX writes it where a font was missing, which is worth telling.
    """
    return _removed(Code.DISALLOWED_FILE, _FONTS_REMOVED) if file.name == "missfont.log" else ()


def _not_allowed(file: File) -> Iterable[Action]:
    return _removed(Code.DISALLOWED_FILE, f"Removed file '{file.name}' [File not allowed].")


def _removed(code: Code, message: str) -> Iterable[Action]:
    return info(code, message), Remove(message, code)
