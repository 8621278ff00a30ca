"""One share of a package: its terms, its link, its access keys, and what was fetched by it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import View, operation
from filemanager.api.http.paging import cursor_of, number_of
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.requests.secrets import slug_from
from filemanager.domain.shares.capability import MAX_ACCESS_KEYS, CapabilityId, ShareCapability
from filemanager.domain.shares.share import Share
from filemanager.domain.shares.visit import ShareAccess
from filemanager.services.shares.owning import ShareAddress
from filemanager.web.door import PackageUses, door
from filemanager.web.packages.acting import acts, done
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading
from filemanager.web.packages.listing import NAME_CHARACTERS
from filemanager.web.packages.sharing import (
    NEWEST_VERSIONS,
    SAID_CHARACTERS,
    in_future,
    sent_audience,
    shown_share,
)
from filemanager.web.session.forms import SentForm, ensure_meant, form
from filemanager.web.session.pages import FORM, MOVED, PAGE, page

share = Blueprint(
    "share", __name__, url_prefix="/packages/<package:package_id>/shares/<share_slug:slug>"
)

_SHARES = OpensPackage(Scope.PACKAGE_SHARE)
_ROWS = 100


class SharePageQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


@dataclass(frozen=True, slots=True)
class ShownAccess:
    at: str
    item: str
    size: str
    agent: str
    network: str


@dataclass(frozen=True, slots=True)
class ShownKey:
    id: int
    name: str
    made: str
    ends: str


def _acts() -> Callable[[View], View]:
    return acts(scope=Scope.PACKAGE_SHARE)


@share.get("")
@operation(guard=_SHARES, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_share_page(package_id: str, slug: str, query: SharePageQuery) -> ResponseReturnValue:
    """Show a share: its terms, its access keys, and what was fetched within the last 30 days."""
    address, uses = _address(package_id, slug), door().packages
    before = number_of(query.cursor) or None
    found = uses.shares.accesses(caller(), address, before, _ROWS + 1)
    shown, opened = found[:_ROWS], uses.shares.get(caller(), address)
    return page(
        "package_share.html",
        **heading(package_id, query.done),
        share=shown_share(opened),
        terms=opened,
        expires=_shown_end(opened),
        versions=_versions(uses, address, opened),
        keys=[_key(one) for one in uses.keys.page(caller(), address, 0, MAX_ACCESS_KEYS)],
        accesses=[_access(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].id)}" if len(found) > _ROWS else None,
    )


@share.post("/edit")
@_acts()
def edit_share_by_form(package_id: str, slug: str) -> ResponseReturnValue:
    """Change the terms of a share; another password ends what the last one unlocked."""
    sent, uses = form(), door().packages
    number, visits = sent.number("version"), sent.number("visits")
    description, audience = sent.line("description", SAID_CHARACTERS), sent_audience()
    password = uses.shares.hashed(sent.text("password") or None)
    is_open = sent.text("unprotected") == "true"
    if is_open and password is not None:
        raise Malformed("Give a password, or take it away: not both.")

    def edited(before: Share) -> Share:
        return replace(
            before,
            number=number,
            password=None if is_open else password or before.password,
            expires_at=_end(sent, before),
            max_visits=visits,
            description=description,
            is_listed=sent.text("listing") == "true",
            audience=audience,
        )

    uses.shares.edit(caller(), _address(package_id, slug), edited)
    return _done(package_id, slug, "edited")


@share.post("/rotate")
@_acts()
def rotate_share_by_form(package_id: str, slug: str) -> ResponseReturnValue:
    """Give a share another link; the old one, and what was unlocked by it, opens nothing."""
    ensure_meant()
    wished = form().line("slug", 64)
    name = slug_from(wished) if wished else None
    rotated = door().packages.shares.rotate(caller(), _address(package_id, slug), name)
    return _done(package_id, rotated.slug, "rotated")


@share.post("/revoke")
@_acts()
def revoke_share_by_form(package_id: str, slug: str) -> ResponseReturnValue:
    """Close a share for good. Its name is given to no other."""
    ensure_meant()
    door().packages.shares.revoke(caller(), _address(package_id, slug))
    return done(package_id, "revoked", "/shares")


@share.post("/keys")
@operation(
    guard=_SHARES,
    sends=FORM,
    errors=(400, 403, 404, 409, 413, 415, 422),
    answers={200: PAGE, 303: MOVED},
)
def make_access_key_by_form(package_id: str, slug: str) -> ResponseReturnValue:
    """Make an address that opens a share without its password, and show it this once."""
    name = form().line("name", NAME_CHARACTERS)
    if not name:
        raise Malformed("An access key has a name: say what it is for.")
    ends_at = in_future(form().moment("expires"))
    address = _address(package_id, slug)
    key, secret = door().packages.keys.create(caller(), address, name, ends_at)
    return page(
        "package_share_key.html",
        **heading(package_id),
        key=_key(key),
        back=f"/packages/{package_id}/shares/{quote(slug)}",
        base=absolute(f"/k/{secret.text}/"),
    )


@share.post("/keys/revoke")
@_acts()
def revoke_access_key_by_form(package_id: str, slug: str) -> ResponseReturnValue:
    """End an access key."""
    ensure_meant()
    key_id = form().number("key")
    if key_id is None:
        raise Malformed("Say which access key, by its number.")
    door().packages.keys.revoke(caller(), _address(package_id, slug), CapabilityId(key_id))
    return _done(package_id, slug, "key-revoked")


def _address(package_id: str, slug: str) -> ShareAddress:
    return ShareAddress(DataPackageId(package_id), slug)


def _done(package_id: str, slug: str, what: str) -> Response:
    return done(package_id, what, f"/shares/{quote(slug)}")


def _versions(uses: PackageUses, address: ShareAddress, opened: Share) -> list[tuple[int, str]]:
    """The newest, and the one that is shared, however old."""
    found = uses.browser.versions(caller(), address.package_id, None, NEWEST_VERSIONS)
    shown = [(one.number or 0, one.name) for one in found]
    if opened.number is not None and opened.number not in dict(shown):
        one = uses.browser.version(caller(), address.package_id, opened.number)
        shown.append((opened.number, one.name))
    return shown


def _shown_end(opened: Share) -> str:
    """As a browser's field for date and time has it."""
    return opened.expires_at.strftime("%Y-%m-%dT%H:%M") if opened.expires_at else ""


def _end(sent: SentForm, before: Share) -> datetime | None:
    """What the page showed stays as it was, to the second, though it may have passed."""
    if sent.text("expires") == _shown_end(before):
        return before.expires_at
    return in_future(sent.moment("expires"))


def _key(key: ShareCapability) -> ShownKey:
    return ShownKey(
        id=key.id,
        name=key.name or "",
        made=shown_moment(key.created_at),
        ends=shown_moment(key.expires_at) if key.expires_at else _("never"),
    )


def _access(access: ShareAccess) -> ShownAccess:
    return ShownAccess(
        at=shown_moment(access.at),
        item=access.item,
        size=shown_size(access.size_bytes),
        agent=access.agent,
        network=access.network,
    )
