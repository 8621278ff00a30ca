"""What the bytes of one file tell for advice to its author, small enough to be kept with a blob."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.sanitize.advice.image_size import image_size, is_too_large
from filemanager.sanitize.advice.leaked_secrets import Secret, secrets_in
from filemanager.sanitize.advice.pdf_scripts import has_script, is_pdf
from filemanager.sanitize.advice.tex.comments import (
    Remark,
    comment_count,
    remarks_in,
    without_comments,
)
from filemanager.sanitize.advice.tex.demands import Demand, demands_in, written_in
from filemanager.sanitize.advice.tex.marks import Mark, marks_in
from filemanager.sanitize.advice.tex.mentions import Family, Mention, mentions_in
from filemanager.sanitize.advice.tex.search_paths import MAX_SEARCHED, searched_in
from filemanager.sanitize.pieces import chunks

VERSION = 2
"""Raised when anything here is found otherwise, so that what was kept before is found anew."""

MAX_TEXT_BYTES = 4 << 20
"""How much of a text is read; no source of a paper is that long."""

MAX_MENTIONS = 1000
MAX_MENTION_CHARACTERS = 16_000
MAX_WRITTEN = 100
MAX_TOLD = 20
"""Remarks and secrets that are told one by one; the rest is counted."""


_POSTSCRIPT = re.compile(rb"%!(?:[ \t]{0,9}PS|[ \t]{0,9}[\r\n]|$)")
"""Editors' comments begin alike: ``%!TeX root``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobAdvice:
    """``remark_count`` and ``secret_count`` are of all, also of those not kept.

    ``is_cut``: not every mention is here, since the text is too long or names too many files.
    ``written`` are files that it makes when it is compiled, ``searched`` where it lets TeX look.
    """

    mentions: tuple[Mention, ...] = ()
    marks: frozenset[Mark] = frozenset()
    comments: int = 0
    remarks: tuple[Remark, ...] = ()
    remark_count: int = 0
    secrets: tuple[Secret, ...] = ()
    secret_count: int = 0
    large_image: tuple[int, int] | None = None
    has_script: bool = False
    is_cut: bool = False
    demands: tuple[Demand, ...] = ()
    written: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()


NOTHING = BlobAdvice()


def advice_of(content: Content) -> BlobAdvice:
    """Look through a file by what its bytes are, whatever its name; in bounded memory."""
    head = content.head(CHUNK_BYTES)
    if is_pdf(head):
        return BlobAdvice(has_script=has_script(chunks(content)))
    if size := image_size(head):
        return BlobAdvice(large_image=size if is_too_large(size) else None)
    if b"\0" in head:
        return NOTHING
    text = head if content.size_bytes <= len(head) else content.head(MAX_TEXT_BYTES)
    return _of_text(text, is_cut=content.size_bytes > len(text))


def _of_text(text: bytes, *, is_cut: bool) -> BlobAdvice:
    secrets = list(secrets_in(text))
    told = BlobAdvice(
        secrets=tuple(secrets[:MAX_TOLD]), secret_count=len(secrets), searched=_searched(text)
    )
    if _POSTSCRIPT.match(text) or (b"\\" not in text and b"%" not in text):
        return told
    bare = without_comments(text)
    readable = bare.decode("utf-8", "replace")
    mentions, is_full = _kept(mentions_in(readable))
    demands, has_more = _kept(demands_in(readable))
    remarks = list(remarks_in(text))
    return BlobAdvice(
        mentions=mentions,
        marks=marks_in(bare),
        comments=comment_count(text),
        remarks=tuple(remarks[:MAX_TOLD]),
        remark_count=len(remarks),
        secrets=told.secrets,
        secret_count=told.secret_count,
        is_cut=is_cut or is_full or has_more,
        demands=demands,
        written=tuple(islice(written_in(readable), MAX_WRITTEN)),
        searched=told.searched,
    )


def _searched(text: bytes) -> tuple[str, ...]:
    if b"INPUTS" not in text:
        return ()
    return tuple(islice(searched_in(text.decode("utf-8", "replace")), MAX_SEARCHED))


Named = TypeVar("Named", Mention, Demand)


def _kept(mentions: Iterable[Named]) -> tuple[tuple[Named, ...], bool]:
    """Different ones, and whether there are more."""
    found: dict[Named, None] = {}
    room = MAX_MENTION_CHARACTERS
    for mention in mentions:
        if mention in found:
            continue
        room -= len(mention.name)
        if room < 0 or len(found) == MAX_MENTIONS:
            return tuple(found), True
        found[mention] = None
    return tuple(found), False


def to_text(advice: BlobAdvice) -> str:
    """JSON, without what is as in ``NOTHING``."""
    document: dict[str, Any] = {
        "mentions": [[one.family, one.name] for one in advice.mentions],
        "marks": sorted(advice.marks),
        "comments": advice.comments,
        "remarks": [[one.word, one.line, one.name] for one in advice.remarks],
        "remark_count": advice.remark_count,
        "secrets": [[one.kind, one.line] for one in advice.secrets],
        "secret_count": advice.secret_count,
        "large_image": advice.large_image,
        "has_script": advice.has_script,
        "is_cut": advice.is_cut,
        "demands": [[one.family, one.name, one.line] for one in advice.demands],
        "written": advice.written,
        "searched": advice.searched,
    }
    return json.dumps({name: value for name, value in document.items() if value})


def from_text(text: str) -> BlobAdvice:
    """What ``to_text`` of the same version wrote."""
    document: Mapping[str, Any] = json.loads(text)
    if not document:
        return NOTHING
    size = document.get("large_image")
    return BlobAdvice(
        mentions=tuple(Mention(Family(f), name) for f, name in document.get("mentions", ())),
        marks=frozenset(Mark(mark) for mark in document.get("marks", ())),
        comments=document.get("comments", 0),
        remarks=tuple(Remark(*one) for one in document.get("remarks", ())),
        remark_count=document.get("remark_count", 0),
        secrets=tuple(Secret(*one) for one in document.get("secrets", ())),
        secret_count=document.get("secret_count", 0),
        large_image=(size[0], size[1]) if size else None,
        has_script=document.get("has_script", False),
        is_cut=document.get("is_cut", False),
        demands=tuple(Demand(Family(f), name, n) for f, name, n in document.get("demands", ())),
        written=tuple(document.get("written", ())),
        searched=tuple(document.get("searched", ())),
    )
