"""Moving everything to another database: all but who is signed in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filemanager.domain.ids import Digest
from filemanager.domain.requests.secrets import new_secret
from filemanager.domain.sessions.session import Handover, WebSession, WebSessionId, WebToken
from worlds.stored import ALICE, World
from worlds.transfers import bring, export

_NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def _sign_in(world: World) -> tuple[Digest, ...]:
    """The digests of a cookie, a hand-over and a token for scripts."""
    at, digests = world.clock(), tuple(new_secret().digest for _ in range(3))
    session = WebSession(
        id=WebSessionId(0),
        digest=digests[0],
        caller=ALICE,
        created_at=at,
        seen_at=at,
        ends_at=_NEVER,
    )
    handover = Handover(caller=ALICE, session_ends_at=None, expires_at=_NEVER)
    with_id = world.database.write(lambda tx: tx.sessions.add(session))
    world.database.write(lambda tx: tx.sessions.handovers.add(handover, digests[1]))
    token = WebToken(session_id=with_id.id, caller=ALICE, ends_at=_NEVER)
    world.database.write(lambda tx: tx.sessions.tokens.add(token, digests[2]))
    return digests


def test_an_export_has_nobody_who_is_signed_in(worlds: Iterator[World], tmp_path: Path) -> None:
    here, there = next(worlds), next(worlds)
    digests = _sign_in(here)

    exported, _ = export(here, tmp_path / "export")
    imported, _ = bring(tmp_path / "export", there)

    written = b"".join(path.read_bytes() for path in (tmp_path / "export").glob("*.jsonl"))
    assert not any(digest.encode() in written for digest in digests)
    assert (exported.problems, imported.problems) == (0, 0)
    with there.database.read() as tx:
        assert tx.sessions.find(digests[0]) is None
        assert tx.sessions.handovers.find(digests[1]) is None
        assert tx.sessions.tokens.find(digests[2]) is None


def test_somebody_may_have_signed_in_before_an_import(
    worlds: Iterator[World], tmp_path: Path
) -> None:
    here, there = next(worlds), next(worlds)
    export(here, tmp_path / "export")
    (cookie, *_) = _sign_in(there)

    bring(tmp_path / "export", there)

    with there.database.read() as tx:
        assert tx.sessions.find(cookie) is not None
