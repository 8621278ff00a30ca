"""Guards of the rawstore door, which takes tokens from more places and of one more issuer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, cast

from flask import g, request

from filemanager.api.http.auth import bare_token
from filemanager.api.http.guards import Tokens
from filemanager.api.rawstore.door import door
from filemanager.domain.caller import Scope
from filemanager.domain.errors import FilemanagerError, NoSession
from filemanager.domain.rawstore.stored_file import (
    Depositor,
    StoredFileNotFound,
    TokensDisagree,
)


@dataclass(frozen=True, slots=True)
class Deposits:
    """A token of the auth server, or one of ours with the scope."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        token = _token()
        if token is None:
            raise NoSession
        g.depositor = door().verifier.depositor(token, self.scope)


@dataclass(frozen=True, slots=True)
class OpenRawstore:
    """Anybody; a token that is sent must be good for reading, or is none where the view says so by
    ``explained``: *is_judged_later*. ``why`` is for the reader.
    """

    why: str
    is_judged_later: bool = False
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.OPTIONAL

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        token = _token()
        g.depositor, g.refusal = None, None
        if token is None:
            return
        try:
            g.depositor = door().verifier.depositor(token, Scope.RAWSTORE_READ)
        except FilemanagerError as refusal:
            if not self.is_judged_later:
                raise
            g.refusal = refusal


def depositor() -> Depositor:
    """Who asks; set by the route's guard before the view runs."""
    return cast("Depositor", g.depositor)  # the guard's own value


def optional_depositor() -> Depositor | None:
    """None: a request without a token, on an open route."""
    return cast("Depositor | None", g.depositor)  # the guard's own value


@contextmanager
def explained() -> Iterator[None]:
    """Who finds nothing with a token that is no good is told that, whatever there is."""
    try:
        yield
    except StoredFileNotFound:
        if g.refusal is not None:
            raise g.refusal from None
        raise


def _token() -> str | None:
    """``Auth-Token``, ``Authorization`` or the parameter ``jwt``. Raises ``TokensDisagree``."""
    sent = (
        request.headers.get("Auth-Token"),
        request.headers.get("Authorization"),
        request.args.get("jwt"),
    )
    tokens = {bare_token(token) for token in sent if token}
    if len(tokens) > 1:
        raise TokensDisagree
    return next(iter(tokens), None)
