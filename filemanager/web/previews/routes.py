"""Files as a browser shows them: opened by what is in the path, and by no cookie."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.front.hosts import CONTENT
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.responses import OF_DIGESTED_BYTES, Shown, quoted, send
from filemanager.domain.blobs.shown import shown_as
from filemanager.domain.ids import Digest
from filemanager.services.downloads import Download
from filemanager.web.door import door
from filemanager.web.previews.guard import OpensPreview
from filemanager.web.previews.policy import policy

previews = Blueprint("previews", __name__)


_SHOWN = Answer(media="application/octet-stream", headers=OF_DIGESTED_BYTES)


@previews.get(f"{CONTENT}/<capability>")
@operation(guard=OpensPreview(), errors=(404,), accepts=ON_DOWNLOAD, answers={200: _SHOWN})
def show_content(capability: str) -> ResponseReturnValue:
    """Show a picture, a text or a PDF; anything else is a download."""
    download = door().previews.open(capability)
    return _shown(download, door().workspaces.facts.media_type(Digest(download.tag)))


@previews.get(f"{CONTENT}/s/<capability>")
@operation(guard=OpensPreview(), errors=(404,), accepts=ON_DOWNLOAD, answers={200: _SHOWN})
def show_shared_content(capability: str) -> ResponseReturnValue:
    """Show a picture, a text or a PDF of a share; anything else is a download."""
    return _shown(*door().share_previews.open(capability))


def _shown(download: Download, media: str) -> Response:
    shown = shown_as(media)
    answer = send(
        download,
        Shown(tag=quoted(download.tag), media=shown or media, is_attachment=shown is None),
    )
    answer.headers.update(policy(shown))
    return answer
