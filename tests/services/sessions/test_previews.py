"""How long a file is shown, to whom, and that nobody makes an address of their own."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest

from builders.preview_tokens import with_part
from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.sessions.errors import PreviewNotFound
from filemanager.services.sessions.previews import SessionPreviews
from filemanager.services.sessions.signing_in import NewSession, SessionService
from worlds.questions import questions
from worlds.stored import ALICE, World, beside_rows

DATA, OTHER = b"rings", b"of another"
DIGEST = digest_of(DATA)
NAME = "\u00fc rings.\n.txt"


@pytest.fixture
def stored(world: World) -> World:
    world = beside_rows(world)
    world.upload(world.create(), {"a.txt": DATA, "b.txt": OTHER})
    return world


@pytest.fixture
def sessions(stored: World) -> SessionService:
    return SessionService(stored.database, stored.clock)


@pytest.fixture
def begun(sessions: SessionService) -> NewSession:
    return sessions.begin(ALICE, None, None)


@pytest.fixture
def previews(stored: World) -> SessionPreviews:
    return SessionPreviews(stored.database, stored.blobs, stored.clock)


@pytest.fixture
def token(previews: SessionPreviews, begun: NewSession) -> str:
    return previews.token(begun.session, DIGEST, NAME)


def is_shown(previews: SessionPreviews, token: str) -> bool:
    try:
        previews.open(token)
    except PreviewNotFound:
        return False
    return True


def test_it_shows_the_bytes_under_the_name_by_two_questions(
    previews: SessionPreviews, token: str
) -> None:
    with questions() as asked:
        found = previews.open(token)

    assert len(asked) == 2
    assert (found.name, found.sha256, found.size_bytes) == (NAME, DIGEST, len(DATA))
    assert b"".join(found.stream(0, len(DATA))) == DATA


def test_it_is_made_without_a_question(previews: SessionPreviews, begun: NewSession) -> None:
    with questions() as asked:
        previews.token(begun.session, DIGEST, NAME)

    assert asked == []


def test_it_lasts_five_minutes(stored: World, previews: SessionPreviews, token: str) -> None:
    stored.clock.turn(timedelta(minutes=5) - timedelta(milliseconds=1))
    before = is_shown(previews, token)
    stored.clock.turn(timedelta(milliseconds=1))

    assert (before, is_shown(previews, token)) == (True, False)


def test_it_ends_with_its_session_and_no_other(
    sessions: SessionService, previews: SessionPreviews, begun: NewSession, token: str
) -> None:
    second = sessions.begin(ALICE, None, None)
    token_of_second = previews.token(second.session, DIGEST, NAME)

    sessions.end(begun.session)

    assert not is_shown(previews, token)
    assert is_shown(previews, token_of_second)


def test_it_ends_with_the_token_that_its_session_came_from(
    stored: World, sessions: SessionService, previews: SessionPreviews
) -> None:
    minute = timedelta(minutes=1)
    short = sessions.begin(ALICE, stored.clock() + minute, None)
    token = previews.token(short.session, DIGEST, NAME)

    stored.clock.turn(minute)

    assert not is_shown(previews, token)


@pytest.mark.parametrize(
    "change",
    [
        with_part(0, "2"),
        with_part(1, "99999999999"),
        with_part(2, digest_of(OTHER)),
        with_part(3, urlsafe_b64encode(b"other.txt").decode().rstrip("=")),
        with_part(4, "0" * 64),
        with_part(0, "999"),
        with_part(0, str(2**63)),
        with_part(0, "01"),
        with_part(3, "A"),
        with_part(3, "_w"),
        lambda token: f"{token}0",
        lambda token: token.upper(),
        lambda _token: "",
    ],
    ids=[
        "session", "end", "blob", "name", "signature", "no-session", "no-number", "leading-zero",
        "no-base64", "no-text", "longer", "upper-case", "nothing",
    ],
)  # fmt: skip
def test_nobody_changes_what_was_signed(
    sessions: SessionService, previews: SessionPreviews, token: str, change: Callable[[str], str]
) -> None:
    sessions.begin(ALICE, None, None)

    assert change(token) != token
    assert not is_shown(previews, change(token))


def test_one_name_is_spelled_in_one_way(previews: SessionPreviews, begun: NewSession) -> None:
    """Bits that base64 does not use are signed as well."""
    token = previews.token(begun.session, DIGEST, "a")
    assert ".YQ." in token

    assert not is_shown(previews, token.replace(".YQ.", ".YR."))


def test_what_is_signed_for_another_session_opens_nothing_for_this_one(
    sessions: SessionService, previews: SessionPreviews, begun: NewSession
) -> None:
    second = sessions.begin(ALICE, None, None)
    of_second = previews.token(second.session, DIGEST, NAME)
    assert of_second.startswith(f"{second.session.id}.")

    borrowed = of_second.replace(f"{second.session.id}.", f"{begun.session.id}.", 1)

    assert not is_shown(previews, borrowed)


def test_what_nobody_has_any_more_is_not_shown(
    previews: SessionPreviews, begun: NewSession
) -> None:
    token = previews.token(begun.session, Digest("0" * 64), NAME)

    assert not is_shown(previews, token)
