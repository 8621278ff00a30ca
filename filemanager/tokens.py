"""Development tokens, in the shape of arxiv-auth's sessions."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt

from filemanager.domain.caller import Scope

LIFETIME = timedelta(seconds=36000)

EVERYDAY = (
    Scope.READ,
    Scope.CREATE,
    Scope.UPDATE,
    Scope.RELEASE,
    Scope.DELETE,
    Scope.DELETE_WORKSPACE,
    Scope.READ_LOGS,
    Scope.CREATE_CHECKPOINT,
    Scope.READ_CHECKPOINTS,
    Scope.RESTORE_CHECKPOINT,
    Scope.DELETE_CHECKPOINT,
)
"""What an owner needs for everything with workspaces of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    user_id: str
    email: str
    username: str
    first_name: str = "Jane"
    last_name: str = "Doe"
    suffix_name: str = "IV"
    affiliation: str = "Cornell University"
    rank: int = 3
    country: str = "us"
    default_category: str = "astro-ph.GA"
    submission_groups: Sequence[str] = ("grp_physics",)
    endorsements: Sequence[str] = ("astro-ph.CO", "astro-ph.GA")
    scopes: Sequence[str] = field(default=EVERYDAY)


def token_for(person: Person, secret: str, at: datetime) -> str:
    """A token of *person* that is good for ten hours from *at*."""
    return sign(session_of(person, at), secret)


def sign(claims: Mapping[str, object], secret: str) -> str:
    """A development token, HS256."""
    return jwt.encode(dict(claims), secret, algorithm="HS256")


def session_of(person: Person, at: datetime) -> dict[str, object]:
    return {
        "session_id": str(uuid.uuid4()),
        "start_time": at.isoformat(),
        "end_time": (at + LIFETIME).isoformat(),
        "user": {
            "username": person.username,
            "email": person.email,
            "user_id": person.user_id,
            "verified": True,
            "name": {
                "forename": person.first_name,
                "surname": person.last_name,
                "suffix": person.suffix_name,
            },
            "profile": {
                "affiliation": person.affiliation,
                "country": person.country,
                "rank": person.rank,
                "submission_groups": list(person.submission_groups),
                "default_category": person.default_category,
                "homepage_url": "",
                "remember_me": True,
            },
        },
        "client": None,
        "authorizations": {
            "classic": 0,
            "endorsements": list(person.endorsements),
            "scopes": [str(scope) for scope in person.scopes],
        },
        "ip_address": None,
        "remote_host": None,
        "nonce": None,
    }
