"""Data packages: made, listed, described, deleted, and frozen."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import Holds, Public
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.reads import read
from filemanager.api.http.responses import quoted, represent
from filemanager.api.http.wishes import PageQuery
from filemanager.api.jobs.answers import JobView, accepted
from filemanager.api.packages import views, wishes
from filemanager.api.packages.door import ONE, PACKAGES, door
from filemanager.api.packages.guard import OwnsPackage
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId, is_random_id
from filemanager.domain.jobs.job import Job, job_id_from
from filemanager.domain.packages.data_package import DataPackage, DataPackageId, PackageEdition
from filemanager.services.packages.checkpointing import CheckpointedWish
from filemanager.services.packages.freezing import FreezeWish

keeping = Blueprint("datapackages", __name__)

_WRITES = OwnsPackage(Scope.PACKAGE_WRITE)
_PACKAGE = Answer(views.DataPackageView, headers=("ETag",))
_UNCHANGED = Answer(headers=("ETag",))


def _shown(package: DataPackage, status: HTTPStatus = HTTPStatus.OK) -> Response:
    headers = {"ETag": quoted(package.revision)}
    if status is HTTPStatus.CREATED:
        headers["Location"] = relative(f"{PACKAGES}/{package.id}")
    return represent(views.package_view(package), status, headers)


def _created_again(kept: str, **_: object) -> Response:
    return _shown(door().keeper.get(caller(), DataPackageId(kept)), HTTPStatus.CREATED)


@keeping.post(PACKAGES)
@operation(
    guard=Holds(Scope.PACKAGE_WRITE),
    errors=(400, 409, 429),
    answers={201: Answer(views.DataPackageView, headers=("ETag", "Location"))},
    again=_created_again,
)
def create_data_package(body: wishes.DescriptionWish) -> ResponseReturnValue:
    """Make an empty package."""
    return _shown(door().keeper.create(caller(), body.described), HTTPStatus.CREATED)


def _checkpointed(version: PackageEdition) -> Response:
    made = views.CheckpointedView(id=version.package_id, version=version.number or 0)
    place = {"Location": relative(f"{PACKAGES}/{version.package_id}")}
    return represent(made, HTTPStatus.CREATED, place)


def _checkpointed_again(kept: str, **_: object) -> Response:
    return _checkpointed(door().browser.version(caller(), DataPackageId(kept), 1))


@keeping.post(f"{PACKAGES}:from-checkpoint")
@operation(
    guard=Holds(Scope.PACKAGE_WRITE),
    errors=(400, 404, 409, 413, 429),
    answers={201: Answer(views.CheckpointedView, headers=("Location",))},
    again=_checkpointed_again,
)
def create_data_package_of_checkpoint(body: wishes.CheckpointedBody) -> ResponseReturnValue:
    """Make a package with a version of a checkpoint that you can read; nothing is copied."""
    wish = CheckpointedWish(
        workspace_id=WorkspaceId(body.workspace),
        checkpoint_id=body.checkpoint,
        name=body.name,
        is_anonymous=body.anonymous,
    )
    return _checkpointed(door().checkpointed.create(caller(), wish))


@keeping.get(PACKAGES)
@operation(
    guard=Holds(Scope.PACKAGE_READ),
    errors=(400,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.DataPackageList, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def list_data_packages(query: PageQuery) -> ResponseReturnValue:
    """List your packages, oldest first."""
    found = door().keeper.page(caller(), number_of(query.cursor), query.limit + 1)
    page = found[: query.limit]
    listed = views.DataPackageList(packages=[views.package_view(one) for one in page])
    return read(listed, headers=next_link(page[-1].number if len(found) > query.limit else None))


@keeping.get("/.well-known/filemanager-keys.json")
@operation(
    guard=Public("who has a download and its statement checks it without us"),
    accepts=("If-None-Match",),
    answers={200: Answer(views.StatementKeys, headers=("ETag",)), 304: _UNCHANGED},
)
def get_statement_keys() -> ResponseReturnValue:
    """Get the public keys that statements of versions are checked by, as a JWK set."""
    return read(views.StatementKeys.model_validate(door().statements.keys))


@keeping.get(ONE)
@operation(
    guard=OwnsPackage(Scope.PACKAGE_READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: _PACKAGE, 304: _UNCHANGED},
)
def get_data_package(package_id: str) -> ResponseReturnValue:
    """Show what is said of a package, and how much it holds."""
    found = door().keeper.get(caller(), DataPackageId(package_id))
    return read(views.package_view(found), tag=found.revision)


@keeping.patch(ONE)
@operation(guard=_WRITES, errors=(400, 404, 412, 429), accepts=ON_CHANGE, answers={200: _PACKAGE})
def change_data_package(package_id: str, body: wishes.DescriptionChange) -> ResponseReturnValue:
    """Say other things of a package; versions keep what was said when they were frozen."""
    changed = door().keeper.describe(
        caller(),
        DataPackageId(package_id),
        lambda said: replace(said, **body.changes),
        preconditions(),
    )
    return _shown(changed)


@keeping.delete(ONE)
@operation(guard=_WRITES, errors=(404, 412, 429), accepts=ON_CHANGE, answers={204: Answer()})
def delete_data_package(package_id: str) -> ResponseReturnValue:
    """Delete a package with all its versions; its shares open nothing any more."""
    door().keeper.delete(caller(), DataPackageId(package_id), preconditions())
    return Response(status=HTTPStatus.NO_CONTENT)


def _frozen(version: PackageEdition) -> Response:
    place = relative(f"{PACKAGES}/{version.package_id}/versions/{version.number}")
    headers = {"ETag": quoted(version.digest), "Location": place}
    return represent(views.version_view(version), HTTPStatus.CREATED, headers)


def _frozen_again(kept: str, package_id: str, **_: object) -> Response:
    """The version, or the job that was to make it."""
    if is_random_id(kept):
        return accepted(door().jobs.get(caller(), job_id_from(kept)))
    return _frozen(door().browser.version(caller(), DataPackageId(package_id), int(kept)))


@keeping.post(f"{ONE}:freeze")
@operation(
    guard=_WRITES,
    errors=(400, 404, 409, 412, 413, 429, 503),
    accepts=ON_CHANGE,
    answers={
        201: Answer(views.VersionView, headers=("ETag", "Location")),
        202: Answer(JobView, headers=("Location", "Retry-After", "Preference-Applied")),
    },
    again=_frozen_again,
)
def freeze_data_package(package_id: str, body: wishes.FreezeBody) -> ResponseReturnValue:
    """Freeze what a package holds now as its next version.

    202 and a job while digests are missing; its result is the version. Sent again for the same
    revision it answers the same job, or version.
    """
    wish = FreezeWish(name=body.name, is_partial=body.partial, preconditions=preconditions())
    made = door().freezing.freeze(caller(), DataPackageId(package_id), wish)
    return accepted(made) if isinstance(made, Job) else _frozen(made)
