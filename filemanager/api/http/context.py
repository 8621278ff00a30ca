"""What a request can reach: what all doors share, what its door stands on, and its caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import current_app, g, request

from filemanager.api.http.auth import TokenVerifier
from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock
from filemanager.services.idempotency import IdempotencyService
from filemanager.services.intake import Intake

EXTENSION = "filemanager"

REFUSED = "filemanager.refused"
"""In a request's environment: the error with which the server refuses it, or ended its body."""

OWNER = "filemanager.owner"
"""In a request's environment: who asks, once that is known."""

Door = TypeVar("Door")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What every door uses, and each door's own by its type.

    ``public_url`` None: links follow the request's host.
    """

    clock: Clock
    verifier: TokenVerifier
    intake: Intake
    idempotency: IdempotencyService
    doors: Mapping[type, object]
    public_url: str | None = None


def services() -> Services:
    return cast("Services", current_app.extensions[EXTENSION])  # put there by the factory alone


def door_of(kind: type[Door]) -> Door:
    """What the routes of a door stand on; put there by the factory, by its type."""
    return cast("Door", services().doors[kind])


def caller() -> Caller:
    """Who asks; set by the route's guard before the view runs."""
    return cast("Caller", g.caller)  # the guard's own value


def base_url() -> str:
    """Scheme, host and prefix that clients know us by, without a closing slash."""
    return services().public_url or request.root_url.rstrip("/")
