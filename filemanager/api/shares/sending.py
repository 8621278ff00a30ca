"""An item as an answer: its bytes, or where they are."""

from http import HTTPStatus

from flask import Response, request

from filemanager.api.http.operations import Answer
from filemanager.api.http.responses import OF_CACHED_BYTES, Shown, quoted, send
from filemanager.api.shares.door import contents
from filemanager.api.shares.guard import opened
from filemanager.api.shares.visiting import sent_to
from filemanager.services.shares.contents.items import SharedItem

REFUSALS = (401, 403, 404, 409, 410, 429)
BYTES = Answer(
    media="application/octet-stream",
    headers=OF_CACHED_BYTES,
)


def sent_item(shared: SharedItem) -> Response:
    """HEAD is answered by us wherever it lies: a URL is signed for one method.

    Raises what ``ItemService.ensure_there`` does.
    """
    contents().items.ensure_there(shared)
    away = None if request.method == "HEAD" else contents().items.elsewhere(opened(), shared)
    if away is not None:
        return sent_to(away.url, HTTPStatus.FOUND)
    download = contents().items.download(shared)
    return send(download, Shown(tag=quoted(download.tag), media=shared.item.media_type))
