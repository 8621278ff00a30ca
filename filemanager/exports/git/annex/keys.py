"""Keys of git-annex: what it calls a content, and where it puts what it knows of one.

See its "key format", "hashing" and "internals"; the keys are those that it would give itself.
"""

import hashlib
import re

from filemanager.exports.listing import Edition, ListedItem

_MAX_EXTENSION_BYTES = 4
_MAX_EXTENSIONS = 2
_EXTENSION = re.compile(rb"[A-Za-z0-9\x80-\xff]*")

_MAX_NAME = 64  # the letters of a SHA-256
_KEPT_NAME = _MAX_NAME - 32 - 1  # in front of a hyphen and an MD5
_UNSAFE = re.compile(r"[^A-Za-z0-9._/%:-]")

# One pass: what one step makes, the next must not meet.
_IN_FILE_NAMES = str.maketrans({"&": "&a", "%": "&s", ":": "&c", "/": "%"})

_MIXED = "0123456789zqjxkmvwgpfZQJXKMVWGPF"


def key_of(item: ListedItem, edition: Edition) -> str:
    """By SHA-256, else by MD5, else by URL."""
    if item.sha256:
        return f"SHA256E-s{item.size_bytes}--{item.sha256}{extension_of(item.path)}"
    if item.md5:
        return f"MD5E-s{item.size_bytes}--{item.md5}{extension_of(item.path)}"
    return f"URL-s{item.size_bytes}--{_url_name(edition.url_of(item.path))}"


def extension_of(path: str) -> str:
    """The last two short parts behind dots, with dots; what begins with dots is no extension."""
    name = path.rpartition("/")[2].encode().lstrip(b".")
    _, *parts = name.split(b".")
    found: list[bytes] = []
    for part in reversed(parts):
        if len(part) > _MAX_EXTENSION_BYTES:
            break
        if _EXTENSION.fullmatch(part) and len(found) < _MAX_EXTENSIONS:
            found.insert(0, part)
    return b"".join(b"." + part for part in found if part).decode()


def file_name_of(key: str) -> str:
    return key.translate(_IN_FILE_NAMES)


def mixed_directory_of(key: str) -> str:
    """Where a clone keeps the content: of every six bits five are a letter, the second first."""
    word = int.from_bytes(_md5(key)[:4], "little")
    letters = [_MIXED[word >> 6 * place & 31] for place in range(4)]
    return f"{letters[1]}{letters[0]}/{letters[3]}{letters[2]}"


def lower_directory_of(key: str) -> str:
    """Where the branch ``git-annex`` keeps what is known of it."""
    name = _md5(key).hex()
    return f"{name[:3]}/{name[3:6]}"


def _url_name(url: str) -> str:
    safe = _UNSAFE.sub(_escaped, url)
    if len(url) <= _MAX_NAME:
        return safe
    return f"{safe[:_KEPT_NAME]}-{_md5(url).hex()}"


def _escaped(unsafe: re.Match[str]) -> str:
    return ",," if unsafe[0] == "," else f",{ord(unsafe[0])}"


def _md5(text: str) -> bytes:
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()
