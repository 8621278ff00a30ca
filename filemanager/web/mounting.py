"""All pages, below one name that the others are told by."""

from pathlib import Path

from flask import Blueprint

from filemanager.web.administration.acting import administering
from filemanager.web.administration.routes import administration
from filemanager.web.administration.sources import keeping_sources
from filemanager.web.dialect import PAGES
from filemanager.web.invitations.inviting import inviting
from filemanager.web.invitations.routes import guests
from filemanager.web.landing import landing
from filemanager.web.languages import choosing
from filemanager.web.packages.acting import acting as package_acts
from filemanager.web.packages.browsing import browsing
from filemanager.web.packages.comparing import comparing as comparing_versions
from filemanager.web.packages.importing import importing
from filemanager.web.packages.listing import listing as package_listing
from filemanager.web.packages.share import share
from filemanager.web.packages.sharing import own_shares, sharing
from filemanager.web.packages.showing import showing as package_showing
from filemanager.web.previews.routes import previews
from filemanager.web.signing_in.by_provider import by_provider
from filemanager.web.signing_in.routes import signing_in
from filemanager.web.workspaces.acting import acting
from filemanager.web.workspaces.comparing import comparing
from filemanager.web.workspaces.listing import listing
from filemanager.web.workspaces.reading import reading
from filemanager.web.workspaces.receipt import receipt
from filemanager.web.workspaces.showing import showing
from filemanager.web.workspaces.uploading import uploading


def mounted(*, has_root: bool) -> Blueprint:
    """*has_root*: no other door lies at ``/``."""
    here = Path(__file__).parent
    pages = Blueprint(
        PAGES,
        __name__,
        template_folder=str(here / "templates"),
        static_folder=str(here / "static"),
        static_url_path="/web/static",
    )
    alone = (signing_in, by_provider, choosing, previews, *((landing,) if has_root else ()))
    workspaces = (listing, showing, acting, uploading, reading, comparing, receipt)
    packages = (
        package_listing, package_showing, package_acts, browsing, importing, comparing_versions,
        own_shares, sharing, share,
    )  # fmt: skip
    operating = (administration, administering, keeping_sources)
    for one in (*alone, *operating, guests, inviting, *workspaces, *packages):
        pages.register_blueprint(one)
    return pages
