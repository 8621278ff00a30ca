"""Sessions and previews as values: when they end, and what a token says."""

from datetime import UTC, datetime, timedelta

import pytest

from filemanager.domain.ids import MAX_ID, digest_of
from filemanager.domain.sessions.preview import SessionPreview, preview_said, preview_token
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


@pytest.mark.parametrize("name", ["", "a", "ab", "abc", "ab/ü?.png"])
def test_a_token_says_what_it_was_made_of(name: str) -> None:
    preview = SessionPreview(
        session_id=WebSessionId(7), digest=digest_of(b"file"), name=name, ends_at=NOW
    )

    assert preview_said(preview_token(preview, a_session())) == preview


def _said(session_id: int | str, name: str) -> str:
    return f"{session_id}.1795867200.{'0' * 64}.{name}.{'0' * 64}"


def test_a_session_has_a_number_that_a_database_can_hold() -> None:
    assert preview_said(_said(MAX_ID, "YQ")) is not None
    assert preview_said(_said(MAX_ID + 1, "YQ")) is None


@pytest.mark.parametrize(
    "token", ["", _said("0", "YQ"), _said("7", "Y"), _said("7", "_w"), _said("7", "YQ") + "0"]
)
def test_what_is_no_token_says_nothing(token: str) -> None:
    assert preview_said(token) is None
