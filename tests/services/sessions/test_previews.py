"""How long a file is shown, to whom, and that nobody makes an address of their own."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from builders.preview_tokens import with_part
from filemanager.db.sessions.tables import sessions as session_rows
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.requests.previews import PreviewNotFound
from filemanager.domain.trees.tree import Entry, locate
from filemanager.services.sessions.previews import SessionPreviews
from filemanager.services.sessions.signing_in import NewSession, SessionService
from worlds.questions import questions
from worlds.stored import ALICE, World, beside_rows

DATA, OTHER = b"rings", b"of another"
NAME = "r\u00fcngs; a.txt"
EDITOR = replace(ALICE, subject="9", granted=frozenset({GrantedScope(Scope.READ, "*")}))


@dataclass
class Desk:
    """Alice's workspace with a file, and what is shown of it to whom."""

    world: World
    sessions: SessionService
    previews: SessionPreviews
    workspace_id: WorkspaceId

    def begun(self, caller: Caller = ALICE) -> NewSession:
        return self.sessions.begin(caller, None, None)

    def entry(self, path: str = NAME) -> Entry:
        with self.world.database.read() as tx:
            tree = tx.workspaces.get(self.workspace_id).tree
            found = tx.trees.view(tree).find(*locate(path))
        assert found is not None
        return found

    def token(self, begun: NewSession, path: str = NAME) -> str:
        made = self.previews.token(begun.session, self.workspace_id, self.entry(path))
        assert made is not None
        return made

    def shows(self, token: str) -> bool:
        try:
            self.previews.open(token)
        except PreviewNotFound:
            return False
        return True


@pytest.fixture
def desk(world: World) -> Desk:
    world = beside_rows(world)
    workspace_id = world.create()
    world.upload(workspace_id, {NAME: DATA, "b.txt": OTHER, "a": DATA})
    return Desk(
        world,
        SessionService(world.database, world.clock),
        SessionPreviews(world.database, world.blobs, world.clock),
        workspace_id,
    )


@pytest.fixture
def begun(desk: Desk) -> NewSession:
    return desk.begun()


@pytest.fixture
def token(desk: Desk, begun: NewSession) -> str:
    return desk.token(begun)


def test_it_shows_the_bytes_under_the_name_by_few_questions(desk: Desk, token: str) -> None:
    with questions() as asked:
        found = desk.previews.open(token)

    assert len(asked) == 5
    assert (found.name, found.sha256, found.size_bytes) == (NAME, digest_of(DATA), len(DATA))
    assert b"".join(found.stream(0, len(DATA))) == DATA


def test_it_lasts_five_minutes(desk: Desk, token: str) -> None:
    desk.world.clock.turn(timedelta(minutes=5) - timedelta(milliseconds=1))
    before = desk.shows(token)
    desk.world.clock.turn(timedelta(milliseconds=1))

    assert (before, desk.shows(token)) == (True, False)


def test_it_ends_with_the_token_that_its_session_came_from(desk: Desk) -> None:
    minute = timedelta(minutes=1)
    short = desk.sessions.begin(ALICE, desk.world.clock() + minute, None)
    token = desk.token(short)

    desk.world.clock.turn(minute)

    assert not desk.shows(token)


def _sign_out(desk: Desk, begun: NewSession) -> None:
    desk.sessions.end(begun.session)


def _delete_workspace(desk: Desk, _begun: NewSession) -> None:
    desk.world.delete(desk.workspace_id)


def _delete_file(desk: Desk, _begun: NewSession) -> None:
    desk.world.delete_file(desk.workspace_id, NAME)


def _change_file(desk: Desk, _begun: NewSession) -> None:
    desk.world.upload(desk.workspace_id, {NAME: b"other rings"})


def _block_owner(desk: Desk, _begun: NewSession) -> None:
    at = desk.world.clock()
    desk.world.database.write(lambda tx: tx.blocked_owners.block(ALICE.owner, at))


def _lose_scope(desk: Desk, begun: NewSession) -> None:
    without = func.replace(session_rows.c.caller, Scope.READ, Scope.RELEASE)
    of_it = session_rows.c.id == begun.session.id
    desk.world.tamper(update(session_rows).where(of_it).values(caller=without))


WAYS = [_sign_out, _delete_workspace, _delete_file, _change_file, _block_owner, _lose_scope]


@pytest.mark.parametrize("happens", WAYS)
@pytest.mark.parametrize("caller", [ALICE, EDITOR], ids=["owner", "editor"])
def test_it_ends_with_the_right_to_see_it(
    desk: Desk, caller: Caller, happens: Callable[[Desk, NewSession], None]
) -> None:
    begun = desk.begun(caller)
    token, of_another = desk.token(begun), desk.token(begun, "b.txt")
    before = desk.shows(token)

    happens(desk, begun)

    assert (before, desk.shows(token)) == (True, False)
    assert desk.shows(of_another) is (happens in (_delete_file, _change_file))


def test_it_ends_with_its_own_session_and_no_other(desk: Desk, begun: NewSession) -> None:
    token, of_second = desk.token(begun), desk.token(desk.begun())

    desk.sessions.end(begun.session)

    assert (desk.shows(token), desk.shows(of_second)) == (False, True)


def test_a_stranger_s_session_signs_nothing_that_opens(desk: Desk) -> None:
    stranger = desk.begun(replace(ALICE, subject="2"))

    assert not desk.shows(desk.token(stranger))


def test_nothing_is_made_of_what_a_blocked_owner_has(desk: Desk, begun: NewSession) -> None:
    _block_owner(desk, begun)

    assert desk.previews.token(begun.session, desk.workspace_id, desk.entry()) is None


@pytest.mark.parametrize(
    "change",
    [
        with_part(0, "2"),
        with_part(1, "2"),
        with_part(2, "99999999999"),
        with_part(3, urlsafe_b64encode(b"b.txt").decode().rstrip("=")),
        with_part(3, urlsafe_b64encode(b"a\n../b.txt").decode().rstrip("=")),
        with_part(4, "0" * 64),
        with_part(0, "999"),
        with_part(0, str(2**63)),
        with_part(1, str(2**63)),
        with_part(0, "01"),
        with_part(3, "A"),
        with_part(3, "_w"),
        lambda token: f"{token}0",
        lambda token: token.upper(),
        lambda _token: "",
    ],
    ids=[
        "session", "workspace", "end", "path", "no-path", "signature", "no-session", "no-number",
        "no-workspace", "leading-zero", "no-base64", "no-text", "longer", "upper-case", "nothing",
    ],
)  # fmt: skip
def test_nobody_changes_what_was_signed(
    desk: Desk, token: str, change: Callable[[str], str]
) -> None:
    desk.begun()
    desk.workspace_id = desk.world.create()

    assert change(token) != token
    assert not desk.shows(change(token))


def test_one_path_is_spelled_in_one_way(desk: Desk, begun: NewSession) -> None:
    """Bits that base64 does not use are signed as well."""
    token = desk.token(begun, "a")
    assert ".YQ." in token
    assert desk.shows(token)

    assert not desk.shows(token.replace(".YQ.", ".YR."))


def test_what_is_signed_for_another_session_opens_nothing_for_this_one(
    desk: Desk, begun: NewSession
) -> None:
    second = desk.begun()
    of_second = desk.token(second)
    assert of_second.startswith(f"{second.session.id}.")

    borrowed = of_second.replace(f"{second.session.id}.", f"{begun.session.id}.", 1)

    assert not desk.shows(borrowed)
