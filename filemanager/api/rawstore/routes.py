"""The rawstore door: leave to post files straight into the store, as BitStore gave it."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import base_url
from filemanager.api.http.operations import OCTETS, Answer, Body, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.responses import Shown, quoted, represent, represent_text, send
from filemanager.api.rawstore.door import door
from filemanager.api.rawstore.guard import (
    Deposits,
    OpenRawstore,
    depositor,
    explained,
    optional_depositor,
)
from filemanager.api.rawstore.post_forms import read_post
from filemanager.api.rawstore.views import (
    NOT_HERE,
    AuthorizedFiles,
    NotHere,
    Prefixes,
    RawstoreRefusal,
    ReadableUrl,
    TotalBytes,
    absolute,
    shown,
)
from filemanager.api.rawstore.wishes import DEPOSIT, deposit_sent, findability_asked, urls_asked
from filemanager.domain.caller import Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.rawstore.stored_file import StoredFileNotFound
from filemanager.services.rawstore.posting import PostService

rawstore = Blueprint("rawstore", __name__)

_DEPOSIT = Body("application/json", DEPOSIT)
_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "required": ["key", "policy", "signature", "file"],
        "properties": {
            "key": {"type": "string"},
            "policy": {"type": "string"},
            "signature": {"type": "string"},
            "file": OCTETS,
        },
    },
)
_PAGE = OpenRawstore("the page says what this is, and holds nothing of anybody")
_SIGNED = "the signature of a form or URL is the leave; public files need none"
_PLAIN = "text/plain"

_READ = Deposits(Scope.RAWSTORE_READ)
_WRITE = Deposits(Scope.RAWSTORE_WRITE)
_AUTHORIZED = {
    200: Answer(AuthorizedFiles),
    400: Answer(RawstoreRefusal, or_media=(_PLAIN,)),
    403: Answer(RawstoreRefusal, or_media=(_PLAIN,)),
}


@rawstore.post("/authorize")
@operation(guard=_WRITE, sends=_DEPOSIT, errors=(413,), answers=_AUTHORIZED)
def authorize_files() -> ResponseReturnValue:
    """Give out a form for each file, with which it can be posted for an hour.

    All of them fit into the owner's limit, or none is given out.
    """
    files = door().files.authorize(depositor(), deposit_sent())
    return represent_text(shown(files, base_url()))


@rawstore.post("/")
@operation(guard=_WRITE, sends=_DEPOSIT, errors=(413,), answers=_AUTHORIZED)
def authorize_files_here() -> ResponseReturnValue:
    """Do the same as `authorize`, under the door's own name."""
    return authorize_files()


@rawstore.get("/info")
@operation(guard=_READ, errors=(400,), answers={200: Answer(Prefixes)})
def list_url_prefixes() -> ResponseReturnValue:
    """Say what the URLs of the caller's files may begin with."""
    prefixes = door().files.url_prefixes(depositor())
    return represent(Prefixes(prefixes=[absolute(one, base_url()) for one in prefixes]))


@rawstore.get("/presign")
@operation(
    guard=OpenRawstore(
        "what is public needs no token; the rest is its owner's alone", is_judged_later=True
    ),
    errors=(400, 404, 409),
    answers={200: Answer(ReadableUrl)},
)
def presign_file() -> ResponseReturnValue:
    """Give a URL that reads the file at `url`: itself, or one that is signed for a day."""
    asking = optional_depositor()
    if asking is not None and request.args.get("ownerid", asking.user) != asking.user:
        asking = None
    with explained():
        found = door().presign.first_readable_url(urls_asked(), asking)
    return represent(ReadableUrl(url=absolute(found, base_url())))


@rawstore.get("/storage/info/<bucket>/<public_path:key>")
@operation(guard=_READ, errors=(400, 404), answers={200: Answer(TotalBytes)})
def get_stored_bytes(bucket: str, key: str) -> ResponseReturnValue:
    """Say how large a file of the caller's is."""
    held_bytes = door().files.held_bytes(depositor(), bucket, key)
    if held_bytes is None:
        raise StoredFileNotFound
    return represent(TotalBytes(totalBytes=held_bytes))


@rawstore.get("/storage/owner/<owner>")
@operation(guard=_READ, errors=(400,), answers={200: Answer(TotalBytes)})
def get_bytes_of_owner(owner: str) -> ResponseReturnValue:
    """Say how much the caller's files hold together, of one `findability` or of all."""
    if owner != depositor().user:
        raise NotOwner
    total = door().files.total(depositor().owner, findability_asked())
    return represent(TotalBytes(totalBytes=total))


@rawstore.get("/storage/dataset_id/<public_path:dataset>")
@operation(guard=_READ, errors=(400,), answers={200: Answer(TotalBytes)})
def get_bytes_of_dataset(dataset: str) -> ResponseReturnValue:
    """Say how much the caller's files of a dataset hold together."""
    owner = depositor().owner
    total = door().files.total_of_dataset(owner, dataset, findability_asked())
    return represent(TotalBytes(totalBytes=total))


@rawstore.get("/storage/flow_id/<public_path:flow>")
@operation(guard=_READ, errors=(400,), answers={200: Answer(TotalBytes)})
def get_bytes_of_flow(flow: str) -> ResponseReturnValue:
    """Say how much the caller's files hold together whose last flow it was."""
    total = door().files.total_of_flow(depositor().owner, flow, findability_asked())
    return represent(TotalBytes(totalBytes=total))


@rawstore.post("/objects")
@operation(
    guard=OpenRawstore(_SIGNED),
    sends=_FORM,
    errors=(400, 403, 404, 413, 507),
    answers={204: Answer(headers=("ETag", "Location"))},
)
def post_object() -> ResponseReturnValue:
    """Take a file by a form that was given out here, where no other store takes it."""
    posts = _posts()
    form = read_post()
    made = posts.take(form.fields, form.chunks)
    place = f"{base_url()}{request.path}/{quote(made.key)}"
    return Response(
        status=HTTPStatus.NO_CONTENT, headers={"ETag": quoted(made.etag), "Location": place}
    )


@rawstore.get("/objects/<public_path:key>")
@operation(
    guard=OpenRawstore(_SIGNED),
    accepts=ON_DOWNLOAD,
    errors=(400, 403, 404),
    answers={
        200: Answer(
            media="application/octet-stream", headers=("ETag", "Last-Modified", "Content-Length")
        )
    },
)
def get_object(key: str) -> ResponseReturnValue:
    """Give out a file, by a signed URL or to everybody, where no other store gives it out."""
    posts = _posts()
    is_signed = "signature" in request.args
    found = posts.signed(key, request.args) if is_signed else posts.public(key)
    return send(found, Shown(tag=quoted(found.tag), media=posts.media_type(key)))


@rawstore.get("/")
@operation(guard=_PAGE, answers={404: Answer(NotHere)})
def show_rawstore() -> ResponseReturnValue:
    """Say what is here."""
    return represent(NOT_HERE, HTTPStatus.NOT_FOUND)


@rawstore.route("/<public_path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@operation(guard=_PAGE, answers={404: Answer(NotHere)})
def show_rawstore_elsewhere(rest: str) -> ResponseReturnValue:
    """Say what is here, wherever else it is asked."""
    del rest
    return represent(NOT_HERE, HTTPStatus.NOT_FOUND)


def _posts() -> PostService:
    posts = door().posts
    if posts is None:
        raise StoredFileNotFound
    return posts
