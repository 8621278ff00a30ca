"""Looking again after a person deleted, moved or brought back files."""

from collections.abc import Iterator
from dataclasses import replace

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Entry, TreeChange
from filemanager.sanitize.check import Profile
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.lines import Lines
from filemanager.sanitize.draft.pending import Pending, Place
from filemanager.sanitize.draft.placing import make_directories
from filemanager.sanitize.draft.remarks import finding, note_of
from filemanager.sanitize.outcome import Outcome, clear_codes, workspace_findings
from filemanager.sanitize.runner import Look


def reviewed(view: TreeView, change: TreeChange, profile: Profile) -> Outcome:
    """*change* completed with what is to be said, and no longer said, of the tree after it."""
    draft = Draft(view, keep_transient=True)
    _apply(draft, change)
    Look(draft).at(profile.review_checks)
    draft.left_out.settle(
        draft.overlay, draft.remarks, lambda place: _is_over(place, draft, change)
    )
    judgement = draft.judgement
    return Outcome(
        change=replace(
            change,
            clear=_distinct([*change.clear, *_clears(draft, change)]),
            clear_codes=tuple(dict.fromkeys([*change.clear_codes, *clear_codes(draft)])),
            findings=tuple(_findings(draft, change)),
        ),
        contents={},
        source_format=judgement.source_format if judgement else view.source_format,
        log=Lines(),
    )


def _apply(draft: Draft, change: TreeChange) -> None:
    for area in change.end_areas:
        draft.overlay.end_all(area)
    for area, path in change.end:
        if entry := draft.overlay.entry(area, path):
            draft.overlay.end(entry)
    for entry in change.put:
        if entry.area is not Area.REMOVED:
            _put(draft, change, entry)


def _put(draft: Draft, change: TreeChange, entry: Entry) -> None:
    if there := draft.overlay.entry(entry.area, entry.path):
        draft.overlay.end(there)
    make_directories(draft.overlay, entry.area, entry.path)
    notes = (note_of(one) for one in change.findings if _place(one) == _place(entry))
    draft.overlay.pending.put(Pending.of_entry(entry, notes))


def _is_over(place: Place, draft: Draft, change: TreeChange) -> bool:
    """Whether *change* ends what was said of a place."""
    ends = (*change.clear, *draft.overlay.ended())
    return place[0] in change.end_areas or place in ends


def _place(thing: Finding | Entry) -> tuple[Area | None, str | None]:
    return thing.area, thing.path


def _findings(draft: Draft, change: TreeChange) -> Iterator[Finding]:
    """Those of *change*, but for the files that were looked at, of which all is said here."""
    files = draft.overlay.pending.files()
    seen = {(file.area, str(file.path)) for file in files}
    yield from (one for one in change.findings if _place(one) not in seen)
    for (area, path), notes in draft.remarks.changed():
        yield from (finding(note, area, path) for note in notes)
    for file in files:
        yield from (finding(note, file.area, file.path) for note in file.notes)
    yield from workspace_findings(draft)


def _clears(draft: Draft, change: TreeChange) -> Iterator[Place]:
    yield from change.end
    yield from draft.overlay.ended()
    yield from (place for place, _ in draft.remarks.changed())
    above = [(area, name) for area, path in change.end for name in path.directories()]
    for area, name in dict.fromkeys(above):
        is_spoken_of = draft.overlay.view.findings_on(area, f"{name}/")
        if is_spoken_of and not draft.overlay.holds_files(area, name):
            yield area, f"{name}/"


def _distinct(places: list[Place]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys((area, str(path)) for area, path in places))
