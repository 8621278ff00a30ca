"""Sources that a file of settings declares: what it says is made so at each start."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.sources.errors import CredentialsLocked
from filemanager.domain.sources.ports import CredentialSeals
from filemanager.domain.sources.source import Credentials, NewSource, Probe, Source
from filemanager.services.sources.keeping import SourceService, living_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSources:
    """Rows first and all at once; a source that does not answer then is probed at a later start."""

    database: Database
    service: SourceService
    seals: CredentialSeals
    declared: Sequence[NewSource]
    clock: Clock

    def apply(self) -> None:
        """Whoever comes second finds nothing to do, however many processes start at once."""
        for source in self.database.write(self._rows):
            if source.probe == Probe():
                self._probe(source)

    def _rows(self, tx: Transaction) -> Sequence[Source]:
        wanted = {one.name for one in self.declared}
        known = {one.name: one for one in living_sources(tx)}
        for name, source in known.items():
            if source.is_declared and name not in wanted:
                self.service.forget(tx, source)
        return [self._row(tx, new, known.get(new.name)) for new in self.declared]

    def _row(self, tx: Transaction, new: NewSource, known: Source | None) -> Source:
        found = known or self._again(tx, new)
        source = replace(
            found, place=new.place, readers=new.readers, is_declared=True, removed_at=None
        )
        if found.place != new.place or not self._has(found, new.credentials):
            told = new.credentials
            sealed = None if told is None else self.seals.seal(found.id, told)
            source = replace(source, sealed=sealed, probe=Probe())
        if source != known:
            tx.sources.save(source)
        return source

    def _again(self, tx: Transaction, new: NewSource) -> Source:
        """What was declared before comes back with all that points into it: a start without the
        file, or with an older one, was a mistake that harms nothing.
        """
        before = tx.sources.find_removed(new.name)
        if before is not None and before.is_declared:
            return before
        return tx.sources.add(new.name, new.place, new.readers, self.clock())

    def _has(self, source: Source, credentials: Credentials | None) -> bool:
        """What is sealed is other bytes each time, so that it is opened to be compared."""
        if source.sealed is None or credentials is None:
            return source.sealed is None and credentials is None
        try:
            return self.seals.open(source) == credentials
        except CredentialsLocked:
            return False

    def _probe(self, source: Source) -> None:
        try:
            self.service.check(source.name)
        except FilemanagerError as error:
            # The others are to be there all the same, and the service as well.
            structlog.get_logger().warning("source_not_probed", source=source.name, code=error.code)
