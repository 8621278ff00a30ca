"""Advice to authors, worked out when it is asked for from what is remembered of each blob."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from filemanager.domain.blobs.blob import Content, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged, StoreUnavailable
from filemanager.domain.ids import Digest, Revision, WorkspaceId
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.listing import EntryQuery
from filemanager.domain.trees.tree import Entry
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.advice.advice import Looked, Readme, advise, on_large_readmes
from filemanager.sanitize.advice.of_blob import VERSION, BlobAdvice, advice_of, from_text, to_text
from filemanager.sanitize.advice.readme import (
    README_NAMES,
    Directives,
    ReadmeTooLarge,
    fact_of,
    from_fact,
    most_bytes,
    to_fact,
)
from filemanager.sanitize.registry import ARXIV
from filemanager.services.neighbours import as_they_lie, contents_in_turn
from filemanager.services.remembering import remember
from filemanager.services.workspaces.summary import live

MAX_NEW_BYTES = 256 << 20
MAX_NEW_FILES = 2000
"""How much is read for one question, at most; the rest is left to the next."""

_FACT = f"advice-{VERSION}"
_BATCH = 200
_MAX_RC = 10
"""Removed files that tell where TeX looks."""


class AdviceService:
    """An upload pays nothing: each blob is read once, when a workspace with it is first asked for.

    What was found is kept with the blob; what follows for a tree is worked out anew each time.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        *,
        max_new_bytes: int = MAX_NEW_BYTES,
        max_new_files: int = MAX_NEW_FILES,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._max_new_bytes = max_new_bytes
        self._max_new_files = max_new_files

    def of(
        self,
        workspace_id: WorkspaceId,
        revision: Revision,
        severity: Severity | None = None,
        left: Callable[[], None] = lambda: None,
    ) -> Sequence[Finding]:
        """Findings of severity ``info`` on the tree at *revision*, and warnings of what nobody
        reads; none but for profile arxiv.

        Nothing else is read where another *severity* alone is wanted. Files that cannot be read now
        are counted in a finding: this never fails for the store's sake. *left* is called where more
        is left to the next question than could not be read.
        """
        if severity is Severity.FATAL:
            return ()
        with self._database.read() as tx:
            workspace = live(tx, workspace_id)
            if workspace.profile != ARXIV.name:
                return ()
            entries = tx.trees.entries(workspace.tree.id, revision)
            directing = _directing(tx, workspace, revision)
        sizes = {entry.digest: entry.size_bytes for entry in (*directing, *entries)}
        readme, too_large = self._readme(entries)
        if severity is Severity.WARN:
            return tuple(on_large_readmes(too_large))
        looked = Looked(
            entries=entries,
            blobs=self._advice(sizes, left),
            source_format=workspace.source_format,
            readme=readme,
            too_large=too_large,
            directing=directing,
        )
        found = advise(looked)
        return tuple(one for one in found if severity in (None, one.severity))

    def _advice(
        self, sizes: Mapping[Digest, int], left: Callable[[], None]
    ) -> Mapping[Digest, BlobAdvice]:
        found: dict[Digest, BlobAdvice] = {}
        for batch in _batches(list(sizes)):
            with self._database.read() as tx:
                known = tx.blobs.facts(batch)
            found |= {d: from_text(row[_FACT]) for d, row in known.items() if _FACT in row}
        unknown = [digest for digest in sizes if digest not in found]
        chosen = self._affordable(unknown, sizes)
        if len(chosen) < len(unknown):
            left()
        for batch in _batches(chosen):
            new = self._look(batch)
            self._save(new)
            found |= new
            if not new:
                break
        return found

    def _affordable(
        self, digests: Sequence[Digest], sizes: Mapping[Digest, int]
    ) -> Sequence[Digest]:
        """As many as one question may read: one at least, however large."""
        room, chosen = self._max_new_bytes, []
        for digest in digests[: self._max_new_files]:
            if room <= 0:
                break
            room -= sizes[digest]
            chosen.append(digest)
        return chosen

    def _look(self, digests: Sequence[Digest]) -> Mapping[Digest, BlobAdvice]:
        """Read blobs until the store fails, as they lie; damaged ones are left out."""
        with self._database.read() as tx:
            stored = tx.blobs.find(digests)
        lying = as_they_lie(stored.values())
        together = contents_in_turn(self._blobs, lying)
        found: dict[Digest, BlobAdvice] = {}
        for blob in lying:
            try:
                advice = self._advice_of(blob, together[blob.digest])
            except StoreUnavailable:
                break
            if advice is not None:
                found[blob.digest] = advice
        return found

    def _advice_of(self, blob: StoredBlob, content: Content) -> BlobAdvice | None:
        """None: it is damaged, and not only one that *content* is read together with."""
        with suppress(BlobDamaged):
            return advice_of(content)
        with suppress(BlobDamaged):
            return advice_of(self._blobs.content(blob))
        return None

    def _save(self, found: Mapping[Digest, BlobAdvice]) -> None:
        if found:
            rows = {digest: {_FACT: to_text(advice)} for digest, advice in found.items()}
            remember(self._database, lambda tx: tx.blobs.save_facts(rows))

    def _readme(self, entries: Sequence[Entry]) -> tuple[Readme | None, Sequence[str]]:
        """The one that counts of those at the top, and those before it that are too large."""
        there = {str(entry.path): entry for entry in entries if entry.area is Area.SOURCE}
        too_large: list[str] = []
        for name in README_NAMES:
            if name not in there:
                continue
            try:
                asked = self._directives(name, there[name])
            except ReadmeTooLarge:
                too_large.append(name)
            except (BlobDamaged, StoreUnavailable):
                break
            else:
                return Readme(path=name, directives=asked), too_large
        return None, too_large

    def _directives(self, name: str, entry: Entry) -> Directives | None:
        """What was kept when the blob came; read now where it came under another name."""
        if entry.size_bytes > most_bytes(name):
            raise ReadmeTooLarge
        fact = fact_of(name)
        with self._database.read() as tx:
            kept = tx.blobs.facts([entry.digest]).get(entry.digest, {})
            blob = tx.blobs.find([entry.digest])[entry.digest]
        if fact not in kept:
            text = to_fact(name, b"".join(self._blobs.read(blob)))
            remember(self._database, lambda tx: tx.blobs.save_facts({entry.digest: {fact: text}}))
            return from_fact(text)
        return from_fact(kept[fact])


def readme_facts(
    entries: Iterable[Entry], contents: Mapping[Digest, Content]
) -> Mapping[Digest, Mapping[str, str]]:
    """What is kept of those of *entries* that direct the compilation, parsed while they come."""
    found: dict[Digest, dict[str, str]] = {}
    for entry in entries:
        name, content = str(entry.path), contents.get(entry.digest)
        if entry.area is Area.SOURCE and name in README_NAMES and content is not None:
            data = content.head(most_bytes(name) + 1)
            found.setdefault(entry.digest, {})[fact_of(name)] = to_fact(name, data)
    return found


def _directing(tx: Transaction, workspace: Workspace, revision: Revision) -> Sequence[Entry]:
    """What directs a compilation and was removed, since its name begins with a dot."""
    query = EntryQuery(revision=revision, area=Area.REMOVED, contains="latexmkrc", limit=_MAX_RC)
    return tx.trees.page(workspace.tree.id, query).entries


def _batches(digests: Sequence[Digest]) -> Iterator[Sequence[Digest]]:
    for start in range(0, len(digests), _BATCH):
        yield digests[start : start + _BATCH]
