"""Guards of shares: who was given the link, and who owns the package."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, cast
from urllib.parse import unquote_to_bytes

from flask import g, request
from werkzeug.datastructures import Authorization

from filemanager.api.http.guards import Tokens, authenticated
from filemanager.api.http.preferences import names_html
from filemanager.api.shares.door import door
from filemanager.domain.caller import Scope
from filemanager.domain.shares.errors import (
    SharePasswordForm,
    SharePasswordMalformed,
    SharePasswordNeeded,
)
from filemanager.services.shares.opening import Guest, Opened

PASSWORD_HEADER = "X-Share-Password"  # noqa: S105  # the name of a header
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class OpensShare:
    """Whoever has the link: a name, with its password if it has one, or a secret in the path.

    ``is_page``: a browser is shown a form in place of a challenge. ``why`` is for the reader.
    """

    why: str
    is_page: bool = False
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        open_share = _opener(arguments)
        try:
            g.opened = open_share()
        except SharePasswordNeeded as error:
            if self.is_page and wants_page():
                raise SharePasswordForm from error
            raise


@dataclass(frozen=True, slots=True)
class OnDoorstep:
    """Whoever knows a share's name: the use case looks at the password and the token.

    ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.OPTIONAL

    def admit(self, arguments: dict[str, object]) -> None:
        """Nobody is refused here."""


@dataclass(frozen=True, slots=True)
class SharesPackage:
    """The scope, for the package in the path, which the use case looks at."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        authenticated().ensure_may_ask(self.scope, str(arguments["package_id"]))


def opened() -> Opened:
    """The share that is asked; set by the route's guard before the view runs."""
    return cast("Opened", g.opened)  # the guard's own value


def guest() -> Guest:
    return Guest(request.remote_addr or "", request.headers.get("User-Agent", ""))


def sent_password() -> str | None:
    """By header, or by HTTP Basic under any name. Raises ``SharePasswordMalformed``."""
    encoded = request.headers.get(PASSWORD_HEADER)
    if encoded is not None:
        return _decoded(encoded)
    sent = Authorization.from_header(request.headers.get("Authorization"))
    return sent.password if sent is not None and sent.type == "basic" else None


def wants_page() -> bool:
    """Browsers name HTML; programs do not."""
    is_read = request.method in ("GET", "HEAD")
    return is_read and names_html()


def wants_markup() -> bool:
    """Whoever does not name JSON above HTML, as crawlers do not, is shown a page."""
    best = request.accept_mimetypes.best_match([_HTML, "application/json"], _HTML)
    return best == _HTML


def _opener(arguments: dict[str, object]) -> Callable[[], Opened]:
    """Of a route under a name, or of the same route under a secret; neither is the view's."""
    secret, slug = arguments.pop("capability", None), arguments.pop("slug", None)
    if secret is not None:
        return lambda: door().opening.by_secret(str(secret), guest())
    return lambda: door().opening.by_name(str(slug), sent_password(), guest())


def _decoded(encoded: str) -> str:
    """Percent-encoded UTF-8 (RFC 3986, 2.1), and nothing else."""
    rest = encoded.split("%")[1:]
    is_whole = all(len(one) > 1 and _is_hex(one[:2]) for one in rest)
    if not (is_whole and encoded.isascii()):
        raise SharePasswordMalformed
    try:
        return unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError as error:
        raise SharePasswordMalformed from error


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)
