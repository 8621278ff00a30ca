"""How the drop-in routes show a workspace: the original's summary and headers."""

from collections.abc import Iterable
from datetime import datetime

from filemanager.api.http.context import services
from filemanager.api.http.responses import date_of, moment, shown_owner
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.tree import Entry
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.codes import V2_ALONE
from filemanager.services.workspaces.summary import Summary

Triple = tuple[str, str | None, str]


def summary_of(summary: Summary, locked: bool) -> dict[str, object]:  # noqa: FBT001  # a state
    """The 14 keys, no more: a client's schema refuses others."""
    workspace = summary.workspace
    shown = list(_last_of_each_code(filter(_is_told, summary.findings)))
    # Of an archive that was not taken whole the same is said twice, under two codes.
    errors = list(dict.fromkeys(_triple(finding) for finding in shown))
    by_place: dict[tuple[Area | None, str | None], list[Triple]] = {}
    for finding in shown:
        by_place.setdefault((finding.area, finding.path), []).append(_triple(finding))
    return {
        "checksum": summary.checksum,
        "completion_datetime": moment(workspace.completed_at),
        "created_datetime": moment(workspace.created_at),
        "errors": errors,
        "files": [_file(entry, by_place) for entry in summary.entries],
        "lock_state": "LOCKED" if locked else "UNLOCKED",
        "modified_datetime": moment(workspace.modified_at),
        "readiness": summary.readiness,
        "source_format": workspace.source_format,
        "start_datetime": moment(workspace.started_at),
        "upload_compressed_size": summary.content_bytes,
        "upload_id": workspace.id,
        "upload_status": workspace.status,
        "upload_total_size": workspace.tree.total_bytes,
    }


def headers_of(workspace: Workspace, checksum: str) -> dict[str, str]:
    """The ETag is unquoted: clients compare it with the JSON ``checksum``."""
    return {
        "ARXIV-OWNER": shown_owner(workspace.owner),
        "ETag": checksum,
        "Last-Modified": date_of(changed_at(workspace)),
        "Cache-Control": "private, no-cache",
    }


def changed_at(workspace: Workspace) -> datetime:
    return workspace.changed_at(services().clock())


def _file(
    entry: Entry, by_place: dict[tuple[Area | None, str | None], list[Triple]]
) -> dict[str, object]:
    return {
        "errors": by_place.get((entry.area, entry.path), []),
        "modified_datetime": moment(entry.modified_at),
        "name": entry.path.name,
        "public_filepath": entry.public_path,
        "size": entry.size_bytes,
        "type": entry.kind,
    }


def _triple(finding: Finding) -> Triple:
    path = None if finding.path is None else public_path(finding.area, finding.path)
    return finding.severity, path, finding.message


def _is_told(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO or finding.code not in V2_ALONE


def _last_of_each_code(findings: Iterable[Finding]) -> Iterable[Finding]:
    """One finding of a code for each path: a later one takes the place of the first."""
    kept: dict[tuple[Area | None, str | None, str], Finding] = {}
    for finding in findings:
        kept[(finding.area, finding.path, finding.code)] = finding
    return kept.values()
