"""Shares, for who owns the package."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.front.hosts import lasting_base
from filemanager.api.http.front.references import absolute, relative
from filemanager.api.http.guards import Holds
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.reads import read
from filemanager.api.http.responses import represent
from filemanager.api.http.wishes import PageQuery
from filemanager.api.shares.door import door
from filemanager.api.shares.guard import SharesPackage
from filemanager.api.shares.views import (
    AccessKeyList,
    AccessList,
    NewAccessKeyView,
    ShareList,
    ShareView,
    access_view,
    key_view,
    share_view,
)
from filemanager.api.shares.wishes import (
    EditedShareWish,
    NewKeyWish,
    NewShareWish,
    RotatedShareWish,
    Version,
)
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import MAX_ID
from filemanager.domain.packages.data_package import data_package_id_from
from filemanager.domain.shares.capability import CapabilityId
from filemanager.domain.shares.share import Share
from filemanager.services.shares.owning import ShareAddress, ShareTerms

own = Blueprint("own", __name__, url_prefix="/packages/api/shares")
shares = Blueprint("shares", __name__, url_prefix="/packages/api/packages/<package_id>/shares")

_OWN = SharesPackage(Scope.PACKAGE_SHARE)
_FIELDS = {"version": "number", "expires": "expires_at", "listing": "is_listed"}
_MAY_END = {"password", "expires", "max_visits"}
"""What null takes away."""
_READ = {304: Answer(headers=("ETag",))}


@own.get("")
@operation(
    guard=Holds(Scope.PACKAGE_SHARE),
    accepts=("If-None-Match",),
    answers={200: Answer(ShareList, headers=("ETag", "Link")), **_READ},
)
def list_own_shares(query: PageQuery) -> ResponseReturnValue:
    """List my shares of all my packages that are not revoked, oldest first."""
    return _listed(door().owned.page_of(caller(), number_of(query.cursor), query.limit + 1), query)


@shares.post("")
@operation(guard=_OWN, errors=(404, 409), answers={201: Answer(ShareView, headers=("Location",))})
def create_share(package_id: str, body: NewShareWish) -> ResponseReturnValue:
    """Open a package by a link: a version of it, or whatever it holds now."""
    terms = ShareTerms(
        number=_number(body.version),
        slug=body.slug,
        password=body.password,
        expires_at=_in_future(body.expires),
        description=body.description,
        max_visits=body.max_visits,
        is_listed=body.listing,
        audience=frozenset(body.audience),
    )
    share = door().owned.create(caller(), data_package_id_from(package_id), terms, lasting_base())
    headers = {"Location": relative(_path(share))}
    return represent(share_view(share), HTTPStatus.CREATED, headers)


@shares.get("")
@operation(
    guard=_OWN,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(ShareList, headers=("ETag", "Link")), **_READ},
)
def list_shares(package_id: str, query: PageQuery) -> ResponseReturnValue:
    """List the shares of a package that are not revoked, oldest first."""
    asked, after = data_package_id_from(package_id), number_of(query.cursor)
    return _listed(door().owned.page(caller(), asked, after, query.limit + 1), query)


@shares.get("/<share_slug:slug>")
@operation(
    guard=_OWN,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(ShareView, headers=("ETag",)), **_READ},
)
def get_share(package_id: str, slug: str) -> ResponseReturnValue:
    """Show a share, and how often it was visited."""
    return read(share_view(door().owned.get(caller(), _address(package_id, slug))))


@shares.patch("/<share_slug:slug>")
@operation(guard=_OWN, errors=(404, 409), answers={200: Answer(ShareView)})
def edit_share(package_id: str, slug: str, body: EditedShareWish) -> ResponseReturnValue:
    """Change what is sent; another password ends what the last one unlocked."""
    changes = _changes(body)
    edited = door().owned.edit(
        caller(), _address(package_id, slug), lambda share: replace(share, **changes)
    )
    return represent(share_view(edited))


@shares.post("/<share_slug:slug>:rotate")
@operation(guard=_OWN, errors=(404, 409), answers={200: Answer(ShareView, headers=("Location",))})
def rotate_share(package_id: str, slug: str, body: RotatedShareWish) -> ResponseReturnValue:
    """Give a share another name; the old one, and what was unlocked by it, opens nothing."""
    share = door().owned.rotate(caller(), _address(package_id, slug), body.slug)
    return represent(share_view(share), headers={"Location": relative(_path(share))})


@shares.delete("/<share_slug:slug>")
@operation(guard=_OWN, errors=(404,), answers={204: Answer()})
def revoke_share(package_id: str, slug: str) -> ResponseReturnValue:
    """Close a share for good. Its name is given to no other."""
    door().owned.revoke(caller(), _address(package_id, slug))
    return Response(status=HTTPStatus.NO_CONTENT)


@shares.get("/<share_slug:slug>/log")
@operation(
    guard=_OWN,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(AccessList, headers=("ETag", "Link")), **_READ},
)
def list_accesses(package_id: str, slug: str, query: PageQuery) -> ResponseReturnValue:
    """List what was fetched within the last 30 days, newest first."""
    limit, before = query.limit, number_of(query.cursor) or None
    address = _address(package_id, slug)
    found = door().owned.accesses(caller(), address, before, limit + 1)
    listed = AccessList(accesses=[access_view(one) for one in found[:limit]])
    return read(listed, headers=next_link(found[limit - 1].id if len(found) > limit else None))


@shares.post("/<share_slug:slug>/keys")
@operation(
    guard=_OWN, errors=(404, 409), answers={201: Answer(NewAccessKeyView, headers=("Location",))}
)
def create_access_key(package_id: str, slug: str, body: NewKeyWish) -> ResponseReturnValue:
    """Make an address that opens a share without its password, for a machine."""
    address = _address(package_id, slug)
    key, secret = door().keys.create(caller(), address, body.name, _in_future(body.expires))
    shown = NewAccessKeyView(**key_view(key).model_dump(), base=absolute(f"/k/{secret.text}/"))
    path = f"/packages/api/packages/{address.package_id}/shares/{quote(slug)}/keys/{key.id}"
    return represent(shown, HTTPStatus.CREATED, {"Location": relative(path)})


@shares.get("/<share_slug:slug>/keys")
@operation(
    guard=_OWN,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(AccessKeyList, headers=("ETag", "Link")), **_READ},
)
def list_access_keys(package_id: str, slug: str, query: PageQuery) -> ResponseReturnValue:
    """List the access keys of a share, without what they open it by."""
    limit, after = query.limit, number_of(query.cursor)
    found = door().keys.page(caller(), _address(package_id, slug), after, limit + 1)
    listed = AccessKeyList(keys=[key_view(one) for one in found[:limit]])
    return read(listed, headers=next_link(found[limit - 1].id if len(found) > limit else None))


@shares.delete("/<share_slug:slug>/keys/<id:key_id>")
@operation(guard=_OWN, errors=(404,), answers={204: Answer()})
def revoke_access_key(package_id: str, slug: str, key_id: int) -> ResponseReturnValue:
    """End an access key."""
    # Nothing has a number beyond 63 bits.
    identity = CapabilityId(min(key_id, MAX_ID))
    door().keys.revoke(caller(), _address(package_id, slug), identity)
    return Response(status=HTTPStatus.NO_CONTENT)


def _listed(found: Sequence[Share], query: PageQuery) -> Response:
    shown = found[: query.limit]
    after = shown[-1].id if len(found) > query.limit else None
    listed = ShareList(shares=[share_view(one) for one in shown])
    return read(listed, headers=next_link(after))


def _address(package_id: str, slug: str) -> ShareAddress:
    return ShareAddress(data_package_id_from(package_id), slug)


def _path(share: Share) -> str:
    return f"/packages/api/packages/{share.package_id}/shares/{quote(share.slug)}"


def _in_future(at: datetime | None) -> datetime | None:
    if at is not None and at <= services().clock():
        raise Malformed("The time of expiry has passed already.")
    return at


def _changes(body: EditedShareWish) -> dict[str, Any]:
    """The fields that were sent, as the share calls and holds them."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    return {
        _FIELDS.get(name, name): _held(name, value)
        for name, value in sent.items()
        if value is not None or name in _MAY_END
    }


def _held(name: str, value: Any) -> Any:
    match name:
        case "version":
            return _number(value)
        case "password":
            return door().owned.hashed(value)
        case "expires":
            return _in_future(value)
        case "audience":
            return frozenset(value)
    return value


def _number(version: Version) -> int | None:
    return None if version == "latest" else version
