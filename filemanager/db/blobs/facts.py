"""Facts of blobs that are worked out once: they go when the blob goes."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, select

from filemanager.db.blobs.locks import hold
from filemanager.db.blobs.tables import blob_facts
from filemanager.db.engine.statements import chunks, ensure_rows
from filemanager.domain.ids import Digest

_COLUMNS = (blob_facts.c.digest, blob_facts.c.name, blob_facts.c.value)
_KEY = (blob_facts.c.digest, blob_facts.c.name)
_FIND = select(*_COLUMNS).where(blob_facts.c.digest.in_(bindparam("digests", expanding=True)))


def find(connection: Connection, digests: Collection[Digest]) -> Mapping[Digest, Mapping[str, str]]:
    found: dict[Digest, dict[str, str]] = {}
    for chunk in chunks(digests):
        for digest, name, value in connection.execute(_FIND, {"digests": chunk}):
            found.setdefault(Digest(digest), {})[name] = value
    return found


def save(connection: Connection, facts: Mapping[Digest, Mapping[str, str]]) -> None:
    """The blobs are held meanwhile: a fact of one that is swept just then would be refused."""
    for chunk in chunks(sorted(facts)):
        rows = [
            {"digest": digest, "name": name, "value": value}
            for digest in hold(connection, chunk)
            for name, value in sorted(facts[digest].items())
        ]
        ensure_rows(connection, _KEY, rows)
