"""Where the routes of shares lie: the same ones below a name and below a secret."""

from flask import Blueprint, Response

from filemanager.api.shares.cloning import clones
from filemanager.api.shares.doorstep import doorstep
from filemanager.api.shares.lfs import lfs
from filemanager.api.shares.reading import shared

slugs = Blueprint("slugs", __name__, url_prefix="/s/<share_slug:slug>")
capabilities = Blueprint("capabilities", __name__, url_prefix="/k/<capability>")


def _say_nothing_of_it(response: Response) -> Response:
    """Whoever is linked to is not told where from, and search engines do not list it."""
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


for _place in (slugs, capabilities):
    for _routes in (shared, clones, lfs):
        _place.register_blueprint(_routes)
    _place.after_request(_say_nothing_of_it)
slugs.register_blueprint(doorstep)
