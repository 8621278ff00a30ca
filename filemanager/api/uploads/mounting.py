"""Where the routes of uploads lie: the same ones for tokens, and below the secret of a guest."""

from flask import Blueprint, Response

from filemanager.api.uploads.direct import direct
from filemanager.api.uploads.grants import grants
from filemanager.api.uploads.known import known_bytes
from filemanager.api.uploads.routes import states
from filemanager.api.uploads.tus.routes import tus

uploads = Blueprint("ways", __name__, url_prefix="/uploads")
guest_uploads = Blueprint("guest_uploads", __name__, url_prefix="/g/<capability>/uploads")


def _say_nothing_of_it(response: Response) -> Response:
    """Whoever is linked to is not told where from."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


for _way in (states, known_bytes, tus, grants, direct):
    uploads.register_blueprint(_way)
for _way in (states, tus):
    guest_uploads.register_blueprint(_way)
guest_uploads.after_request(_say_nothing_of_it)
