"""Signed apt and yum repositories, filled and read over HTTP."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from filemanager.api.http.context import base_url, caller, services
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import BYTES, ELSEWHERE, OCTETS, Answer, Body, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.requests import read_body
from filemanager.api.http.responses import OF_CACHED_BYTES, represent
from filemanager.api.repositories.answers import PlaceKind, shown
from filemanager.api.repositories.client_files import apt_client_file, yum_client_file
from filemanager.api.repositories.door import door
from filemanager.api.repositories.form import bound_body, read_push
from filemanager.api.repositories.guard import Basic, Keeps, OfFile, OpenRepositories, seen
from filemanager.api.repositories.paths import tidied
from filemanager.api.repositories.views import NO_DELETE, OK, PROMISED, RepositoryMessage
from filemanager.domain.caller import Scope
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.signer import Signer
from filemanager.domain.trees.errors import FileNotFound
from filemanager.services.repositories.collecting import SentPackage
from filemanager.services.repositories.pushing import Push, Pushed

repositories = Blueprint("repositories", __name__)

_PUBLISH = Basic(Scope.REPOSITORY_PUBLISH)
_REMOVE = OfFile(Scope.REPOSITORY_ADMIN)
_READ = OpenRepositories("public repositories are for everybody; private ones are looked at inside")
_KEYS = OpenRepositories("what is signed with a key is verified with its public half")
_PLAIN = "text/plain"
_KEY_MEDIA = "application/pgp-keys"
_OCTETS = "application/octet-stream"
_HTML = "text/html"
_MESSAGE = Answer(RepositoryMessage)
_LATER = Answer(RepositoryMessage, headers=("Location",))
_UNKNOWN = Answer(RepositoryMessage, headers=("WWW-Authenticate",), or_media=(_HTML,))
"""RWS worded it in HTML; what is wrong with a token is told in JSON."""
_MISSING = Answer(RepositoryMessage, or_media=(_HTML,))
_KEY = Answer(media=_KEY_MEDIA)
_PAGE = {200: Answer(media=_HTML), 401: _UNKNOWN}
_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "properties": {
            "product": {"type": "string"},
            "package": {
                "type": "array",
                "items": OCTETS,
                "description": "Files; fields of any other name hold files as well.",
            },
        },
    },
)
_FILE_OR_PAGE = Answer(
    media=_HTML,
    headers=OF_CACHED_BYTES,
    or_media=(_OCTETS,),
)
_SLASHES_OF_A_REPOSITORY = 3
_FRESH = {"Cache-Control": "no-cache"}


class PlaceQuery(BaseModel):
    type: PlaceKind | None = None


class PublicationQuery(BaseModel):
    wait: bool = False


class RemoveQuery(PublicationQuery):
    purge: bool = False


class PushQuery(PublicationQuery):
    replace: bool = False


@repositories.put("/<repository_path:path>")
@operation(
    guard=_PUBLISH,
    sends=_FORM,
    errors=(400, 409, 413, 429),
    answers={201: _MESSAGE, 202: _LATER, 401: _UNKNOWN},
)
def push_packages(path: str, query: PushQuery) -> ResponseReturnValue:
    """Add packages to a repository, or to all that an anchor stands for.

    Every file of the form is taken, by its file name. All are added everywhere, or none anywhere.
    With `wait` the answer is 201 once clients see them, 202 where that takes long. With `replace`
    a package of the same name, version and architecture gives way.
    """
    targets = door().catalogue.targets(path)
    bound_body(door().max_push_bytes)
    with services().intake.spool(request.content_length) as spool:
        form = read_push(spool)
        push = Push(targets=targets, files=form.files, product=form.product, replaces=query.replace)
        pushed = door().pushes.push(caller(), push, spool.scratch)
    return _done(pushed, HTTPStatus.CREATED, is_awaited=query.wait)


@repositories.put("/incoming/<repository:repository>/<name>")
@operation(
    guard=Keeps(Scope.REPOSITORY_PUBLISH),
    sends=BYTES,
    errors=(400, 404, 409, 413, 429),
    answers={201: _MESSAGE, 401: _UNKNOWN},
)
def take_incoming(repository: str, name: str) -> ResponseReturnValue:
    """Keep a file aside, as dput sends them one by one, until its `.changes` comes.

    That pushes all that it lists, or nothing: then what it lists stays for another. Files wait for
    a day, and of each uploader 200 at most.
    """
    bound_body(door().max_push_bytes)
    with services().intake.spool(request.content_length) as spool:
        sent = SentPackage(name, read_body(spool))
        door().incoming.take(caller(), repository, sent, spool)
    return represent(OK, HTTPStatus.CREATED)


@repositories.post("/<repository_path:path>")
@operation(
    guard=_PUBLISH,
    errors=(400, 429),
    answers={200: _MESSAGE, 202: _LATER, 401: _UNKNOWN},
)
def rebuild_repository(path: str, query: PublicationQuery) -> ResponseReturnValue:
    """Publish what is in a repository once more."""
    pushed = door().pushes.rebuild(caller(), door().catalogue.targets(path))
    return _done(pushed, HTTPStatus.OK, is_awaited=query.wait)


def _done(pushed: Sequence[Pushed], status: HTTPStatus, *, is_awaited: bool) -> Response:
    if not is_awaited or door().waiting.is_over(pushed):
        return represent(OK, status)
    place = relative(f"{door().prefix}/api/{quote(pushed[0].path)}")
    return represent(PROMISED, HTTPStatus.ACCEPTED, {"Location": place})


@repositories.delete("/<repository_path:path>")
@operation(
    guard=_REMOVE,
    errors=(404, 409, 410, 429),
    answers={
        200: _MESSAGE,
        202: _LATER,
        401: _UNKNOWN,
        501: _MESSAGE,
    },
)
def remove_published(path: str, query: RemoveQuery) -> ResponseReturnValue:
    """Remove the package whose file is at a path. Directories are not removed, nor repositories.

    With `purge` its bytes are given out no more, at any address: 410.
    """
    asked = tidied(path)
    if asked.count("/") <= _SLASHES_OF_A_REPOSITORY:
        return represent(NO_DELETE, HTTPStatus.NOT_IMPLEMENTED)
    keeping = door().keeping
    remove = keeping.purging.purge_file if query.purge else keeping.removal.remove_file
    pushed = remove(caller(), asked)
    return _done([pushed], HTTPStatus.OK, is_awaited=query.wait)


@repositories.get("/")
@operation(guard=_READ, answers=_PAGE)
def browse_repositories() -> ResponseReturnValue:
    """Show the kinds of repositories."""
    return shown("", None)


@repositories.get("/index")
@operation(guard=_READ, answers=_PAGE)
def browse_index() -> ResponseReturnValue:
    """Show the kinds of repositories."""
    return shown("", None)


@repositories.get("/<repository_path:path>")
@operation(
    guard=_READ,
    accepts=ON_DOWNLOAD,
    errors=(400, 410, 429),
    answers={200: _FILE_OR_PAGE, 302: ELSEWHERE, 401: _UNKNOWN, 404: _MISSING},
)
def get_published(path: str, query: PlaceQuery) -> ResponseReturnValue:
    """Get a file of a repository, or see what a directory holds.

    A publication (`@` and its number) may stand first. With `type` it is found only if it is that.
    """
    return shown(tidied(path), query.type)


@repositories.get("/KEY.asc")
@operation(guard=_KEYS, answers={200: _KEY, 404: _MISSING})
def get_signing_key() -> ResponseReturnValue:
    """Get the public keys that repositories are signed with."""
    return _keys(door().signers.default)


@repositories.get("/<repository_path:path>/KEY.asc")
@operation(guard=_KEYS, errors=(429,), answers={200: _KEY, 401: _UNKNOWN, 404: _MISSING})
def get_repository_key(path: str) -> ResponseReturnValue:
    """Get the public keys that one repository is signed with."""
    return _keys(door().signers.of(_address(path).path))


def _keys(signer: Signer) -> Response:
    if not signer.keys:
        raise FileNotFound
    return Response(_armored(signer), mimetype=_KEY_MEDIA, headers=_FRESH)


def _armored(signer: Signer) -> str:
    return "".join(key.armored for key in signer.keys)


@repositories.get("/mirrorlist/<repository_path:path>/<arch>")
@operation(
    guard=_READ,
    errors=(429,),
    answers={200: Answer(media=_PLAIN), 401: _UNKNOWN, 404: _MISSING},
)
def list_mirrors(path: str, arch: str) -> ResponseReturnValue:
    """Name the newest publication of a yum repository by an address that never changes."""
    newest = seen(lambda asking: door().reader.newest(asking, tidied(path), arch))
    return Response(f"{_place()}/{quote(newest, safe='/@')}\n", mimetype=_PLAIN, headers=_FRESH)


@repositories.get("/api/<repository_path:path>/client.repo")
@operation(guard=_READ, errors=(404, 429), answers={200: Answer(media=_PLAIN)})
def get_yum_client_file(path: str) -> ResponseReturnValue:
    """Get what dnf and yum are set up with, as `/etc/yum.repos.d` has it."""
    address = _address(path, Base.RPM)
    is_signed = bool(door().signers.of(address.path).keys)
    text = yum_client_file(address, _place(), is_signed=is_signed)
    return Response(text, mimetype=_PLAIN, headers=_FRESH)


@repositories.get("/api/<repository_path:path>/client.sources")
@operation(guard=_READ, errors=(404, 429), answers={200: Answer(media=_PLAIN)})
def get_apt_client_file(path: str) -> ResponseReturnValue:
    """Get what apt is set up with, as `/etc/apt/sources.list.d` has it."""
    address = _address(path, Base.DEB)
    text = apt_client_file(address, _place(), _armored(door().signers.of(address.path)))
    return Response(text, mimetype=_PLAIN, headers=_FRESH)


def _address(path: str, base: Base | None = None) -> Address:
    """The repository, be it published or not. Raises ``RepositoryUnknown``."""
    found = seen(lambda asking: door().reader.address(asking, tidied(path)))
    if base not in (None, found.base):
        raise RepositoryUnknown
    return found


def _place() -> str:
    """The door's whole URL."""
    return f"{base_url()}{door().prefix}"
