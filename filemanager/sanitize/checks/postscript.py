"""What is mended in PostScript: line ends, headers, previews (no. 26)."""

from collections.abc import Iterator
from dataclasses import replace

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action, Add, Replace, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.checks.binary_sections import binary_sections
from filemanager.sanitize.checks.dented_headers import Header, repaired_header
from filemanager.sanitize.checks.line_ends import line_end_actions, repaired_line_ends
from filemanager.sanitize.checks.previews import Preview, announced, stripped
from filemanager.sanitize.codes import Code
from filemanager.sanitize.kinds.binary import is_text
from filemanager.sanitize.kinds.by_name import is_called_postscript
from filemanager.sanitize.kinds.guessing import ending_of, guessed

_ENDINGS = (".ps", ".eps", ".psi", ".epsi")


def clean_postscript(file: File, tree: Tree) -> Iterator[Action]:
    """Mend PostScript: line ends, a dented header, previews.

    Printers are stricter than viewers, and previews make files large. By the kind the file
    had when the check began: a repaired file is not cleaned as well. Nothing is done to a file
    with bytes that no text has, nor to what is announced as binary data.
    """
    if not _may_be_cleaned(file):
        return
    if file.kind is FileKind.POSTSCRIPT:
        kept = file.once(binary_sections)
        yield from line_end_actions(file, kept)
        ends = file.once(repaired_line_ends, kept)
        yield from _strip_previews(replace(file, content=ends.content))
    elif file.kind is FileKind.PS_PC:
        yield from _header_actions(file, tree)
    else:
        yield from _repair_unknown(file, tree)


def _may_be_cleaned(file: File) -> bool:
    """Ancillary files may speak of a header: what is before it is cut of PostScript alone."""
    match file.kind:
        case FileKind.POSTSCRIPT:
            is_meant = True
        case FileKind.PS_PC:
            is_meant = not file.is_ancillary or is_called_postscript(ending_of(file))
        case FileKind.FAILED:
            is_meant = file.lowered.endswith(_ENDINGS)
        case _:
            is_meant = False
    return is_meant and not file.kept_by_owner and file.once(is_text)


def _header_actions(file: File, tree: Tree) -> Iterator[Action]:
    """Put the repaired file in place and guess its kind again; nothing where it needs none."""
    header = file.once(repaired_header)
    if header.content is None:
        return
    kind = guessed(replace(file, content=header.content, kind=FileKind.UNKNOWN))
    message = _repaired_message(file.name, header, kind)
    yield Replace(header.content, Code.POSTSCRIPT_FILE_REPAIRED, message, kind)
    yield warn(Code.POSTSCRIPT_FILE_REPAIRED, message, persistent=True)
    if header.dropped is not None:
        yield Add(tree.free_path(file.area, f"{file.path}.cleaned"), header.dropped)


def _repaired_message(name: str, header: Header, kind: FileKind) -> str:
    parts = "".join(f" {part}" for part in header.parts)
    if kind is FileKind.POSTSCRIPT:
        return f"Repaired Postscript file '{name}': {parts}"
    return f"Attempted repairs on Postscript file '{name}': {parts}"


def _repair_unknown(file: File, tree: Tree) -> Iterator[Action]:
    """The original warns of the header even where there was none to repair."""
    yield from _header_actions(file, tree)
    header = file.once(repaired_header)
    message = (
        f"File '{file.public_path}' did not have proper Postscript header,"
        f" repaired to '{header.shown!r}'."
    )
    yield warn(Code.POSTSCRIPT_HEADER_REPAIRED, message, persistent=True)
    yield from _strip_previews(replace(file, content=header.content or file.content))


def _strip_previews(file: File) -> Iterator[Action]:
    for preview in file.once(announced):
        result = file.once(stripped, preview)
        if result is None:
            continue
        if result.content is None:
            yield _unpaired(file, preview, result.first_line)
            continue
        message = (
            f"Unnecessary {preview.title} removed from '{file.name}' from line"
            f" {result.first_line} to line {result.last_line}, reduced from"
            f" {file.content.size_bytes} bytes to {result.content.size_bytes} bytes"
            " (see http://arxiv.org/help/sizes)"
        )
        yield Replace(result.content, Code.POSTSCRIPT_PREVIEW_STRIPPED, message)
        yield warn(Code.POSTSCRIPT_PREVIEW_STRIPPED, message, persistent=True)
        file = replace(file, content=result.content)


def _unpaired(file: File, preview: Preview, line: int) -> Action:
    message = (
        f"Unnecessary {preview.title} removed from '{file.name}' from line {line}"
        f" {file.name} had unpaired {preview.value.end!r}"
    )
    return warn(Code.POSTSCRIPT_PREVIEW_STRIPPING_FAILED, message, persistent=True)
