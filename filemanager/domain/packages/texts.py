"""What is kept as a text of a package, and what it is called (package-r's list)."""

from collections.abc import Mapping

from filemanager.domain.packages.errors import NotAText, TextTooLarge
from filemanager.domain.trees.tree import TreePath

TEXT_BYTES = 5 << 20
"""A text is smaller than this."""

TEXT_TYPES: Mapping[str, str] = {
    "": "text/plain",
    "css": "text/css",
    "cs": "text/plain",
    "csv": "text/csv",
    "go": "text/plain",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "java": "text/plain",
    "js": "text/javascript",
    "json": "application/json",
    "markdown": "text/markdown",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "pointer": "text/plain",
    "py": "text/x-python",
    "source": "text/plain",
    "stac": "application/geo+json",
    "ts": "text/plain",
    "txt": "text/plain",
    "xml": "application/xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
}
"""Media types by extension; ``""`` is that of a name without one."""

TAKEN_AS_THEY_ARE = frozenset({"ipynb", "parquet", "pdf"})
"""Extensions of what need not be UTF-8."""


def extension_of(path: TreePath) -> str:
    """In small letters, without the dot; a dot at the beginning of a name begins none."""
    return path.name.lstrip(".").rpartition(".")[2].lower() if "." in path.name[1:] else ""


def text_type(path: TreePath) -> str:
    """Raise ``NotAText`` for what a text cannot be called."""
    extension = extension_of(path)
    if extension not in TEXT_TYPES:
        raise NotAText(path, f"no text ends in '.{extension[:40]}'")
    return TEXT_TYPES[extension]


def ensure_small(path: str, size_bytes: int) -> None:
    """Raise ``TextTooLarge``."""
    if size_bytes >= TEXT_BYTES:
        raise TextTooLarge(path, TEXT_BYTES)


def ensure_text(path: TreePath, data: bytes) -> None:
    """Raise ``NotAText`` for bytes that are none."""
    if extension_of(path) in TAKEN_AS_THEY_ARE:
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise NotAText(path, f"byte {error.start} of it is not UTF-8") from error
