"""The cookie of a session: what a browser keeps, and shows to pages alone."""

from flask import Response, g, request

from filemanager.api.http.context import base_url, services
from filemanager.domain.sessions.provider import FLOW_LASTS
from filemanager.domain.sessions.session import WebSession
from filemanager.services.sessions.signing_in import NewSession
from filemanager.web.door import door

_OVER_TLS = "__Host-fm"
"""A browser takes this name over TLS alone, from this very host, and for all of it."""

_PLAIN = "fm"
"""Where the service is asked without TLS, as on a loopback, no browser would keep the other one."""


_FLOW = "-oidc"
"""Behind either name: what a browser keeps while its user is at the identity provider."""


def sent_secret() -> str | None:
    return request.cookies.get(_name())


def sent_session() -> WebSession | None:
    """The session that the browser shows, if it lives; asked once for each request."""
    if "web_session" not in g:
        secret = sent_secret()
        g.web_session = door().sessions.find(secret) if secret else None
    found: WebSession | None = g.web_session
    return found


def keep(response: Response, begun: NewSession) -> Response:
    """It outlives the browser: an upload goes on when it is opened again."""
    lasts = begun.session.ends_at - services().clock()
    response.set_cookie(
        _name(),
        begun.secret.text,
        max_age=lasts,
        secure=_is_over_tls(),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(_name(), secure=_is_over_tls(), httponly=True, samesite="Lax")
    return response


def sent_flow() -> str:
    return request.cookies.get(_name() + _FLOW, "")


def keep_flow(response: Response, text: str) -> Response:
    """Lax, since the provider leads the browser back from another site."""
    response.set_cookie(
        _name() + _FLOW,
        text,
        max_age=FLOW_LASTS,
        secure=_is_over_tls(),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_flow(response: Response) -> Response:
    response.delete_cookie(_name() + _FLOW, secure=_is_over_tls(), httponly=True, samesite="Lax")
    return response


def _name() -> str:
    return _OVER_TLS if _is_over_tls() else _PLAIN


def _is_over_tls() -> bool:
    return base_url().startswith("https://")
