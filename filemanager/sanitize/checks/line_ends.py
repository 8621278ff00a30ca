r"""Line ends as TeX wants them: ``\n``, and nothing behind the last (no. 25)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.trees.kinds import TEX_FAMILY, FileKind
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Action, Record, Replace, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.checks.binary_sections import Range
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
    return line_end_actions(file) if file.kind in _KINDS and not file.kept_by_owner else ()


def line_end_actions(file: File, kept: tuple[Range, ...] = ()) -> Iterator[Action]:
    """What the original does to every text, kinds aside; its log lines come in any case.

    ``kept`` are parts that are no lines.
    """
    ends = file.once(repaired_line_ends, kept)
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


def repaired_line_ends(
    content: Content, scratch: Scratch, kept: tuple[Range, ...] = ()
) -> LineEnds:
    r"""Every CR LF becomes LF or, where there is none, every CR; what is in *kept* stays.

    Of the last two bytes both are cut where the first is ``^Z``, ``^D`` or ``=FF``, one where the
    second is. Read twice and not held, since such files may be large.
    """
    was_windows, has_returns = _survey(content, kept)
    tail = _translated(_last_bytes(content, kept), was_windows=was_windows)
    cut = _bytes_to_cut(tail)
    left = tail[: len(tail) - cut]
    result = content
    if has_returns or cut:
        parts = _translated_parts(content, kept, was_windows=was_windows)
        result = _written(parts, scratch, cut)
    return LineEnds(result, was_windows, _described(tail) if cut else "", left[-1:] == b"\n")


def _survey(content: Content, kept: tuple[Range, ...]) -> tuple[bool, bool]:
    """Whether there is a CR LF, and whether there is anything to replace."""
    has_returns, before = False, b""
    for part, is_kept in _parts(content, kept):
        if is_kept:
            before = b""
            continue
        if b"\r\n" in part or (before == b"\r" and part[:1] == b"\n"):
            return True, True
        has_returns = has_returns or b"\r" in part
        before = part[-1:]
    return False, has_returns


def _last_bytes(content: Content, kept: tuple[Range, ...]) -> bytes:
    """None where they are to be kept."""
    start = max(0, content.size_bytes - _WINDOW_BYTES, *(stop for _, stop in kept))
    with content.open() as reader:
        reader.seek(start)
        return reader.read(_WINDOW_BYTES)


def _translated(data: bytes, *, was_windows: bool) -> bytes:
    return data.replace(b"\r\n", b"\n") if was_windows else data.replace(b"\r", b"\n")


def _bytes_to_cut(tail: bytes) -> int:
    if len(tail) > 1 and tail[-2] in _TRAILERS:
        return 2
    return 1 if tail and tail[-1] in _TRAILERS else 0


def _described(tail: bytes) -> str:
    return "".join(text for byte, text in _TRAILERS.items() if byte in tail[-2:])


def _written(parts: Iterator[bytes], scratch: Scratch, cut: int) -> Content:
    writer, held = scratch.writer(), b""
    for data in parts:
        joined = held + data if held else data
        keep = len(joined) - cut
        writer.write(memoryview(joined)[: max(0, keep)])
        held = joined[max(0, keep) :]
    return writer.finish()


def _translated_parts(
    content: Content, kept: tuple[Range, ...], *, was_windows: bool
) -> Iterator[bytes]:
    """A CR at a part's end waits for what follows it."""
    waiting = b""
    for part, is_kept in _parts(content, kept):
        if is_kept:
            yield _translated(waiting, was_windows=was_windows)
            yield part
            waiting = b""
            continue
        data = waiting + part if waiting else part
        waiting = b"\r" if data.endswith(b"\r") else b""
        yield _translated(data[: len(data) - len(waiting)], was_windows=was_windows)
    yield _translated(waiting, was_windows=was_windows)


def _parts(content: Content, kept: tuple[Range, ...]) -> Iterator[tuple[bytes, bool]]:
    """The content in its order, and whether each part is to be kept."""
    if not kept:
        yield from ((chunk, False) for chunk in chunks(content))
        return
    ends = iter((*(end for one in kept for end in one), content.size_bytes))
    end, is_kept, at = next(ends), False, 0
    for chunk in chunks(content):
        start = 0
        while start < len(chunk):
            stop = min(len(chunk), end - at)
            yield chunk[start:stop] if stop - start < len(chunk) else chunk, is_kept
            start = stop
            while at + start >= end and end < content.size_bytes:
                end, is_kept = next(ends), not is_kept
        at += len(chunk)
