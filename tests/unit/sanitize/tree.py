"""A tree in memory that answers checks and takes their changes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from filemanager.domain.ids import digest_of
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import Finding, readiness_of
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.tree import Entry, TreeChange, TreePath
from filemanager.sanitize.codes import V2_ALONE
from filemanager.sanitize.outcome import Outcome

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def an_entry(path: str, kind: FileKind = FileKind.TEX, **changes: object) -> Entry:
    entry = Entry(
        area=Area.SOURCE,
        path=TreePath.parse(path),
        kind=kind,
        size_bytes=1,
        digest=digest_of(path.encode()),
        modified_at=AT,
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # the fields of an entry


class FakeTree:
    """A tree in memory that applies changes; ``queries`` counts what its view was asked."""

    def __init__(self) -> None:
        self.entries: dict[tuple[Area, str], Entry] = {}
        self.findings: list[Finding] = []
        self.source_format = SourceFormat.INVALID
        self.queries = 0
        self.listings = 0

    @property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]:
        kinds: dict[Area, Counter[FileKind]] = {area: Counter() for area in Area}
        for entry in self.entries.values():
            kinds[entry.area][entry.kind] += 1
        return kinds

    def find(self, area: Area, path: str) -> Entry | None:
        self.queries += 1
        return self.entries.get((area, path))

    def holds_below(self, area: Area, directory: str) -> bool:
        self.queries += 1
        return any(a is area and p.startswith(f"{directory}/") for a, p in self.entries)

    def sole_source(self) -> Entry | None:
        self.queries += 1
        found = [one for one in self.entries.values() if one.area is Area.SOURCE]
        return found[0] if len(found) == 1 else None

    def source_bounds(self) -> tuple[str, str] | None:
        self.queries += 1
        found = [path for area, path in self.entries if area is Area.SOURCE]
        return (min(found), max(found)) if found else None

    def below(self, area: Area, directory: str) -> Sequence[Entry]:
        self.listings += 1
        inside = f"{directory}/" if directory else ""
        return [e for (a, p), e in self.entries.items() if a is area and p.startswith(inside)]

    def findings_on(self, area: Area | None, path: str | None) -> Sequence[Finding]:
        self.queries += 1
        return [one for one in self.findings if (one.area, one.path) == (area, path)]

    def findings_at(self, places: Collection[tuple[Area, str]]) -> Sequence[Finding]:
        self.queries += 1
        return [one for one in self.findings if (one.area, one.path) in places]

    def findings_of(self, code: str) -> Sequence[Finding]:
        self.queries += 1
        return [one for one in self.findings if one.code == code and one.persistent]

    def apply(self, outcome: Outcome) -> None:
        """As the contract of ``TreeChange`` says, in its order."""
        change = outcome.change
        for area in change.end_areas:
            self.entries = {k: v for k, v in self.entries.items() if k[0] is not area}
            self.findings = [one for one in self.findings if one.area is not area]
        for area, path in change.end:
            assert (area, path) in self.entries, f"{path} ends without having been there"
            del self.entries[area, path]
        for entry in change.put:
            self.entries[entry.area, entry.path] = entry
        self.findings = [one for one in self.findings if self._stays(one, change)]
        self.findings += change.findings
        self.source_format = outcome.source_format

    def _stays(self, finding: Finding, change: TreeChange) -> bool:
        if finding.area is None:
            is_cleared = finding.code in change.clear_codes
        else:
            is_cleared = (finding.area, finding.path) in change.clear
        return not is_cleared and not (change.is_upload and not finding.persistent)

    # What tests ask.

    def paths(self, area: Area = Area.SOURCE) -> list[str]:
        return sorted(path for where, path in self.entries if where is area)

    def files(self) -> dict[str, FileKind]:
        return {
            one.public_path: one.kind
            for one in self.entries.values()
            if one.area is not Area.REMOVED
        }

    def said(self) -> set[tuple[str, str | None, str]]:
        """(severity, public path, text), the last of a code as the drop-in answer has them."""
        told = (one for one in self.findings if one.severity != "info" or one.code not in V2_ALONE)
        last = {(one.area, one.path, one.code): one for one in told}
        return {(one.severity.value, _path_of(one), one.message) for one in last.values()}

    def codes(self, path: str | None) -> list[str]:
        return [one.code for one in self.findings if _path_of(one) == path]

    @property
    def readiness(self) -> str:
        return readiness_of(self.findings).value


def _path_of(finding: Finding) -> str | None:
    return finding.path and public_path(finding.area, finding.path)
