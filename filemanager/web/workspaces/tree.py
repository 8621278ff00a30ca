"""The files of a workspace by directories, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from filemanager.api.http.paging import cursor_of
from filemanager.api.pages.texts import Said, said, shown_size
from filemanager.domain.trees.listing import EntryPage
from filemanager.domain.trees.tree import Entry
from filemanager.web.workspaces.changes import may_come_back
from filemanager.web.workspaces.findings import page_of


@dataclass(frozen=True, slots=True)
class ShownFile:
    name: str
    path: str
    page: str
    kind: str
    size: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Its path with a closing slash; empty: the top."""

    path: str
    files: Sequence[ShownFile]


@dataclass(frozen=True, slots=True)
class RemovedFile:
    path: str
    reason: Said | None
    may_come_back: bool


def directories(workspace_id: int, page: EntryPage) -> list[Directory]:
    """In the order of the paths; a long one goes on on the next page."""
    shown = groupby(page.entries, key=lambda entry: entry.public_path.rpartition("/")[0])
    return [
        Directory(f"{path}/" if path else "", [_file(workspace_id, entry) for entry in entries])
        for path, entries in shown
    ]


def removed(page: EntryPage) -> list[RemovedFile]:
    return [
        RemovedFile(
            str(one.path), said(one.reason) if one.reason else None, may_come_back(one.code)
        )
        for one in page.entries
    ]


def next_page(page: EntryPage, searched: str) -> str | None:
    if page.next_after is None:
        return None
    area, path = page.next_after
    return "?" + urlencode({"q": searched, "cursor": cursor_of([str(area), path])})


def _file(workspace_id: int, entry: Entry) -> ShownFile:
    path = entry.public_path
    return ShownFile(
        entry.path.name, path, page_of(workspace_id, path), entry.kind, shown_size(entry.size_bytes)
    )
