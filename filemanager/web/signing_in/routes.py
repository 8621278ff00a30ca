"""Signing in and out, links that hand a session over, and tokens for the scripts of pages."""

import re
from http import HTTPStatus

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, BaseModel

from filemanager.api.http.auth import bare_token
from filemanager.api.http.context import caller, services
from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import represent
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InvalidToken, NoSession
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.sessions.errors import SignInRefused
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.services.sessions.signing_in import NewSession
from filemanager.web.door import door
from filemanager.web.session.cookies import forget, keep, sent_secret, sent_session
from filemanager.web.session.forms import form
from filemanager.web.session.guard import HandsOver, OpenPage, SignedIn, ensure_opens
from filemanager.web.session.pages import (
    FORM,
    HOME,
    MOVED,
    NEVER_KEPT,
    PAGE,
    moved,
    own_path,
    page,
)
from filemanager.web.signing_in.showing import SignInQuery, sign_in_page

signing_in = Blueprint("signing_in", __name__)

_NUMBER = re.compile(r"[0-9]{1,19}")


class HandoverView(BaseModel):
    url: str
    expires_at: AwareDatetime


class WebTokenView(BaseModel):
    token: str
    expires_at: AwareDatetime


@signing_in.get("/login")
@operation(guard=OpenPage("whoever has no session yet"), answers={200: PAGE})
def show_sign_in(query: SignInQuery) -> ResponseReturnValue:
    """Show the ways to sign in."""
    return sign_in_page(query.to)


@signing_in.post("/login")
@operation(
    guard=OpenPage("whoever has no session yet"),
    sends=FORM,
    errors=(400, 403, 413, 415, 422, 429),
    answers={303: MOVED},
)
def sign_in() -> ResponseReturnValue:
    """Begin a session by a token, or by the password of the local user; one that was there ends."""
    try:
        begun = _begun()
    except (SignInRefused, InvalidToken, NoSession) as error:
        why = error.why if isinstance(error, InvalidToken) else error.message
        return sign_in_page(form().text("to"), why, HTTPStatus.FORBIDDEN)
    return keep(moved(own_path(form().text("to"))), begun)


@signing_in.post("/logout")
@operation(
    guard=SignedIn("it is their own session"),
    sends=FORM,
    errors=(403, 413, 415, 422),
    answers={303: MOVED},
)
def sign_out() -> ResponseReturnValue:
    """End the session, and with it every token that its pages were given."""
    if (session := sent_session()) is not None:
        door().sessions.end(session)
    return forget(moved("/login"))


@signing_in.post("/web/handovers")
@operation(
    guard=HandsOver("a token is handed over for a session of the same caller"),
    errors=(429,),
    answers={201: Answer(HandoverView, headers=("Location", "Cache-Control"))},
)
def hand_over() -> ResponseReturnValue:
    """Get a link by which a browser signs in as the caller, once and within a minute."""
    secret, handover = door().sessions.hand_over(caller(), g.signed_token.ends_at)
    url = absolute(f"/login/{secret.text}")
    shown = HandoverView(url=url, expires_at=handover.expires_at)
    return represent(shown, HTTPStatus.CREATED, {**NEVER_KEPT, "Location": url})


@signing_in.get("/login/<capability>")
@operation(
    guard=OpenPage("the secret in the path is looked at by the use case"),
    errors=(410,),
    answers={200: PAGE},
)
def show_handover(capability: str) -> ResponseReturnValue:
    """Show whose session a link begins; it changes nothing."""
    return page("handover.html", offered=door().sessions.offered(capability).caller)


@signing_in.post("/login/<capability>")
@operation(
    guard=OpenPage("the secret in the path is looked at by the use case"),
    sends=FORM,
    errors=(403, 410, 413, 415, 422, 429),
    answers={303: MOVED},
)
def accept_handover(capability: str) -> ResponseReturnValue:
    """Begin the session that a link hands over; the link opens nothing afterwards."""
    return keep(moved(HOME), door().sessions.accept(capability, sent_secret()))


@signing_in.post("/web/tokens")
@operation(
    guard=SignedIn("the use case looks at the workspace"),
    sends=FORM,
    errors=(403, 404, 413, 415, 422, 429),
    answers={201: Answer(WebTokenView, headers=("Cache-Control",))},
)
def give_web_token() -> ResponseReturnValue:
    """Get a token of five minutes for the scripts of a page, for one workspace and nothing else."""
    named = form().text("workspace")
    session = sent_session()
    if session is None or not _NUMBER.fullmatch(named):
        raise WorkspaceNotFound
    workspace_id = WorkspaceId(int(named))
    ensure_opens(session, Scope.READ, workspace_id)
    owner = door().workspaces.life.owner_of(workspace_id)
    token, expires_at = door().tokens.for_workspace(session, workspace_id, owner)
    shown = WebTokenView(token=token, expires_at=expires_at)
    return represent(shown, HTTPStatus.CREATED, NEVER_KEPT)


def _begun() -> NewSession:
    """By what the form has: a token, or a password."""
    token = form().text("token").strip()
    if token:
        signed = services().verifier.signed(bare_token(token))
        return door().sessions.begin(signed.caller, signed.ends_at, sent_secret())
    if not door().local_user.is_known:
        raise SignInRefused("Paste a token to sign in.")
    return door().sessions.begin(_local_user(), None, sent_secret())


def _local_user() -> Caller:
    return door().local_user.sign_in(form().text("password"), request.remote_addr or "")
