"""What lies in sources, a page at a time, and what of it is added to a package."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.paging import cursor_of, text_of
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.jobs.job import Job
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.sources.objects import ObjectQuery, SourceObject
from filemanager.services.packages.adding import AddWish, WantedKey
from filemanager.web.door import door
from filemanager.web.packages.acting import PATH_CHARACTERS, acts, done
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading
from filemanager.web.session.forms import SentForm, form, unchanged
from filemanager.web.session.pages import MOVED, PAGE, page

browsing = Blueprint("sources", __name__, url_prefix="/packages/<package:package_id>")

_READS = OpensPackage(Scope.PACKAGE_READ)
_SOURCES = 200
_OBJECTS = 100
"""A form that names as many keys, each with another path, stays below what a form may have."""


class SourcesPageQuery(Wish):
    cursor: str | None = Field(None, max_length=4000)


class ObjectsPageQuery(Wish):
    prefix: str = Field("", max_length=1024)
    q: str = Field("", max_length=1024, description="Part of the key behind the prefix.")
    cursor: str | None = Field(None, max_length=16_000)


@dataclass(frozen=True, slots=True)
class ShownObject:
    """``rest`` is the key behind the prefix that is looked at, ``field`` that for its path."""

    key: str
    rest: str
    field: str
    size: str
    modified: str


@browsing.get("/sources")
@operation(guard=_READS, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_sources_page(package_id: str, query: SourcesPageQuery) -> ResponseReturnValue:
    """Show the sources that I read."""
    found = door().packages.sources.page(caller(), text_of(query.cursor), _SOURCES + 1)
    shown = found[:_SOURCES]
    return page(
        "package_sources.html",
        **heading(package_id),
        sources=[one for one in shown if one.may_be_read_by(caller().owner)],
        more=f"?cursor={cursor_of(shown[-1].name)}" if len(found) > _SOURCES else None,
    )


@browsing.get("/sources/<name>")
@operation(guard=_READS, errors=(403, 404, 409, 503), answers={200: PAGE, 303: MOVED})
def show_objects_page(package_id: str, name: str, query: ObjectsPageQuery) -> ResponseReturnValue:
    """Show what lies below a prefix of a source, or what of it a search finds."""
    searched = query.q.strip()
    asked = ObjectQuery(
        prefix=query.prefix,
        delimiter="" if searched else "/",
        contains=searched,
        cursor=None if query.cursor is None else text_of(query.cursor),
        limit=_OBJECTS,
    )
    found = door().packages.sources.objects(caller(), name, asked)
    return page(
        "package_objects.html",
        **heading(package_id),
        source=name,
        sources_path=f"/packages/{package_id}/sources/{quote(name, safe='')}",
        prefix=query.prefix,
        searched=query.q,
        crumbs=_crumbs(query.prefix),
        prefixes=[(one[len(query.prefix) :], _query(prefix=one)) for one in found.prefixes],
        objects=[_shown(one, query.prefix) for one in found.objects],
        next_page=found.next
        and _query(prefix=query.prefix, q=query.q, cursor=cursor_of(found.next)),
    )


@browsing.post("/add")
@acts(410, 503)
def add_by_form(package_id: str) -> ResponseReturnValue:
    """Add the objects that are chosen, each by the path that is wished, or all below a prefix."""
    wish = _wished(form())
    added = door().packages.adding.add(caller(), DataPackageId(package_id), wish, unchanged())
    return done(package_id, "adding" if isinstance(added, Job) else "added")


def path_field(key: str) -> str:
    """The field of a form for the path that the object with that key gets."""
    return f"path:{key}"


def _wished(sent: SentForm) -> AddWish:
    source, directory = sent.text("source"), sent.line("to", PATH_CHARACTERS).strip("/")
    if sent.texts("all"):
        return AddWish(source=source, prefix=sent.text("prefix"), to=directory)
    keys = [
        WantedKey(key=key, path=sent.line(path_field(key), PATH_CHARACTERS) or None)
        for key in sent.texts("key")
    ]
    if not keys:
        raise Malformed("Nothing was chosen: tick what is to be added.")
    return AddWish(source=source, keys=keys, to=directory)


def _query(**asked: str) -> str:
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _crumbs(prefix: str) -> list[tuple[str, str]]:
    parts = prefix.split("/")[:-1]
    return [
        (part, _query(prefix="".join(f"{one}/" for one in parts[: at + 1])))
        for at, part in enumerate(parts)
    ]


def _shown(found: SourceObject, prefix: str) -> ShownObject:
    return ShownObject(
        key=found.key,
        rest=found.key.removeprefix(prefix),
        field=path_field(found.key),
        size=shown_size(found.size_bytes),
        modified=shown_moment(found.modified_at),
    )
