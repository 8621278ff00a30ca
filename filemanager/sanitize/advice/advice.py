"""Advice to authors: findings that change nothing, worked out from the files of a workspace.

They are told by v2 alone and never stored, so that they have no part in readiness.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.ids import Digest
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import TEX_FAMILY, SourceFormat
from filemanager.domain.trees.tree import Entry
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.advice.compilation import TexSource, advice_on_compilation
from filemanager.sanitize.advice.engine import Text
from filemanager.sanitize.advice.of_blob import BlobAdvice
from filemanager.sanitize.advice.on_file import advice_on_file, information, is_own_tex
from filemanager.sanitize.advice.readme import MAX_KEY_PARTS, Directives, most_bytes
from filemanager.sanitize.advice.tex.search_paths import directs_compilation
from filemanager.sanitize.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Readme:
    """``directives`` None: it could not be read."""

    path: str
    directives: Directives | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is known of a workspace: entries in listing order, and what their blobs hold.

    A blob that is missing from ``blobs`` was not looked at yet. ``directing`` are removed files
    that direct the author's own compilation.
    """

    entries: Sequence[Entry]
    blobs: Mapping[Digest, BlobAdvice]
    source_format: SourceFormat
    readme: Readme | None = None
    directing: Sequence[Entry] = ()
    too_large: Sequence[str] = ()
    """Files that would direct the compilation, were they not larger than anybody reads."""


def advise(looked: Looked) -> Iterator[Finding]:
    """Everything there is to say: file by file, then on the whole."""
    for entry in looked.entries:
        if blob := looked.blobs.get(entry.digest):
            yield from advice_on_file(entry, blob)
    yield from on_large_readmes(looked.too_large)
    if looked.readme:
        yield _on_readme(looked.readme)
    unread = sum(entry.digest not in looked.blobs for entry in looked.entries)
    if looked.source_format is SourceFormat.TEX:
        yield from _on_comments(looked)
        if not unread:
            yield from advice_on_compilation(_source(looked))
    if unread:
        message = f"Not looked at yet: {unread} of {len(looked.entries)} files. Ask again."
        yield information(Code.ADVICE_INCOMPLETE, message)


def on_large_readmes(paths: Sequence[str]) -> Iterator[Finding]:
    for path in paths:
        most = most_bytes(path)
        yield Finding(
            severity=Severity.WARN,
            code=Code.README_TOO_LARGE,
            message=f"Not read, as if it were not there: it is larger than {most} bytes, or has a"
            f" key of more than {MAX_KEY_PARTS} parts.",
            area=Area.SOURCE,
            path=path,
        )


def _on_readme(readme: Readme) -> Finding:
    at, asked = (Area.SOURCE, readme.path), readme.directives
    if asked is None:
        return information(Code.README_UNREADABLE, "The file could not be read.", at)
    mains = ", ".join(f"'{escaped(name)}'" for name in asked.toplevel) or "none"
    compiler = f"'{escaped(asked.compiler)}'" if asked.compiler else "none"
    message = f"Main files named: {mains}. Compiler named: {compiler}."
    return information(Code.README_DIRECTIVES, message, at)


def _on_comments(looked: Looked) -> Iterator[Finding]:
    counts = {
        entry.path: looked.blobs[entry.digest].comments
        for entry in looked.entries
        if entry.area is Area.SOURCE and entry.digest in looked.blobs and is_own_tex(entry)
    }
    if total := sum(counts.values()):
        most = max(counts, key=counts.__getitem__)
        message = (
            "Comments in TeX files can be read by everybody once the source is public:"
            f" {total} in all, {counts[most]} of them in '{most}'."
        )
        yield information(Code.COMMENTS_VISIBLE, message)


def _source(looked: Looked) -> TexSource:
    entries = [entry for entry in looked.entries if entry.area is Area.SOURCE]
    blobs = {str(entry.path): looked.blobs[entry.digest] for entry in entries}
    return TexSource(
        paths=tuple(str(entry.path) for entry in entries),
        texts={
            str(entry.path): Text(
                kind=entry.kind,
                marks=blob.marks,
                mentions=blob.mentions,
                demands=blob.demands,
                written=blob.written,
            )
            for entry in entries
            if (blob := blobs[str(entry.path)]).mentions or entry.kind in TEX_FAMILY
        },
        cut=tuple(
            str(entry.path)
            for entry in entries
            if entry.kind in TEX_FAMILY and blobs[str(entry.path)].is_cut
        ),
        asked=(looked.readme and looked.readme.directives) or Directives(),
        as_sent={
            str(entry.path): posixpath.join(entry.path.parent, posixpath.basename(name))
            for entry in entries
            if (name := entry.name_as_sent)
        },
        ancillary=[one.public_path for one in looked.entries if one.area is Area.ANCILLARY],
        searched=tuple(dict.fromkeys(_searched(looked))),
    )


def _searched(looked: Looked) -> Iterator[str]:
    for entry in (*looked.entries, *looked.directing):
        if directs_compilation(entry.path) and entry.digest in looked.blobs:
            yield from looked.blobs[entry.digest].searched
