"""How long a session lasts, and what ends it."""

from datetime import timedelta

import pytest

from filemanager.domain.errors import InvalidToken
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.sessions.errors import HandoverGone, TooManySignIns
from filemanager.services.sessions.signing_in import MAX_SIGN_INS, NewSession, SessionService
from filemanager.services.sessions.web_tokens import WebTokenService
from worlds.stored import ALICE, START, World

HOUR = timedelta(hours=1)


@pytest.fixture
def sessions(world: World) -> SessionService:
    return SessionService(world.database, world.clock)


@pytest.fixture
def tokens(world: World) -> WebTokenService:
    return WebTokenService(world.database, world.clock)


@pytest.fixture
def begun(sessions: SessionService) -> NewSession:
    return sessions.begin(ALICE, None, None)


def is_alive(sessions: SessionService, begun: NewSession) -> bool:
    return sessions.find(begun.secret.text) is not None


def test_a_session_ends_after_twelve_idle_hours(
    world: World, sessions: SessionService, begun: NewSession
) -> None:
    world.clock.turn(11 * HOUR)
    used = is_alive(sessions, begun)
    world.clock.turn(11 * HOUR)
    used_again = is_alive(sessions, begun)
    world.clock.turn(12 * HOUR)

    assert (used, used_again, is_alive(sessions, begun)) == (True, True, False)


def test_a_session_ends_after_seven_days_however_it_is_used(
    world: World, sessions: SessionService, begun: NewSession
) -> None:
    for _ in range(7 * 24 - 1):
        world.clock.turn(HOUR)
        assert is_alive(sessions, begun)
    world.clock.turn(HOUR)

    assert not is_alive(sessions, begun)


def test_a_session_ends_with_the_token_that_it_came_from(
    world: World, sessions: SessionService
) -> None:
    begun = sessions.begin(ALICE, START + HOUR, None)
    world.clock.turn(HOUR)

    assert not is_alive(sessions, begun)


def test_that_a_session_was_seen_is_written_every_ten_minutes_alone(
    world: World, sessions: SessionService, begun: NewSession
) -> None:
    world.clock.turn(timedelta(minutes=9))
    before = sessions.find(begun.secret.text)
    world.clock.turn(timedelta(minutes=1))
    sessions.find(begun.secret.text)
    after = sessions.find(begun.secret.text)

    assert before is not None
    assert after is not None
    assert (before.seen_at, after.seen_at) == (START, START + timedelta(minutes=10))


def test_a_hand_over_is_good_for_a_minute(world: World, sessions: SessionService) -> None:
    secret, _ = sessions.hand_over(ALICE, START + HOUR)
    world.clock.turn(timedelta(seconds=59))
    assert sessions.offered(secret.text).caller == ALICE
    world.clock.turn(timedelta(seconds=1))

    with pytest.raises(HandoverGone):
        sessions.offered(secret.text)
    with pytest.raises(HandoverGone):
        sessions.accept(secret.text, None)


def test_a_handed_over_session_ends_with_the_platforms_token(
    sessions: SessionService,
) -> None:
    secret, _ = sessions.hand_over(ALICE, START + HOUR)

    assert sessions.accept(secret.text, None).session.ends_at == START + HOUR


def test_a_token_of_scripts_ends_after_five_minutes(
    world: World, tokens: WebTokenService, begun: NewSession
) -> None:
    text, _ = tokens.for_workspace(begun.session, WorkspaceId(1), ALICE.owner)
    assert tokens.caller(text).owner == ALICE.owner
    world.clock.turn(timedelta(minutes=5))

    with pytest.raises(InvalidToken):
        tokens.caller(text)


def test_a_token_of_scripts_ends_with_its_session(
    sessions: SessionService, tokens: WebTokenService, begun: NewSession
) -> None:
    text, _ = tokens.for_workspace(begun.session, WorkspaceId(1), ALICE.owner)
    sessions.end(begun.session)

    with pytest.raises(InvalidToken):
        tokens.caller(text)


def test_an_owner_begins_so_many_sessions_in_an_hour(
    world: World, sessions: SessionService
) -> None:
    for _ in range(MAX_SIGN_INS):
        sessions.begin(ALICE, None, None)

    with pytest.raises(TooManySignIns):
        sessions.begin(ALICE, None, None)
    world.clock.turn(HOUR)
    sessions.begin(ALICE, None, None)


def test_what_has_ended_is_forgotten(
    world: World, sessions: SessionService, tokens: WebTokenService, begun: NewSession
) -> None:
    sessions.hand_over(ALICE, None)
    tokens.for_workspace(begun.session, WorkspaceId(1), ALICE.owner)
    early = sessions.prune()
    world.clock.turn(13 * HOUR)

    assert (early, sessions.prune()) == (0, 3)
