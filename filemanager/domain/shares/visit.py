"""Visits: what is limited and counted, and the log of what was fetched."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from filemanager.domain.requests.addresses import one_of
from filemanager.domain.requests.secrets import signature
from filemanager.domain.shares.capability import CapabilityId
from filemanager.domain.shares.share import Share, ShareId

VisitId = NewType("VisitId", int)
Visitor = NewType("Visitor", str)
"""A capability, or an address that nobody can read out of it: 64 hex digits."""

VISIT_LIFE = timedelta(hours=24)
LOGGED_FOR = timedelta(days=30)
KNOWN_FOR = timedelta(days=30)
"""How long an address is known after its password was right."""

MAX_LOGGED = 100_000
"""Lines of one share in a day."""

_TOKEN = re.compile(r"v([1-9][0-9]{0,18})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareVisit:
    """From the first byte on, for a day; ``number`` counts those of the same visitor."""

    id: VisitId
    share_id: ShareId
    visitor: Visitor
    number: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAccess:
    """What was fetched. ``item`` is its path below the share; ``size_bytes`` what was asked for,
    None where that is not known; ``network`` the address cut to 24 bits, or 48.
    """

    share_id: ShareId
    at: datetime
    item: str
    visit_id: VisitId | None
    size_bytes: int | None
    agent: str
    network: str
    id: int = 0


def visitor_at(share: Share, address: str) -> Visitor:
    return Visitor(signature(share.key, "address", one_of(address)))


def visitor_with(share: Share, capability_id: CapabilityId) -> Visitor:
    return Visitor(signature(share.key, "capability", str(capability_id)))


def visit_token(share: Share, visit: ShareVisit) -> str:
    """What stands in the path for as long as the visit lasts; another password ends it, and another
    audience.
    """
    whose = (share.password or "", *sorted(share.audience))
    said = (str(share.id), visit.visitor, str(visit.id), str(visit.number), *whose)
    return f"v{visit.id}.{signature(share.key, 'visit', *said)}"


def visit_named(token: str) -> VisitId | None:
    """The visit that it would be for; None: it is no token of a visit."""
    found = _TOKEN.fullmatch(token)
    return VisitId(int(found[1])) if found and int(found[1]) < 1 << 63 else None
