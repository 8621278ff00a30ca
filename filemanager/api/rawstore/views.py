"""What the rawstore door answers."""

import base64
import json
from collections.abc import Sequence

from pydantic import Field

from filemanager.api.http.views import View
from filemanager.services.rawstore.authorizing import Authorized


class Message(View):
    message: str


class RawstoreRefusal(View):
    """The same words twice: for BitStore's client, and for those of other doors."""

    error: Message
    reason: str


class AuthorizedFile(View):
    """Where to POST a file: every field of ``upload_query``, then the part ``file``.

    ``exists``: these very bytes are there already, and need not be posted.
    """

    md5_hash: str = Field(serialization_alias="md5-hash")
    upload_url: str
    upload_query: dict[str, str]
    exists: bool
    type: str
    name: str


class AuthorizedFiles(View):
    """By the paths of the request, under the name of the code and that of its description."""

    filedata: dict[str, AuthorizedFile]
    fileData: dict[str, AuthorizedFile]  # noqa: N815  # the original's own spelling


class Prefixes(View):
    prefixes: list[str]


class ReadableUrl(View):
    url: str


class TotalBytes(View):
    totalBytes: int  # noqa: N815  # the original's own spelling


class NotHere(View):
    docs: str
    info: str


NOT_HERE = NotHere(
    docs="http://docs.datahub.io", info="rawstore service - part of the DataHub platform"
)


def shown(files: Sequence[Authorized], base_url: str) -> str:
    """The answer to ``authorize`` as JSON; paths of ours are led by *base_url*."""
    made = json.dumps({one.wish.path: _file(one, base_url) for one in files})
    return f'{{"filedata": {made}, "fileData": {made}}}'


def absolute(url: str, base_url: str) -> str:
    return base_url + url if url.startswith("/") else url


def _file(one: Authorized, base_url: str) -> dict[str, object]:
    return {
        "md5-hash": base64.b64encode(bytes.fromhex(one.wish.md5)).decode(),
        "name": one.wish.name,
        "type": one.wish.media_type,
        "exists": one.exists,
        "upload_url": absolute(one.form.url, base_url),
        "upload_query": dict(one.form.fields),
    }
