"""What comes of an upload: the change of the tree, the contents it names, the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.trees.tree import Entry, Rewrites, TreeChange, TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Note
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.lines import Lines
from filemanager.sanitize.draft.pending import Pending, PendingDirectory, Place
from filemanager.sanitize.draft.remarks import finding
from filemanager.sanitize.portable import fitting, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``contents`` has every content that *change* names and that was not in the tree before.

    An unpacked archive's own bytes are not kept. ``origins`` tells of each file that came which of
    those sent it was, or came in.
    """

    change: TreeChange
    contents: Mapping[Digest, Content]
    source_format: SourceFormat
    log: Lines
    origins: Mapping[Place, int] = field(default_factory=dict)


def outcome_of(draft: Draft, at: datetime) -> Outcome:
    """The finished draft of an upload."""
    ended = set(draft.overlay.ended())
    draft.left_out.settle(draft.overlay, draft.remarks, ended.__contains__)
    kept = [*_living(draft, at), *_removed(draft, at)]
    contents = dict(draft.alterations.contents)
    for file in draft.overlay.pending.files():
        if file.content is not None:
            contents[file.digest] = file.content
    judgement = draft.judgement
    return Outcome(
        change=TreeChange(
            end=ends(draft, kept),
            put=tuple(kept),
            clear=tuple(_clears(draft)),
            clear_codes=clear_codes(draft),
            findings=tuple(findings(draft)),
            altered=tuple(draft.alterations.made),
            is_upload=True,
        ),
        contents=contents,
        source_format=judgement.source_format if judgement else draft.overlay.view.source_format,
        log=draft.log,
        origins=_origins(draft),
    )


def _origins(draft: Draft) -> Mapping[Place, int]:
    files = draft.overlay.pending.files()
    came = (file for file in files if file.content is not None)
    return {(file.area, file.path): _sent_number(file.origin) for file in came}


def _sent_number(origin: str) -> int:
    """Of ``3/0/1+x``, a file beside a member of a member, 3."""
    return int(origin.partition("/")[0].partition("+")[0])


def _living(draft: Draft, at: datetime) -> Iterator[Entry]:
    for file in draft.overlay.pending.files():
        if file.entry is None:
            yield _entry(file, file.path, at)
        else:
            place = replace(file.entry, area=file.area, path=file.path)
            yield replace(place, position=None, packed_bytes=0)


def _removed(draft: Draft, at: datetime) -> Iterator[Entry]:
    """Each under its public path, or numbered where another of this upload has that already."""
    taken: dict[str, int] = {}
    for file in draft.removed:
        if not isinstance(file, Pending) or file.code == Code.UNPACKED:
            continue
        wanted = path = fitting(file.public_path)
        while path in taken:
            taken[wanted] += 1
            path = fitting(numbered(wanted, taken[wanted]))
        taken[path] = 0
        removed = _entry(file, TreePath(path), at)
        yield replace(removed, area=Area.REMOVED, reason=file.reason, code=file.code)


def _entry(file: Pending, path: TreePath, at: datetime) -> Entry:
    return Entry(
        area=file.area,
        path=path,
        kind=file.kind,
        size_bytes=file.size_bytes,
        digest=file.digest,
        modified_at=at,
        name_as_sent=escaped(file.as_sent) if file.was_renamed else None,
        kept_by_owner=file.kept_by_owner,
        rewrites=None if file.rewritten_as is None else Rewrites(file.rewritten_as),
    )


def ends(draft: Draft, put: list[Entry]) -> tuple[tuple[Area, TreePath], ...]:
    """What an entry of *put* takes the place of ends by that."""
    ended = dict.fromkeys(draft.overlay.ended())
    for entry in put:
        ended.pop((entry.area, entry.path), None)
    return tuple(ended)


def _clears(draft: Draft) -> Iterator[Place]:
    """Findings of what went or was overwritten, and of everything that is said anew."""
    yield from draft.overlay.ended()
    for place, _ in draft.remarks.changed():
        yield place
    for item in draft.overlay.pending.items():
        if isinstance(item, PendingDirectory) and item.notes:
            yield item.area, f"{item.path}/"


def clear_codes(draft: Draft) -> tuple[str, ...]:
    """The old judgement goes, unless it is said again word for word."""
    is_new = draft.judgement and _said_of_workspace(draft) != _wanted_of_workspace(draft)
    return (Code.INVALID_SOURCE_TYPE,) if is_new else ()


def _said_of_workspace(draft: Draft) -> list[Finding]:
    found = draft.overlay.view.findings_on(None, None)
    return [one for one in found if one.code == Code.INVALID_SOURCE_TYPE and one.persistent]


def _wanted_of_workspace(draft: Draft) -> list[Finding]:
    note = draft.judgement.note if draft.judgement else None
    return [finding(note, None, None)] if note else []


def workspace_findings(draft: Draft) -> list[Finding]:
    """What is new about the whole; a transient judgement is always said again."""
    wanted = _wanted_of_workspace(draft)
    return wanted if wanted != _said_of_workspace(draft) else []


def findings(draft: Draft) -> Iterator[Finding]:
    """On source files and directories by the index, ancillary ones, removed ones, the workspace."""
    for area in (Area.SOURCE, Area.ANCILLARY):
        yield from _findings_in(draft, area)
    for item in draft.removed:
        yield from (
            finding(note, Area.REMOVED, public_path(item.area, _named(item))) for note in item.notes
        )
    yield from workspace_findings(draft)


def _findings_in(draft: Draft, area: Area) -> Iterator[Finding]:
    for (where, path), notes in draft.remarks.changed():
        if where is area:
            yield from (finding(note, area, path) for note in notes)
    for item in draft.overlay.pending.items():
        if item.area is area:
            yield from (_finding(draft, note, item) for note in item.notes)


def _finding(draft: Draft, note: Note, item: Pending | PendingDirectory) -> Finding:
    """A directory that holds no file is no part of the tree: nobody could take it away again."""
    found = finding(note, item.area, _named(item))
    if isinstance(item, PendingDirectory) and not draft.overlay.holds_files(item.area, item.path):
        return replace(found, persistent=False)
    return found


def _named(item: Pending | PendingDirectory) -> str:
    return item.path if isinstance(item, Pending) else f"{item.path}/"
