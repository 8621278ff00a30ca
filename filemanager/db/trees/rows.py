"""Rows of a tree as values of the domain, and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.trees.tables import entries, findings, trees
from filemanager.domain.ids import Checksum, Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import ChecksumForm, bucket_of
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Entry, Rewrites, Tree, TreePath

# Looked up ten thousand times in a listing: a dictionary is three times as quick as the enum.
_AREAS = {area.value: area for area in Area}
_KINDS = {kind.value: kind for kind in FileKind}
_FORMS = {form.value: form for form in ChecksumForm}

TREE_COLUMNS = (
    trees.c.id,
    trees.c.revision,
    trees.c.source_bytes,
    trees.c.ancillary_bytes,
    trees.c.content_bytes,
    trees.c.kept_bytes,
    trees.c.checksum,
    trees.c.checksum_form,
    trees.c.counts,
)

STATE_COLUMNS = (*TREE_COLUMNS, trees.c.next_position, trees.c.next_ordinal)

ENTRY_COLUMNS = (
    entries.c.area,
    entries.c.path,
    entries.c.kind,
    entries.c.size_bytes,
    entries.c.digest,
    entries.c.modified_at,
    entries.c.packed_bytes,
    entries.c.position,
    entries.c.name_as_sent,
    entries.c.reason,
    entries.c.code,
    entries.c.kept_by_owner,
    entries.c.rewritten_in,
    entries.c.rewritten_as,
)

FINDING_COLUMNS = (
    findings.c.area,
    findings.c.path,
    findings.c.code,
    findings.c.severity,
    findings.c.message,
    findings.c.persistent,
    findings.c.awaits,
)


@dataclass(frozen=True, slots=True)
class TreeState:
    """A tree's row with the counters that only the database keeps."""

    tree: Tree
    next_position: int
    next_ordinal: int


def area_of(value: str) -> Area:
    return _AREAS[value]


def kind_of(value: str) -> FileKind:
    return _KINDS[value]


def tree_of(columns: tuple[Any, ...]) -> Tree:
    """From the values of ``TREE_COLUMNS``."""
    key, revision, source_bytes, ancillary_bytes, content_bytes, kept_bytes, *more = columns
    checksum, form, counts = more
    return Tree(
        id=TreeId(key),
        revision=Revision(revision),
        source_bytes=source_bytes,
        ancillary_bytes=ancillary_bytes,
        content_bytes=content_bytes,
        kept_bytes=kept_bytes,
        checksum=None if checksum is None else Checksum(checksum),
        checksum_form=_FORMS[form],
        counts={
            _AREAS[area]: {_KINDS[kind]: count for kind, count in kinds.items()}
            for area, kinds in json.loads(counts).items()
        },
    )


def counts_text(counts: Mapping[Area, Mapping[FileKind, int]]) -> str:
    return json.dumps(counts, separators=(",", ":"))


def entry_of(columns: tuple[Any, ...]) -> Entry:
    """From the values of ``ENTRY_COLUMNS``."""
    area, path, kind, size, digest, modified_at, packed, position, sent, reason, code, *more = (
        columns
    )
    kept, revision, file = more
    return Entry(
        area=_AREAS[area],
        path=TreePath(path),
        kind=_KINDS[kind],
        size_bytes=size,
        digest=digest,
        modified_at=moment(modified_at),
        packed_bytes=packed,
        position=position,
        name_as_sent=sent,
        reason=reason,
        code=code,
        # The driver of SQLite gives a number.
        kept_by_owner=bool(kept),
        rewrites=None if file is None else Rewrites(file, revision),
    )


def entry_values(entry: Entry, position: int, revision: Revision) -> dict[str, object]:
    """*revision* is the one that the entry begins with."""
    rewrites = entry.rewrites
    return {
        "area": entry.area.value,
        "path": str(entry.path),
        "kind": entry.kind.value,
        "size_bytes": entry.size_bytes,
        "digest": entry.digest,
        "modified_at": milliseconds(entry.modified_at),
        "packed_bytes": entry.packed_bytes,
        "position": position,
        "name_as_sent": entry.name_as_sent,
        "reason": entry.reason,
        "code": entry.code,
        "kept_by_owner": entry.kept_by_owner,
        "rewritten_in": rewrites and (rewrites.revision or revision),
        "rewritten_as": rewrites and rewrites.file,
        "bucket": bucket_of(entry.public_path),
    }


def finding_of(columns: tuple[Any, ...]) -> Finding:
    """From the values of ``FINDING_COLUMNS``."""
    area, path, code, severity, message, persistent, awaits = columns
    return Finding(
        severity=Severity(severity),
        code=code,
        message=message,
        area=None if area is None else _AREAS[area],
        path=path,
        persistent=bool(persistent),
        awaits=awaits,
    )


def finding_values(finding: Finding, ordinal: int) -> dict[str, object]:
    return {
        "area": None if finding.area is None else finding.area.value,
        "path": None if finding.path is None else str(finding.path),
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "persistent": finding.persistent,
        "awaits": finding.awaits,
        "ordinal": ordinal,
    }


def state_of(columns: tuple[Any, ...]) -> TreeState:
    """From the values of ``STATE_COLUMNS``."""
    *of_tree, next_position, next_ordinal = columns
    return TreeState(tree_of(tuple(of_tree)), next_position, next_ordinal)
