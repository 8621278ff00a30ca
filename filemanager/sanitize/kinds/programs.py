"""Programs and data whose strings hold words of other kinds: only their beginning tells."""

import re

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.pieces import BYTE_ORDER_MARK

_ENDINGS = frozenset(
    {
        *(".py", ".pyw", ".pyi", ".ipynb", ".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".cu"),
        *(".f", ".for", ".f77", ".f90", ".f95", ".f03", ".java", ".js", ".mjs", ".ts", ".jsx"),
        *(".tsx", ".css", ".php", ".rb", ".pl", ".pm", ".bash", ".zsh", ".bat", ".cmd", ".ps1"),
        *(".r", ".rmd", ".jl", ".m", ".go", ".rs", ".swift", ".kt", ".scala", ".hs", ".ml", ".lua"),
        *(".sql", ".sas", ".do", ".json", ".jsonl", ".xml", ".xsl", ".svg", ".yaml", ".yml"),
        *(".toml", ".ini", ".csv", ".tsv", ".awk", ".cs", ".vb", ".pas", ".lisp", ".el", ".tcl"),
    }
)
_SHELL_ENDINGS = (".sh", ".csh", ".ksh", ".fish", ".tcsh")
_INTERPRETER = re.compile(rb"#![^\n]*(?:python|perl|ruby|node|Rscript|julia|bash|zsh|awk|php|lua)")
_STARTS = {
    FileKind.PDF: re.compile(rb"%PDF-"),
    FileKind.POSTSCRIPT: re.compile(rb"%!"),
    FileKind.HTML: re.compile(rb"\s*<(?:!--|!doctype html|html|\?xml)", re.IGNORECASE),
    FileKind.MAC: re.compile(rb"(?!)"),
}


def is_program(head: bytes, ending: str) -> bool:
    """Shell archives excepted: papers were sent as such."""
    return ending in _ENDINGS or _INTERPRETER.match(head) is not None


def is_script(head: bytes, ending: str) -> bool:
    """A program, or a shell's script, which may be a paper in a shell archive."""
    return is_program(head, ending) or head.startswith(b"#!") or ending in _SHELL_ENDINGS


def opens_as(kind: FileKind, head: bytes) -> bool:
    """Whether *kind* is told by the beginning, and not by a word further in."""
    start = _STARTS.get(kind)
    return start is None or start.match(head.removeprefix(BYTE_ORDER_MARK)) is not None
