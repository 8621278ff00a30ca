"""Sessions, hand-overs and web tokens are found by digests, once where that is promised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Caller, GrantedScope
from filemanager.domain.requests.secrets import new_secret
from filemanager.domain.sessions.session import Handover, WebSession, WebSessionId, WebToken

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CALLER = Caller(
    issuer="issuer",
    subject="ali\u010d",
    name="\u0100lice",
    granted=frozenset({GrantedScope("upload:read"), GrantedScope("upload:update", "17")}),
)
SECRET, OTHER = new_secret(), new_secret()
SESSION = WebSession(
    id=WebSessionId(0),
    digest=SECRET.digest,
    caller=CALLER,
    created_at=NOW,
    seen_at=NOW,
    ends_at=LATER,
)


@pytest.fixture
def session(database: SqlDatabase) -> WebSession:
    return database.write(lambda tx: tx.sessions.add(SESSION))


def test_a_session_is_found_by_its_digest_as_it_was_put(
    database: SqlDatabase, session: WebSession
) -> None:
    with database.read() as tx:
        assert tx.sessions.find(SECRET.digest) == session == replace(SESSION, id=session.id)
        assert tx.sessions.find(OTHER.digest) is None


def test_a_session_is_found_by_its_number(database: SqlDatabase, session: WebSession) -> None:
    with database.read() as tx:
        assert tx.sessions.numbered(session.id) == session
        assert tx.sessions.numbered(WebSessionId(session.id + 1)) is None


def test_when_a_session_was_seen_is_kept(database: SqlDatabase, session: WebSession) -> None:
    database.write(lambda tx: tx.sessions.note_seen(session.id, LATER))

    with database.read() as tx:
        assert tx.sessions.find(SECRET.digest) == replace(session, seen_at=LATER)


def test_a_session_ends_with_its_tokens(database: SqlDatabase, session: WebSession) -> None:
    token = WebToken(session_id=session.id, caller=replace(CALLER, name="x"), ends_at=LATER)
    database.write(lambda tx: tx.sessions.tokens.add(token, OTHER.digest))
    with database.read() as tx:
        found = tx.sessions.tokens.find(OTHER.digest)

    for _ in range(2):
        database.write(lambda tx: tx.sessions.end(session.id))

    assert found == (token, session)
    with database.read() as tx:
        assert tx.sessions.find(SECRET.digest) is None
        assert tx.sessions.tokens.find(OTHER.digest) is None


def test_a_hand_over_is_taken_once(database: SqlDatabase) -> None:
    handover = Handover(caller=CALLER, session_ends_at=None, expires_at=LATER)
    database.write(lambda tx: tx.sessions.handovers.add(handover, SECRET.digest))

    with database.read() as tx:
        assert tx.sessions.handovers.find(SECRET.digest) == handover
    taken = [database.write(lambda tx: tx.sessions.handovers.take(SECRET.digest)) for _ in "ab"]

    assert taken == [handover, None]


def test_what_has_ended_is_pruned(database: SqlDatabase, session: WebSession) -> None:
    token = WebToken(session_id=session.id, caller=CALLER, ends_at=NOW)
    handover = Handover(caller=CALLER, session_ends_at=LATER, expires_at=NOW)
    database.write(lambda tx: tx.sessions.tokens.add(token, SECRET.digest))
    database.write(lambda tx: tx.sessions.handovers.add(handover, SECRET.digest))

    kept = [
        database.write(lambda tx: tx.sessions.prune(NOW, LATER, 10)),
        database.write(lambda tx: tx.sessions.tokens.prune(NOW, 10)),
        database.write(lambda tx: tx.sessions.handovers.prune(NOW, 10)),
    ]
    pruned = [
        database.write(lambda tx: tx.sessions.tokens.prune(LATER, 10)),
        database.write(lambda tx: tx.sessions.handovers.prune(LATER, 10)),
        database.write(lambda tx: tx.sessions.prune(LATER, NOW, 10)),
    ]

    assert (kept, pruned) == ([0, 0, 0], [1, 1, 1])
