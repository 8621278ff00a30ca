"""Who may use the bucket's routes: tokens, and as far as the operator says everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import g, request

from filemanager.api.bucket.door import door
from filemanager.api.http.front.sites import ensure_same_site
from filemanager.api.http.guards import Tokens, authenticated
from filemanager.domain.bucket.access import Access
from filemanager.domain.caller import Scope
from filemanager.domain.errors import NoSession

_OPEN: Mapping[Scope, frozenset[Access]] = {
    Scope.BUCKET_READ: frozenset({Access.READ, Access.WRITE}),
    Scope.BUCKET_WRITE: frozenset({Access.WRITE}),
}


@dataclass(frozen=True, slots=True)
class OfBucket:
    """The scope; without a token, the access that the operator gives to all.

    A page of a name that was rebound to this service gets nothing. A write without a token is
    counted, and refused where a page of another site sent it: whoever reads that page did not mean
    to.
    """

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        if "Authorization" in request.headers:
            authenticated().ensure_holds(self.scope)
            return
        if door().access not in _OPEN[self.scope]:
            raise NoSession
        door().hosts.ensure_known()
        if self.scope is Scope.BUCKET_WRITE:
            ensure_same_site()
            g.turns_left = door().service.take_turn(request.remote_addr or "")


def rate_headers() -> dict[str, str]:
    """What is left to the address (draft-ietf-httpapi-ratelimit-headers); nothing for tokens."""
    if "turns_left" not in g:
        return {}
    return limit_headers(int(g.turns_left))


def limit_headers(left: int) -> dict[str, str]:
    service = door().service
    limit = service.terms.uploads_per_minute
    return {
        "RateLimit": f'"anonymous";r={left};t={service.seconds_left()}',
        "RateLimit-Policy": f'"anonymous";q={limit};w=60',
    }
