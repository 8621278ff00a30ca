"""The shares of a package: opened on terms, counted, closed, and what was fetched by them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller, services
from filemanager.api.http.front.hosts import lasting_base
from filemanager.api.http.operations import operation
from filemanager.api.http.paging import cursor_of, number_of
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.requests.secrets import slug_from
from filemanager.domain.shares.share import Share
from filemanager.domain.shares.visit import ShareAccess
from filemanager.services.shares.owning import ShareAddress, ShareTerms
from filemanager.web.door import door
from filemanager.web.packages.acting import acts, done
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading
from filemanager.web.session.forms import form
from filemanager.web.session.pages import MOVED, PAGE, page

sharing = Blueprint("shares", __name__, url_prefix="/packages/<package:package_id>/shares")

_SHARES = OpensPackage(Scope.PACKAGE_SHARE)
_ROWS = 100
_NEWEST_VERSIONS = 100
_SAID_CHARACTERS = 4000


class SharesPageQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


class AccessesPageQuery(Wish):
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class ShownShare:
    slug: str
    url: str
    log: str
    version: str
    visits: str
    ends: str
    is_protected: bool
    description: str


@dataclass(frozen=True, slots=True)
class ShownAccess:
    at: str
    item: str
    size: str
    agent: str
    network: str


@sharing.get("")
@operation(guard=_SHARES, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_shares_page(package_id: str, query: SharesPageQuery) -> ResponseReturnValue:
    """Show the shares of a package that are not revoked, with their visits."""
    identity = DataPackageId(package_id)
    found = door().packages.shares.page(caller(), identity, number_of(query.cursor), _ROWS + 1)
    shown = found[:_ROWS]
    return page(
        "package_shares.html",
        **heading(package_id, query.done),
        shares=[_shown(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].id)}" if len(found) > _ROWS else None,
        versions=door().packages.browser.versions(caller(), identity, None, _NEWEST_VERSIONS),
    )


@sharing.post("")
@acts(scope=Scope.PACKAGE_SHARE)
def share_by_form(package_id: str) -> ResponseReturnValue:
    """Open a package by a link: a version of it, or whatever it holds now."""
    sent = form()
    slug = sent.line("slug", 64)
    terms = ShareTerms(
        number=sent.number("version"),
        slug=slug_from(slug) if slug else None,
        password=sent.text("password") or None,
        expires_at=_in_future(sent.moment("expires")),
        description=sent.line("description", _SAID_CHARACTERS),
        max_visits=sent.number("visits"),
        is_listed=sent.text("listing") == "true",
    )
    door().packages.shares.create(caller(), DataPackageId(package_id), terms, lasting_base())
    return done(package_id, "shared", "/shares")


@sharing.post("/revoke")
@acts(scope=Scope.PACKAGE_SHARE)
def revoke_share_by_form(package_id: str) -> ResponseReturnValue:
    """Close a share for good. Its name is given to no other."""
    address = ShareAddress(DataPackageId(package_id), form().text("slug"))
    door().packages.shares.revoke(caller(), address)
    return done(package_id, "revoked", "/shares")


@sharing.get("/<share_slug:slug>")
@operation(guard=_SHARES, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_accesses_page(package_id: str, slug: str, query: AccessesPageQuery) -> ResponseReturnValue:
    """Show what was fetched by a share within the last 30 days, newest first."""
    address = ShareAddress(DataPackageId(package_id), slug)
    before = number_of(query.cursor) or None
    found = door().packages.shares.accesses(caller(), address, before, _ROWS + 1)
    shown = found[:_ROWS]
    return page(
        "package_accesses.html",
        **heading(package_id),
        share=_shown(door().packages.shares.get(caller(), address)),
        accesses=[_access(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].id)}" if len(found) > _ROWS else None,
    )


def _in_future(at: datetime | None) -> datetime | None:
    if at is not None and at <= services().clock():
        raise Malformed("The time of expiry has passed already.")
    return at


def _shown(share: Share) -> ShownShare:
    visits = str(share.visits)
    return ShownShare(
        slug=share.slug,
        url=share.url,
        log=f"/packages/{share.package_id}/shares/{quote(share.slug)}",
        version=str(share.number or _("what it holds now")),
        visits=visits if share.max_visits is None else f"{visits} / {share.max_visits}",
        ends=shown_moment(share.expires_at) if share.expires_at else _("never"),
        is_protected=share.is_protected,
        description=share.description,
    )


def _access(access: ShareAccess) -> ShownAccess:
    return ShownAccess(
        at=shown_moment(access.at),
        item=access.item,
        size=shown_size(access.size_bytes),
        agent=access.agent,
        network=access.network,
    )
