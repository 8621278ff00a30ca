"""Rows of shares and what belongs to them as values of the domain, and back."""

import json

from filemanager.db.engine.columns import (
    AnyRow,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from filemanager.db.shares.tables import AGENT_CHARACTERS
from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.capability import CapabilityId, ShareCapability
from filemanager.domain.shares.pack import PackKind, SharePack
from filemanager.domain.shares.share import Share, ShareId
from filemanager.domain.shares.visit import ShareAccess, ShareVisit, VisitId, Visitor


def share_of(row: AnyRow) -> Share:
    return Share(
        id=ShareId(row.id),
        slug=row.slug,
        package_id=DataPackageId(row.package_id),
        number=row.number,
        base=row.base,
        description=row.description,
        created_at=moment(row.created_at),
        key=bytes.fromhex(row.key),
        password=row.password,
        expires_at=optional_moment(row.expires_at),
        max_visits=row.max_visits,
        visits=row.visits,
        is_listed=row.is_listed,
        audience=frozenset(json.loads(row.audience)),
        revoked_at=optional_moment(row.revoked_at),
    )


def values_of(share: Share) -> dict[str, object]:
    """Without its id, and without the count of visits, which goes its own way."""
    return {
        "slug": share.slug,
        "package_id": share.package_id,
        "number": share.number,
        "base": share.base,
        "description": share.description,
        "created_at": milliseconds(share.created_at),
        "key": share.key.hex(),
        "password": share.password,
        "expires_at": optional_milliseconds(share.expires_at),
        "max_visits": share.max_visits,
        "is_listed": share.is_listed,
        "audience": json.dumps(sorted(share.audience)),
        "revoked_at": optional_milliseconds(share.revoked_at),
    }


def capability_of(row: AnyRow) -> ShareCapability:
    return ShareCapability(
        id=CapabilityId(row.id),
        share_id=ShareId(row.share_id),
        name=row.name,
        created_at=moment(row.created_at),
        expires_at=optional_moment(row.expires_at),
    )


def visit_of(row: AnyRow) -> ShareVisit:
    return ShareVisit(
        id=VisitId(row.id),
        share_id=ShareId(row.share_id),
        visitor=Visitor(row.visitor),
        number=row.number,
        until=moment(row.until),
    )


def access_of(row: AnyRow) -> ShareAccess:
    return ShareAccess(
        id=row.id,
        share_id=ShareId(row.share_id),
        at=moment(row.at),
        item=row.item,
        visit_id=None if row.visit_id is None else VisitId(row.visit_id),
        size_bytes=row.size_bytes,
        agent=row.agent,
        network=row.network,
    )


def values_of_access(access: ShareAccess) -> dict[str, object]:
    return {
        "share_id": access.share_id,
        "at": milliseconds(access.at),
        "item": access.item,
        "visit_id": access.visit_id,
        "size_bytes": access.size_bytes,
        "agent": access.agent[:AGENT_CHARACTERS],
        "network": access.network,
    }


def pack_of(row: AnyRow) -> SharePack:
    return SharePack(
        share_id=ShareId(row.share_id),
        kind=PackKind(row.kind),
        digest=Digest(row.digest),
        url=row.url,
        refs=tuple((name, commit) for name, commit in json.loads(row.refs)),
    )
