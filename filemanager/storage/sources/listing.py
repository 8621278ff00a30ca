"""Listings of buckets: what is asked for, and what their XML says."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

from filemanager.domain.errors import Malformed
from filemanager.domain.sources.objects import ObjectPage, ObjectQuery, SourceObject

_ETAG = re.compile(r"[!#-~]{1,255}", re.ASCII)
_SIZE = re.compile(r"[0-9]{1,18}", re.ASCII)
_MAX_VERSION = 1024


class UnreadableAnswer(ValueError):
    """The source answers something that is no listing."""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page as the bucket tells it, with whole keys; ``next`` are the words that ask for more."""

    objects: Sequence[SourceObject]
    prefixes: Sequence[str]
    next: Sequence[str]


def object_from(
    *, key: str, size: str, etag: str, version: str | None, modified_at: datetime
) -> SourceObject:
    """What a source says, as far as it can be kept and asked for again. Raises
    ``UnreadableAnswer``.
    """
    bare = bare_etag(etag)
    if not _ETAG.fullmatch(bare) or not _SIZE.fullmatch(size) or len(version or "") > _MAX_VERSION:
        raise UnreadableAnswer
    # A time without a zone is one of UTC's.
    at = modified_at if modified_at.tzinfo else modified_at.replace(tzinfo=UTC)
    return SourceObject(key=key, size_bytes=int(size), etag=bare, version=version, modified_at=at)


def bare_etag(text: str) -> str:
    return text.removeprefix("W/").strip('"')


def asked_for(
    query: ObjectQuery, cursor: str | None, prefix: str, *, is_versioned: bool
) -> Mapping[str, str]:
    """The parameters of one request. Raises ``Malformed`` for a cursor that is none of ours."""
    names = ("key-marker", "version-id-marker") if is_versioned else ("continuation-token",)
    words = _words(cursor)
    if words and len(words) != len(names):
        raise _unknown_cursor()
    asked = {
        **({"versions": ""} if is_versioned else {"list-type": "2"}),
        "encoding-type": "url",
        "max-keys": str(query.limit),
        "prefix": prefix + query.prefix,
        "delimiter": query.delimiter,
        **dict(zip(names, words, strict=False)),
    }
    return {name: word for name, word in asked.items() if word or name == "versions"}


def page_of(listed: ListedPage, query: ObjectQuery, prefix: str) -> ObjectPage:
    """Without the source's prefix, and without what does not hold what is looked for."""
    behind = len(query.prefix)
    objects = [_bare(one, prefix) for one in listed.objects]
    prefixes = [one.removeprefix(prefix) for one in listed.prefixes]
    return ObjectPage(
        objects=[one for one in objects if query.contains in one.key[behind:]],
        prefixes=[one for one in prefixes if query.contains in one[behind:]],
        next=json.dumps(listed.next, ensure_ascii=False) if listed.next else None,
    )


def read_versions(body: bytes) -> ListedPage:
    """An answer to ListObjectVersions: the latest of each key, where that is no delete marker."""
    root = _root(body, "ListVersionsResult")
    latest = [one for one in _all(root, "Version") if _text(one, "IsLatest") == "true"]
    is_cut = _text(root, "IsTruncated") == "true"
    return ListedPage(
        objects=[_object(one, _text(one, "VersionId")) for one in latest],
        prefixes=list(_prefixes(root)),
        next=(_key(root, "NextKeyMarker"), _text(root, "NextVersionIdMarker")) if is_cut else (),
    )


def read_objects(body: bytes) -> ListedPage:
    """An answer to ListObjectsV2."""
    root = _root(body, "ListBucketResult")
    is_cut = _text(root, "IsTruncated") == "true"
    return ListedPage(
        objects=[_object(one, None) for one in _all(root, "Contents")],
        prefixes=list(_prefixes(root)),
        next=(_text(root, "NextContinuationToken"),) if is_cut else (),
    )


def is_versioning_enabled(body: bytes) -> bool:
    """From an answer to GetBucketVersioning."""
    return _text(_root(body, "VersioningConfiguration"), "Status") == "Enabled"


def lets_pages_read(body: bytes) -> bool:
    """From an answer to GetBucketCors: whether pages of some origin may get objects."""
    root = _root(body, "CORSConfiguration")
    rules = _all(root, "CORSRule")
    return any(one.text == "GET" for rule in rules for one in _all(rule, "AllowedMethod"))


def code_in(body: bytes) -> str:
    """Of a refusal; empty where it says none."""
    try:
        return _text(_root(body, "Error"), "Code")
    except UnreadableAnswer:
        return ""


def _words(cursor: str | None) -> Sequence[str]:
    if cursor is None:
        return ()
    try:
        words = json.loads(cursor)
    except (ValueError, RecursionError) as error:
        raise _unknown_cursor() from error
    if not isinstance(words, list) or not all(map(_is_text, words)):
        raise _unknown_cursor()
    return words


def _is_text(word: object) -> bool:
    """Half of a surrogate pair is none: it cannot be sent to anybody."""
    return isinstance(word, str) and not any("\ud800" <= one <= "\udfff" for one in word)


def _unknown_cursor() -> Malformed:
    return Malformed("The cursor is not one that this list gave out.")


def _bare(found: SourceObject, prefix: str) -> SourceObject:
    return SourceObject(
        key=found.key.removeprefix(prefix),
        size_bytes=found.size_bytes,
        etag=found.etag,
        version=found.version,
        modified_at=found.modified_at,
    )


def _root(body: bytes, name: str) -> ET.Element:
    try:
        root = ET.fromstring(body)  # noqa: S314  # expat bounds what entities grow to, and the body is bounded
    except ET.ParseError as error:
        raise UnreadableAnswer from error
    if root.tag.rpartition("}")[2] != name:
        raise UnreadableAnswer
    return root


def _all(parent: ET.Element, name: str) -> Iterator[ET.Element]:
    """In any namespace: not every store says the same."""
    return (one for one in parent if one.tag.rpartition("}")[2] == name)


def _text(parent: ET.Element, name: str) -> str:
    return next((one.text or "" for one in _all(parent, name)), "")


def _key(parent: ET.Element, name: str) -> str:
    return unquote_plus(_text(parent, name))


def _prefixes(root: ET.Element) -> Iterator[str]:
    return (_key(one, "Prefix") for one in _all(root, "CommonPrefixes"))


def _object(found: ET.Element, version: str | None) -> SourceObject:
    return object_from(
        key=_key(found, "Key"),
        size=_text(found, "Size"),
        etag=_text(found, "ETag"),
        version=version,
        modified_at=_moment(_text(found, "LastModified")),
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableAnswer from error
