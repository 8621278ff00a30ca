"""Patterns that make keys from what clients say, and what clients may not say in one.

Where a pattern names the content and not the owner, owners meet at a key. Who is first has it; the
others post at keys of their own, and so does everybody what is not for all to see: then a key tells
strangers of nothing that is private.
"""

import base64
import posixpath
import re
import unicodedata
from collections.abc import Callable, Mapping
from hashlib import sha256
from string import Formatter

from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.stored_file import Deposit, DepositedFile, DepositRefused

MAX_KEY_CHARACTERS = 700
MAX_KEY_BYTES = 1024
"""S3's own limit, in UTF-8."""

RESERVED = frozenset({"incoming", "objects", "packs", "rawstore", "repositories", "small"})
"""First segments that belong to the service."""

_SAID: Mapping[str, Callable[[Deposit, DepositedFile], str]] = {
    "owner": lambda deposit, _: deposit.owner,
    # Files of two datasets without names would overwrite each other at a fixed place.
    "dataset": lambda deposit, wish: wish.md5 if deposit.dataset is None else deposit.dataset,
    "path": lambda _, wish: wish.path,
    "basename": lambda _, wish: posixpath.basename(wish.path),
    "dirname": lambda _, wish: posixpath.dirname(wish.path),
    "extension": lambda _, wish: posixpath.splitext(wish.path)[1],
    "md5": lambda _, wish: base64.b64encode(bytes.fromhex(wish.md5)).decode(),
    "md5_hex": lambda _, wish: wish.md5,
    "name": lambda _, wish: wish.name,
}
"""What a pattern may name."""

_FROM_CLIENT = frozenset({"dataset", "name"})
_OF_CONTENT = frozenset({"md5", "md5_hex"})

POLICY_VARIABLE = "${"
"""Stores put something else in its place, as the name of the posted file for ``${filename}``."""

WITH_VARIABLE = f"it holds '{POLICY_VARIABLE}', in place of which stores put something else"

_OWN_KEY = re.compile(r"~[0-9a-f]{8}")
_OWN_KEY_CHARACTERS = 9


def own_key(key: str, owner: Owner) -> str:
    """Where *owner* posts what others may have at *key*."""
    return f"{key}~{sha256(owner.encode()).hexdigest()[:8]}"


def shared_key(key: str, owner: Owner) -> str | None:
    """The key of which *key* is the owner's own; None: it is not such a one."""
    shared = key[:-_OWN_KEY_CHARACTERS]
    return shared if key == own_key(shared, owner) else None


class PathPattern:
    """Text with variables in braces, such as ``{owner}/{dataset}/{path}``.

    Raises ``ValueError`` for a variable that no request can fill.
    """

    def __init__(self, pattern: str) -> None:
        self._parts = [(before, name) for before, name, _, _ in Formatter().parse(pattern)]
        for _, name in self._parts:
            if name is not None and name not in _SAID:
                raise ValueError(
                    f"STORAGE_PATH_PATTERN contains variable not found in file info: '{name}'"
                )
        if any(POLICY_VARIABLE in before for before, _ in self._parts):
            raise ValueError("STORAGE_PATH_PATTERN contains a variable of stores: '${'")

    @property
    def names_content(self) -> bool:
        """Whether all that is ever posted at a key has the same MD5."""
        return not _OF_CONTENT.isdisjoint(self._names)

    @property
    def is_shared(self) -> bool:
        """Whether equal files of different owners have one key."""
        return self.names_content and "owner" not in self._names

    def key(self, deposit: Deposit, wish: DepositedFile) -> str:
        """Raises ``DepositRefused`` naming the field that cannot be part of a key."""
        # Even where the pattern takes only its ending, a path is a path.
        if fault := _fault(wish.path):
            raise DepositRefused(_place("path", wish), fault)
        key = ""
        for before, name in self._parts:
            key += before
            if name is not None:
                key += _value(deposit, wish, name)
        _ensure_key(key, wish)
        if self.is_shared:
            _ensure_shared(key, wish)
        return key

    def prefix(self, owner: str) -> str:
        """What every key of *owner* begins with."""
        prefix = ""
        for before, name in self._parts:
            prefix += before
            if name is not None:
                return prefix + (owner if name == "owner" else "")
        return prefix

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(name for _, name in self._parts if name is not None)


def _value(deposit: Deposit, wish: DepositedFile, name: str) -> str:
    value = _SAID[name](deposit, wish)
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
    if not text.isprintable() and not _is_text(text):
        return "it holds characters that no key may hold"
    if POLICY_VARIABLE in text:
        return WITH_VARIABLE
    if text.startswith("/"):
        return "it is absolute"
    if any(segment in ("", ".", "..") for segment in text.split("/")):
        return "it holds an empty segment, '.' or '..'"
    return None


def _is_text(text: str) -> bool:
    """Without control characters, and halves of surrogate pairs, which are no text at all."""
    return all(unicodedata.category(character) not in ("Cc", "Cs") for character in text)


def _ensure_key(key: str, wish: DepositedFile) -> None:
    place = f"filedata['{wish.path}']"
    if key.partition("/")[0] in RESERVED:
        raise DepositRefused(place, "its place would begin with a reserved word")
    _ensure_length(key, place)
    if not key or key.startswith("/") or any(part in (".", "..") for part in key.split("/")):
        raise DepositRefused(place, "it makes no place of its own")
    if POLICY_VARIABLE in key:
        raise DepositRefused(place, "its place would hold '${'")


def _ensure_shared(key: str, wish: DepositedFile) -> None:
    """Nobody takes a key that others will need for their own."""
    place = f"filedata['{wish.path}']"
    if _OWN_KEY.fullmatch(key[-_OWN_KEY_CHARACTERS:]):
        raise DepositRefused(place, "its place would end as those of single owners do")
    _ensure_length(key + "~" * _OWN_KEY_CHARACTERS, place)


def _ensure_length(key: str, place: str) -> None:
    if len(key) > MAX_KEY_CHARACTERS or len(key.encode()) > MAX_KEY_BYTES:
        raise DepositRefused(
            place,
            f"its place is longer than {MAX_KEY_CHARACTERS} characters or {MAX_KEY_BYTES} bytes",
        )
