"""Sessions as values: when they end."""

from datetime import UTC, datetime, timedelta

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.sessions.session import IDLE, WebSession, WebSessionId
from worlds.stored import ALICE

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


def a_session(ends_at: datetime = NOW + DAY) -> WebSession:
    return WebSession(
        id=WebSessionId(7),
        digest=digest_of(b"secret"),
        caller=ALICE,
        created_at=NOW,
        seen_at=NOW,
        ends_at=ends_at,
    )


@pytest.mark.parametrize(
    ("session", "ends_at"),
    [(a_session(), NOW + IDLE), (a_session(NOW + timedelta(hours=1)), NOW + timedelta(hours=1))],
)
def test_a_session_ends_with_its_time_or_when_nobody_was_seen(
    session: WebSession, ends_at: datetime
) -> None:
    assert session.is_alive(ends_at - MOMENT)
    assert not session.is_alive(ends_at)
