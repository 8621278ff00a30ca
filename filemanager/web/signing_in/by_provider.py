"""To the identity provider and back."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict, Field
from werkzeug.exceptions import NotFound

from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import ELSEWHERE, Answer, operation
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import _
from filemanager.domain.sessions.errors import ProviderUnavailable, SignInRefused
from filemanager.services.sessions.by_provider import BroughtBack, ProviderSignIn
from filemanager.web.door import door
from filemanager.web.session.cookies import forget_flow, keep, keep_flow, sent_flow, sent_secret
from filemanager.web.session.guard import OpenPage
from filemanager.web.session.pages import MOVED, moved, moved_away, own_path
from filemanager.web.signing_in.showing import SignInQuery, sign_in_page

by_provider = Blueprint("by_provider", __name__)

_BACK = "/login/oidc/callback"
_MOST = 4000


class CallbackQuery(Wish):
    """Some providers send more than the standards name, and it is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str = Field("", max_length=_MOST, description="What the provider is asked with.")
    state: str = Field("", max_length=_MOST, description="What it was sent with the browser.")
    iss: str = Field("", max_length=_MOST, description="Who it says it is.")
    error: str = Field("", max_length=_MOST, description="Why nobody signed in.")


@by_provider.get("/login/oidc")
@operation(
    guard=OpenPage("whoever has no session yet"),
    errors=(404, 503),
    answers={303: ELSEWHERE},
)
def go_to_provider(query: SignInQuery) -> ResponseReturnValue:
    """Lead the browser to the identity provider, which leads it back."""
    try:
        flow, address = _provider().begin(absolute(_BACK))
    except ProviderUnavailable as error:
        return _refused(query.to, error, HTTPStatus.SERVICE_UNAVAILABLE)
    # A path begins with a slash, and nothing before it has one.
    return keep_flow(moved_away(address), f"{flow}{own_path(query.to)}")


@by_provider.get(_BACK)
@operation(
    guard=OpenPage("the browser shows that it left from here"),
    errors=(400, 404, 429, 503),
    answers={303: Answer(headers=MOVED.headers)},
    is_safe=False,
)
def come_back(query: CallbackQuery) -> ResponseReturnValue:
    """Begin the session of who signed in at the provider; one that was there ends."""
    provider = _provider()
    flow, slash, rest = sent_flow().partition("/")
    to = slash + rest
    brought = BroughtBack(
        flow=flow, state=query.state, code=query.code, error=query.error, issuer=query.iss
    )
    try:
        begun = provider.finish(brought, absolute(_BACK), sent_secret())
    except SignInRefused as error:
        return forget_flow(_refused(to, error, HTTPStatus.BAD_REQUEST))
    except ProviderUnavailable as error:
        return forget_flow(_refused(to, error, HTTPStatus.SERVICE_UNAVAILABLE))
    return forget_flow(keep(moved(own_path(to)), begun))


def _provider() -> ProviderSignIn:
    found = door().provider
    if found is None:
        raise NotFound(_("Nobody signs in by an identity provider here."))
    return found


def _refused(to: str, error: SignInRefused | ProviderUnavailable, status: int) -> Response:
    """With the other ways to sign in, and this one again."""
    wait = error.retry_after_seconds
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return sign_in_page(to, error.message, status, headers)
