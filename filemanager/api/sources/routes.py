"""Sources: which there are, who reads them, and what lies in them."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import Holds
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, text_of
from filemanager.api.http.reads import read
from filemanager.api.http.responses import represent
from filemanager.api.http.wishes import PageQuery
from filemanager.api.sources import views, wishes
from filemanager.api.sources.door import door
from filemanager.domain.caller import Scope
from filemanager.domain.sources.objects import ObjectQuery
from filemanager.domain.sources.places import listed_place_from
from filemanager.domain.sources.source import (
    NewSource,
    Source,
    readers_from,
    source_name_from,
)
from filemanager.services.sources.keeping import SourceChange
from filemanager.services.sources.rights import readers_shown

PLACE = "/packages/api/sources"

sources = Blueprint("sources", __name__, url_prefix=PLACE)

_READS = Holds(Scope.PACKAGE_READ)
_KEEPS = Holds(Scope.PACKAGE_ADMIN)
_SOURCE = Answer(views.SourceView, headers=("ETag",))
_UNCHANGED = Answer(headers=("ETag",))


@sources.post("")
@operation(
    guard=_KEEPS,
    errors=(409, 503),
    answers={201: Answer(views.SourceView, headers=("Location",))},
)
def add_source(body: wishes.SourceWish) -> ResponseReturnValue:
    """Connect a bucket, once it was tried; packages of its readers may point into it.

    Credentials are kept encrypted and never shown again.
    """
    new = NewSource(
        name=source_name_from(body.name),
        place=listed_place_from(body.told, door().listed),
        readers=readers_from(body.readers),
        credentials=None if body.credentials is None else body.credentials.credentials,
    )
    made = door().service.add(new)
    headers = {"Location": relative(f"{PLACE}/{made.name}")}
    return represent(_view(made), HTTPStatus.CREATED, headers)


@sources.get("")
@operation(
    guard=_READS,
    accepts=("If-None-Match",),
    answers={200: Answer(views.SourceList, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def list_sources(query: PageQuery) -> ResponseReturnValue:
    """List the sources that one reads; all of them, to those who look after sources."""
    # One more than asked for tells whether there is another page.
    found = door().service.page(caller(), text_of(query.cursor), query.limit + 1)
    page = found[: query.limit]
    last = page[-1].name if len(found) > query.limit else None
    listed = views.SourceList(sources=[_view(one) for one in page])
    return read(listed, headers=next_link(last))


@sources.get("/<name>")
@operation(
    guard=_READS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: _SOURCE, 304: _UNCHANGED},
)
def get_source(name: str) -> ResponseReturnValue:
    """Show where a source lies, who reads it, and what it was found to do."""
    return read(_view(door().service.get(caller(), name)))


@sources.patch("/<name>")
@operation(guard=_KEEPS, errors=(404, 409, 503), answers={200: Answer(views.SourceView)})
def change_source(name: str, body: wishes.SourceChangeWish) -> ResponseReturnValue:
    """Change who reads a source, from now on and in every share; or its credentials."""
    change = SourceChange(
        readers=None if body.readers is None else readers_from(body.readers),
        credentials=None if body.credentials is None else body.credentials.credentials,
    )
    return represent(_view(door().service.change(name, change)))


@sources.delete("/<name>")
@operation(guard=_KEEPS, errors=(404, 409), answers={204: Answer()})
def remove_source(name: str) -> ResponseReturnValue:
    """Forget a source and its credentials; what points into it opens no more."""
    door().service.remove(name)
    return Response(status=HTTPStatus.NO_CONTENT)


@sources.get("/<name>/objects")
@operation(
    guard=_READS,
    errors=(404, 409, 503),
    accepts=("If-None-Match",),
    answers={200: Answer(views.SourceObjectList, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def list_source_objects(name: str, query: wishes.ObjectListQuery) -> ResponseReturnValue:
    """List what lies in a source now, the latest versions alone.

    A page may be short, or empty, and yet have a next one in its ``Link``.
    """
    asked = ObjectQuery(
        prefix=query.prefix,
        delimiter=query.delimiter,
        contains=query.q,
        cursor=None if query.cursor is None else text_of(query.cursor),
        limit=query.limit,
    )
    page = door().service.objects(caller(), name, asked)
    return read(views.objects_view(page), headers=next_link(page.next))


def _view(source: Source) -> views.SourceView:
    return views.source_view(source, readers_shown(caller(), source))
