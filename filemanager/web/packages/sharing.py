"""The shares of a package: listed, and opened on terms."""

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
from filemanager.api.pages.texts import _, shown_moment
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.requests.secrets import slug_from
from filemanager.domain.shares.share import MAX_AUDIENCE, Share
from filemanager.services.shares.owning import ShareTerms
from filemanager.web.door import door
from filemanager.web.packages.acting import acts, done
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading
from filemanager.web.session.forms import form
from filemanager.web.session.guard import SignedIn
from filemanager.web.session.pages import MOVED, PAGE, page

own_shares = Blueprint("own_shares", __name__)
sharing = Blueprint("shares", __name__, url_prefix="/packages/<package:package_id>/shares")

_SHARES = OpensPackage(Scope.PACKAGE_SHARE)
_ROWS = 100
NEWEST_VERSIONS = 1000
"""As many as a package has, unless a setting says otherwise."""

SAID_CHARACTERS = 4000
OWNER_CHARACTERS = 500


class SharesPageQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


class MySharesQuery(Wish):
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class ShownShare:
    slug: str
    url: str
    page: str
    version: str
    visits: str
    ends: str
    is_protected: bool
    description: str


@own_shares.get("/packages/shares")
@operation(
    guard=SignedIn("the use case lists their own"), errors=(403,), answers={200: PAGE, 303: MOVED}
)
def show_my_shares(query: MySharesQuery) -> ResponseReturnValue:
    """Show my shares of all my packages that are not revoked, oldest first."""
    caller().ensure_holds(Scope.PACKAGE_SHARE)
    found = door().packages.shares.page_of(caller(), number_of(query.cursor), _ROWS + 1)
    shown = found[:_ROWS]
    return page(
        "shares.html",
        shares=[shown_share(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].id)}" if len(found) > _ROWS else None,
    )


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
        shares=[shown_share(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].id)}" if len(found) > _ROWS else None,
        versions=door().packages.browser.versions(caller(), identity, None, NEWEST_VERSIONS),
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
        expires_at=in_future(sent.moment("expires")),
        description=sent.line("description", SAID_CHARACTERS),
        max_visits=sent.number("visits"),
        is_listed=sent.text("listing") == "true",
        audience=sent_audience(),
    )
    door().packages.shares.create(caller(), DataPackageId(package_id), terms, lasting_base())
    return done(package_id, "shared", "/shares")


def sent_audience() -> frozenset[str]:
    """Owners, one a line. Raises ``Malformed``."""
    owners = form().lines("audience", MAX_AUDIENCE * (OWNER_CHARACTERS + 1))
    if len(owners) > MAX_AUDIENCE or any(len(one) > OWNER_CHARACTERS for one in owners):
        raise Malformed(
            f"A share has {MAX_AUDIENCE} owners at most, of {OWNER_CHARACTERS} characters each."
        )
    if not all(all(one.partition(":")[::2]) for one in owners):
        raise Malformed("Name owners as issuer:subject, one a line.")
    return frozenset(owners)


def in_future(at: datetime | None) -> datetime | None:
    """Raises ``Malformed``."""
    if at is not None and at <= services().clock():
        raise Malformed("The time of expiry has passed already.")
    return at


def shown_share(share: Share) -> ShownShare:
    visits = str(share.visits)
    return ShownShare(
        slug=share.slug,
        url=share.url,
        page=f"/packages/{share.package_id}/shares/{quote(share.slug)}",
        version=str(share.number or _("what it holds now")),
        visits=visits if share.max_visits is None else f"{visits} / {share.max_visits}",
        ends=shown_moment(share.expires_at) if share.expires_at else _("never"),
        is_protected=share.is_protected,
        description=share.description,
    )
