"""Patterns that make keys from what clients say, and what clients may not say in one."""

import base64
import posixpath
import unicodedata
from collections.abc import Mapping
from string import Formatter

from filemanager.domain.rawstore.stored_file import Deposit, DepositedFile, DepositRefused

MAX_KEY_CHARACTERS = 700
MAX_KEY_BYTES = 1024
"""S3's own limit, in UTF-8."""

RESERVED = frozenset({"incoming", "objects", "packs", "rawstore", "repositories"})
"""First segments that belong to the service."""

_VARIABLES = frozenset(
    {"owner", "dataset", "path", "basename", "dirname", "extension", "md5", "md5_hex", "name"}
)
_FROM_CLIENT = frozenset({"dataset", "name"})


class PathPattern:
    """Text with variables in braces, such as ``{owner}/{dataset}/{path}``.

    Raises ``ValueError`` for a variable that no request can fill.
    """

    def __init__(self, pattern: str) -> None:
        self._parts = [(before, name) for before, name, _, _ in Formatter().parse(pattern)]
        for _, name in self._parts:
            if name is not None and name not in _VARIABLES:
                raise ValueError(
                    f"STORAGE_PATH_PATTERN contains variable not found in file info: '{name}'"
                )

    def key(self, deposit: Deposit, wish: DepositedFile) -> str:
        """Raises ``DepositRefused`` naming the field that cannot be part of a key."""
        # Even where the pattern takes only its ending, a path is a path.
        if fault := _fault(wish.path):
            raise DepositRefused(_place("path", wish), fault)
        values = _values(deposit, wish)
        key = ""
        for before, name in self._parts:
            key += before
            if name is not None:
                key += _value(values, name, wish)
        _ensure_key(key, wish)
        return key

    def prefix(self, owner: str) -> str:
        """What every key of *owner* begins with."""
        prefix = ""
        for before, name in self._parts:
            prefix += before
            if name is not None:
                return prefix + (owner if name == "owner" else "")
        return prefix


def _values(deposit: Deposit, wish: DepositedFile) -> Mapping[str, str | None]:
    return {
        "owner": deposit.owner,
        "dataset": deposit.dataset,
        "path": wish.path,
        "basename": posixpath.basename(wish.path),
        "dirname": posixpath.dirname(wish.path),
        "extension": posixpath.splitext(wish.path)[1],
        "md5": base64.b64encode(bytes.fromhex(wish.md5)).decode(),
        "md5_hex": wish.md5,
        "name": wish.name,
    }


def _value(values: Mapping[str, str | None], name: str, wish: DepositedFile) -> str:
    value = values[name]
    if value is None:
        raise DepositRefused(f"metadata.{name}", "it is missing, and the file's place needs it")
    if name == "owner" and ("/" in value or _fault(value)):
        raise DepositRefused("metadata.owner", "it cannot be one segment of a place")
    if name in _FROM_CLIENT and (fault := _fault(value)):
        raise DepositRefused(_place(name, wish), fault)
    return value


def _place(name: str, wish: DepositedFile) -> str:
    if name == "dataset":
        return "metadata.dataset"
    return f"filedata['{wish.path}']" + (".name" if name == "name" else "")


def _fault(text: str) -> str | None:
    # Control characters, and halves of surrogate pairs, which are no text at all.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        return "it holds characters that no key may hold"
    if text.startswith("/"):
        return "it is absolute"
    if any(segment in ("", ".", "..") for segment in text.split("/")):
        return "it holds an empty segment, '.' or '..'"
    return None


def _ensure_key(key: str, wish: DepositedFile) -> None:
    place = f"filedata['{wish.path}']"
    if key.partition("/")[0] in RESERVED:
        raise DepositRefused(place, "its place would begin with a reserved word")
    if len(key) > MAX_KEY_CHARACTERS or len(key.encode()) > MAX_KEY_BYTES:
        raise DepositRefused(
            place,
            f"its place is longer than {MAX_KEY_CHARACTERS} characters or {MAX_KEY_BYTES} bytes",
        )
    if not key or key.startswith("/") or any(part in (".", "..") for part in key.split("/")):
        raise DepositRefused(place, "it makes no place of its own")
