"""What has just been written, told as it is read: so that nobody reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from filemanager.db.engine.columns import milliseconds, moment, storable
from filemanager.db.trees.lives import Place
from filemanager.domain.ids import Revision
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import Entry, Rewrites

_RANKS = {area: rank for rank, area in enumerate((*Area, None))}


def entries_told(entries: Iterable[tuple[Entry, int]], revision: Revision) -> Sequence[Entry]:
    """Each comes with its position; as a listing has them."""
    told = (entry_told(entry, position, revision) for entry, position in entries)
    return sorted((one for one in told if one.area is not Area.REMOVED), key=_listing_order)


def entry_told(entry: Entry, position: int, revision: Revision) -> Entry:
    rewrites = entry.rewrites
    return replace(
        entry,
        position=position,
        modified_at=moment(milliseconds(entry.modified_at)),
        name_as_sent=_stored(entry.name_as_sent),
        reason=_stored(entry.reason),
        code=_stored(entry.code),
        rewrites=rewrites and Rewrites(rewrites.file, rewrites.revision or revision),
    )


def findings_told(findings: Iterable[Finding], positions: Mapping[Place, int]) -> Sequence[Finding]:
    """Directories, and paths without an entry, come behind the entries of their area."""

    def order(finding: Finding) -> tuple[int, bool, int]:
        at = None
        if finding.area is not None and finding.path is not None:
            at = positions.get((finding.area, str(finding.path)))
        return _RANKS[finding.area], at is None, at or 0

    return sorted(map(_finding_told, findings), key=order)


def _finding_told(finding: Finding) -> Finding:
    return replace(finding, message=storable(finding.message), awaits=_stored(finding.awaits))


def _stored(given: str | None) -> str | None:
    return None if given is None else storable(given)


def _listing_order(entry: Entry) -> tuple[int, int]:
    return _RANKS[entry.area], entry.position or 0
