"""Sources are added, changed, looked at and removed; each is tried before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.sources.errors import (
    CredentialsLocked,
    SourceDeclared,
    SourceExists,
    SourceUnknown,
)
from filemanager.domain.sources.objects import ObjectPage, ObjectQuery, Sources
from filemanager.domain.sources.ports import CredentialSeals
from filemanager.domain.sources.source import (
    Credentials,
    NewSource,
    Source,
    source_name_from,
)
from filemanager.services.sources.rights import may_look, readable

_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """None: that stays as it is."""

    readers: frozenset[str] | None = None
    credentials: Credentials | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekeyed:
    """``locked`` are the names of sources whose credentials no key opens."""

    sealed_anew: int
    locked: Sequence[str]


class SourceService:
    def __init__(
        self, database: Database, sources: Sources, seals: CredentialSeals, clock: Clock
    ) -> None:
        self._database = database
        self._sources = sources
        self._seals = seals
        self._clock = clock

    def add(self, new: NewSource) -> Source:
        """Raise ``SourceExists``, ``NoSourceKeys``, and whatever a probe does."""
        if new.credentials is not None:
            self._seals.ensure_some()
        with self._database.read() as tx:
            if tx.sources.find(new.name) is not None:
                raise SourceExists(new.name)
        probe = self._sources.trial(new.name, new.place, new.credentials).probe()

        def work(tx: Transaction) -> Source:
            made = tx.sources.add(new.name, new.place, new.readers, self._clock())
            return self._saved(tx, replace(made, probe=probe), new.credentials)

        return self._database.write(work)

    def change(self, name: str, change: SourceChange) -> Source:
        """Raise ``SourceUnknown``, ``SourceDeclared`` and, for credentials, as ``add``."""
        with self._database.read() as tx:
            found = _ours(tx.sources.find(name))
        probe = None
        if change.credentials is not None:
            self._seals.ensure_some()
            probe = self._sources.trial(name, found.place, change.credentials).probe()

        def work(tx: Transaction) -> Source:
            locked = _ours(tx.sources.lock(name))
            readers = locked.readers if change.readers is None else change.readers
            changed = replace(locked, readers=readers, probe=probe or locked.probe)
            return self._saved(tx, changed, change.credentials)

        return self._database.write(work)

    def remove(self, name: str) -> None:
        """What points into it is refused from now on. Raises as ``change``."""
        self._database.write(lambda tx: self.forget(tx, _ours(tx.sources.lock(name))))

    def forget(self, tx: Transaction, source: Source) -> None:
        """Its credentials go; its row stays for what points into it."""
        tx.sources.save(replace(source, sealed=None, removed_at=self._clock()))

    def check(self, name: str) -> Source:
        """Probe it again, and keep what is found. Raises ``SourceUnknown``, and as a probe does."""
        with self._database.read() as tx:
            found = tx.sources.find(name)
        if found is None:
            raise SourceUnknown
        probe = self._sources.objects_of(found).probe()

        def work(tx: Transaction) -> Source:
            return self._saved(tx, replace(tx.sources.lock(name), probe=probe), None)

        return self._database.write(work)

    def rekey(self) -> Rekeyed:
        """Seal all credentials with the newest key; what no key opens stays as it is."""
        locked: list[str] = []

        def sealed_anew(source: Source) -> bytes | None:
            try:
                return self._seals.sealed_anew(source)
            except CredentialsLocked:
                locked.append(source.name)
                return source.sealed

        def work(tx: Transaction) -> Rekeyed:
            locked.clear()
            return Rekeyed(sealed_anew=tx.sources.reseal(sealed_anew), locked=tuple(locked))

        return self._database.write(work)

    def get(self, caller: Caller, name: str) -> Source:
        """Raise ``SourceUnknown`` where the caller neither reads sources nor looks after them."""
        with self._database.read() as tx:
            found = tx.sources.find(name)
        if found is None or not may_look(caller, found):
            raise SourceUnknown
        return found

    def page(self, caller: Caller, after: str, limit: int) -> Sequence[Source]:
        """Those that ``get`` would show, by name behind *after*, which is empty or a name.

        Raises ``Malformed``.
        """
        if after:
            source_name_from(after)
        found: list[Source] = []
        with self._database.read() as tx:
            while len(found) < limit and (rows := tx.sources.page(after, _ROWS_AT_ONCE)):
                found += [one for one in rows if may_look(caller, one)]
                after = rows[-1].name
        return found[:limit]

    def all(self) -> Sequence[Source]:
        """For the operator."""
        with self._database.read() as tx:
            return living_sources(tx)

    def objects(self, caller: Caller, name: str, query: ObjectQuery) -> ObjectPage:
        """For readers alone: to look after a source is not to read it."""
        with self._database.read() as tx:
            source = readable(tx, name, caller.owner)
        return self._sources.objects_of(source).page(query)

    def _saved(self, tx: Transaction, source: Source, credentials: Credentials | None) -> Source:
        if credentials is not None:
            source = replace(source, sealed=self._seals.seal(source.id, credentials))
        tx.sources.save(source)
        return source


def living_sources(tx: Transaction) -> Sequence[Source]:
    """All of them: operators make them one by one."""
    found: list[Source] = []
    while rows := tx.sources.page(found[-1].name if found else "", _ROWS_AT_ONCE):
        found += rows
    return found


def _ours(source: Source | None) -> Source:
    """What is kept here, and no file says otherwise at the next start."""
    if source is None:
        raise SourceUnknown
    if source.is_declared:
        raise SourceDeclared(source.name)
    return source
