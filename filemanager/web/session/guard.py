"""Guards of pages: who may see them, and whose forms are believed."""

from dataclasses import dataclass
from typing import ClassVar, NoReturn
from urllib.parse import urlencode

from flask import Response, abort, g, request

from filemanager.api.http.auth import bare_token
from filemanager.api.http.context import OWNER, services
from filemanager.api.http.front.references import relative
from filemanager.api.http.front.sites import ensure_same_site
from filemanager.api.http.guards import Tokens
from filemanager.api.pages.frames import READS, asked_path
from filemanager.domain.caller import Scope
from filemanager.domain.errors import NoSession, NotOwner
from filemanager.domain.ids import MAX_ID, WorkspaceId
from filemanager.domain.sessions.errors import SessionNeeded
from filemanager.domain.sessions.session import WebSession
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.web.door import door
from filemanager.web.session.cookies import sent_session
from filemanager.web.session.forms import FORM_TOKEN, ensure_ours, read_form


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Anybody, signed in or not. ``why`` is for the reader."""

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        """A form of it comes from our own pages, be it of no session."""
        del arguments
        sent_session()
        if request.method not in READS:
            ensure_same_site()
            g.sent_form = read_form()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever is signed in; the use case tells what is theirs. ``why`` is for the reader."""

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        admit_session(has_file=False)


@dataclass(frozen=True, slots=True)
class OpensWorkspace:
    """Whoever is signed in and has the scope for the workspace in the path.

    ``has_file``: the form is a multipart one, whose reader looks for its secret.
    """

    scope: Scope
    has_file: bool = False
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        session = admit_session(has_file=self.has_file)
        ensure_opens(session, self.scope, WorkspaceId(int(str(arguments["workspace_id"]))))


@dataclass(frozen=True, slots=True)
class HandsOver:
    """Whoever has a token that an issuer signed: a session is as good as what it came from.

    ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        header = request.headers.get("Authorization")
        if header is None:
            raise NoSession
        g.signed_token = services().verifier.signed(bare_token(header))
        g.caller = g.signed_token.caller


def ensure_opens(session: WebSession, scope: Scope, workspace_id: WorkspaceId) -> None:
    """Raises ``InsufficientScope``, and ``WorkspaceNotFound`` for a stranger's too."""
    caller = session.caller
    caller.ensure_may_ask(scope, str(workspace_id))
    if workspace_id > MAX_ID:
        raise WorkspaceNotFound
    try:
        caller.ensure_may(scope, door().workspaces.life.owner_of(workspace_id), str(workspace_id))
    except NotOwner as stranger:
        raise WorkspaceNotFound from stranger


def admit_session(*, has_file: bool) -> WebSession:
    """Who is signed in, as the caller of the request, whose form is ours. To read, who is not may
    sign in first; what a form was to change is refused.
    """
    session = sent_session()
    if request.method in READS:
        if session is None:
            _sign_in_first()
    else:
        ensure_same_site()
        if session is None:
            raise SessionNeeded
        if not has_file:
            g.sent_form = read_form()
            ensure_ours(g.sent_form.text(FORM_TOKEN))
    g.caller = session.caller
    # The log tells whose pages were asked for, as it tells whose token came.
    request.environ[OWNER] = session.caller.owner
    return session


def _sign_in_first() -> NoReturn:
    address = f"{relative('/login')}?{urlencode({'to': asked_path()})}"
    abort(Response(status=303, headers={"Location": address, "Cache-Control": "no-store"}))
