"""Who may read a source, as its row says now: tokens cannot be asked later; and who may see it."""

from collections.abc import Collection, Mapping

from filemanager.domain.caller import Caller, Owner, Scope
from filemanager.domain.ports import Transaction
from filemanager.domain.sources.errors import SourceUnknown
from filemanager.domain.sources.source import EVERYBODY, Source, SourceId


def readable(tx: Transaction, which: SourceId | str, owner: Owner) -> Source:
    """By id or by name. Raises ``SourceUnknown``."""
    if isinstance(which, str):
        found = tx.sources.find(which)
    else:
        found = tx.sources.get_all([which]).get(which)
    if found is None or not found.may_be_read_by(owner):
        raise SourceUnknown
    return found


def all_readable(
    tx: Transaction, ids: Collection[SourceId], owner: Owner
) -> Mapping[SourceId, Source]:
    """Those of *ids* that the owner may read, asked for at once."""
    found = tx.sources.get_all(ids)
    return {key: source for key, source in found.items() if source.may_be_read_by(owner)}


def may_look(caller: Caller, source: Source) -> bool:
    """Whether a source is there for them: as a reader, or as one who looks after sources."""
    return source.may_be_read_by(caller.owner) or caller.holds(Scope.PACKAGE_ADMIN)


def readers_shown(caller: Caller, source: Source) -> Collection[str]:
    """Who else reads it is for those who look after sources; others learn what lets them in."""
    if caller.holds(Scope.PACKAGE_ADMIN):
        return source.readers
    return source.readers & {caller.owner, EVERYBODY}
