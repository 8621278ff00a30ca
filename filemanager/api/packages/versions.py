"""Versions of packages: listed, shown, compared."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.reads import read
from filemanager.api.http.wishes import PageQuery
from filemanager.api.packages import views, wishes
from filemanager.api.packages.door import ONE, door
from filemanager.api.packages.guard import OwnsPackage
from filemanager.domain.caller import Scope
from filemanager.domain.ids import MAX_ID
from filemanager.domain.packages.data_package import DataPackageId

versions = Blueprint("versions", __name__, url_prefix=ONE)

_READS = OwnsPackage(Scope.PACKAGE_READ)
_UNCHANGED = Answer(headers=("ETag",))


@versions.get("/versions")
@operation(
    guard=_READS,
    errors=(400, 404),
    accepts=("If-None-Match",),
    answers={200: Answer(views.VersionList, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def list_versions(package_id: str, query: PageQuery) -> ResponseReturnValue:
    """List the versions of a package, newest first."""
    before = number_of(query.cursor) or None
    found = door().browser.versions(caller(), DataPackageId(package_id), before, query.limit + 1)
    page = found[: query.limit]
    listed = views.VersionList(versions=[views.version_view(one) for one in page])
    return read(listed, headers=next_link(page[-1].number if len(found) > query.limit else None))


@versions.get("/versions/<id:number>")
@operation(
    guard=_READS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.VersionView, headers=("ETag",)), 304: _UNCHANGED},
)
def get_version(package_id: str, number: int) -> ResponseReturnValue:
    """Show a version."""
    # Nothing has a number beyond 63 bits.
    found = door().browser.version(caller(), DataPackageId(package_id), min(number, MAX_ID))
    return read(views.version_view(found), tag=found.digest)


@versions.get("/versions/<id:number>/statement.json")
@operation(
    guard=_READS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.EnvelopeView, headers=("ETag",)), 304: _UNCHANGED},
)
def get_version_statement(package_id: str, number: int) -> ResponseReturnValue:
    """Get what was frozen, signed: a DSSE envelope over an in-toto Statement."""
    identity, asked = DataPackageId(package_id), min(number, MAX_ID)
    signed = door().statements.get(caller(), identity, asked)
    return read(views.EnvelopeView.model_validate(signed))


@versions.get("/diff")
@operation(
    guard=_READS,
    errors=(400, 404),
    accepts=("If-None-Match",),
    answers={200: Answer(views.VersionDifferenceView, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def compare_versions(package_id: str, query: wishes.VersionDifferenceQuery) -> ResponseReturnValue:
    """List what differs between two versions, by path; null where there is no such item."""
    found, sources = door().browser.differences(
        caller(),
        DataPackageId(package_id),
        (query.from_, query.to),
        (wishes.after_of(query.cursor), query.limit + 1),
    )
    page = found[: query.limit]
    listed = views.VersionDifferenceView(
        differences=[views.difference_view(one, sources) for one in page]
    )
    return read(listed, headers=next_link(page[-1].path if len(found) > query.limit else None))
