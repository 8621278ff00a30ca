r"""Line ends as TeX wants them: ``\n``, and nothing behind the last (no. 25)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.kinds import TEX_FAMILY, FileKind
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Action, Record, Replace, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code
from filemanager.sanitize.pieces import chunks

_KINDS = TEX_FAMILY | {FileKind.HTML, FileKind.PC, FileKind.MAC}
_TRAILERS = {0x1A: "trailing ^Z ", 0x04: "trailing ^D ", 0xFF: "trailing =FF "}
_WINDOW_BYTES = 6
"""Enough to hold the last three bytes whatever their line ends are: two are cut, one is judged."""


@dataclass(frozen=True, slots=True)
class LineEnds:
    """What was done: ``content`` is the given one where nothing was.

    ``trailers`` describes what was cut from the end, if anything.
    """

    content: Content
    was_windows: bool
    trailers: str
    ends_with_newline: bool


def fix_line_ends(file: File, _tree: Tree) -> Iterable[Action]:
    """Make line ends ``LF``, and let nothing stand behind the last.

    TeX on Unix takes other line ends for text. CR LF becomes LF or, where there is none, CR does;
    of the last two bytes ``^Z``, ``^D`` and ``=FF`` are cut, with what follows. TeX sources, HTML
    and texts of Windows and old Macs.
    """
    return line_end_actions(file) if file.kind in _KINDS else ()


def line_end_actions(file: File) -> Iterator[Action]:
    """What the original does to every text, kinds aside; its log lines come in any case."""
    ends = file.once(repaired_line_ends)
    verb, path = "Unpcify" if ends.was_windows else "Unmacify", escaped(file.public_path)
    yield Record("line_ends", f"{verb} file {path}")
    yield Record("line_ends", f"Checking file termination for {path}.")
    if ends.content.digest != file.content.digest:
        yield Replace(ends.content, Code.UNMACIFIED, f"Line ends of '{file.name}' repaired.")
    if ends.trailers:
        message = f"{ends.trailers} stripped from {file.public_path}."
        yield warn(Code.UNMACIFIED, message, persistent=False)
    if not ends.ends_with_newline:
        message = f"File '{file.public_path}' does not end with newline (\\n), TRUNCATED?"
        yield warn(Code.TRUNCATED, message, persistent=True)


def repaired_line_ends(content: Content, scratch: Scratch) -> LineEnds:
    r"""Every CR LF becomes LF or, where there is none, every CR.

    Of the last two bytes both are cut where the first is ``^Z``, ``^D`` or ``=FF``, one where the
    second is. Read twice and not held, since such files may be large.
    """
    was_windows, has_returns = _survey(content)
    tail = _translated(_last_bytes(content), was_windows=was_windows)
    cut = _bytes_to_cut(tail)
    kept = tail[: len(tail) - cut]
    result = content
    if has_returns or cut:
        result = _written(content, scratch, cut, was_windows=was_windows)
    return LineEnds(result, was_windows, _described(tail) if cut else "", kept[-1:] == b"\n")


def _survey(content: Content) -> tuple[bool, bool]:
    """Whether there is a CR LF, and whether there is anything to replace."""
    has_returns, before = False, b""
    for chunk in chunks(content):
        if b"\r\n" in chunk or (before == b"\r" and chunk[:1] == b"\n"):
            return True, True
        has_returns = has_returns or b"\r" in chunk
        before = chunk[-1:]
    return False, has_returns


def _last_bytes(content: Content) -> bytes:
    with content.open() as reader:
        reader.seek(max(0, content.size_bytes - _WINDOW_BYTES))
        return reader.read(_WINDOW_BYTES)


def _translated(data: bytes, *, was_windows: bool) -> bytes:
    return data.replace(b"\r\n", b"\n") if was_windows else data.replace(b"\r", b"\n")


def _bytes_to_cut(tail: bytes) -> int:
    if len(tail) > 1 and tail[-2] in _TRAILERS:
        return 2
    return 1 if tail and tail[-1] in _TRAILERS else 0


def _described(tail: bytes) -> str:
    return "".join(text for byte, text in _TRAILERS.items() if byte in tail[-2:])


def _written(content: Content, scratch: Scratch, cut: int, *, was_windows: bool) -> Content:
    writer, held = scratch.writer(), b""
    for data in _translated_chunks(content, was_windows=was_windows):
        joined = held + data if held else data
        keep = len(joined) - cut
        writer.write(memoryview(joined)[: max(0, keep)])
        held = joined[max(0, keep) :]
    return writer.finish()


def _translated_chunks(content: Content, *, was_windows: bool) -> Iterator[bytes]:
    """A CR at a chunk's end waits for what follows it."""
    waiting = b""
    for chunk in chunks(content):
        data = waiting + chunk if waiting else chunk
        waiting = b"\r" if data.endswith(b"\r") else b""
        yield _translated(data[: len(data) - len(waiting)], was_windows=was_windows)
    yield _translated(waiting, was_windows=was_windows)
