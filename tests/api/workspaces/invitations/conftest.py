"""Invitations over HTTP: Alice invites, and guests come by her link."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from people.invited_guests import HandingGuest
from people.person import Person

TERMS: dict[str, Any] = {
    "title": "Papers",
    "profile": "generic",
    "closes_at": "2099-01-01T00:00:00Z",
    "max_files": 10,
    "max_bytes": 1_000_000,
    "max_file_bytes": 100_000,
}
INVITATIONS = "/v2/invitations"

Invite = Callable[..., dict[str, Any]]
Come = Callable[..., HandingGuest]


@pytest.fixture
def invite(alice: Person) -> Invite:
    """An invitation of hers, with other terms where they are named."""

    def invite(**more: Any) -> dict[str, Any]:
        terms = {**TERMS, **more}
        if "workspace" in more:
            del terms["profile"]
        made = alice.post(INVITATIONS, json=terms)
        assert made.status_code == 201, made.text
        return dict(made.get_json())

    return invite


@pytest.fixture
def common(alice: Person) -> int:
    """A workspace of hers that takes any files."""
    made = alice.post("/v2/workspaces", json={"profile": "generic"})
    return int(made.get_json()["id"])


@pytest.fixture
def come(client: FlaskClient) -> Come:
    def come(invitation: dict[str, Any], **knock: Any) -> HandingGuest:
        return HandingGuest.come(client, invitation["slug"], **knock)

    return come
