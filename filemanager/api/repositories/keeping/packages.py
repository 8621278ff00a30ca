"""Packages of repositories: searched, fetched, removed, promoted, let go when they are outdated."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.reads import read
from filemanager.api.http.responses import represent
from filemanager.api.repositories.door import door
from filemanager.api.repositories.guard import Keeps, seen
from filemanager.api.repositories.keeping import views, wishes
from filemanager.api.repositories.keeping.answers import (
    PROMISED,
    READS,
    REPOSITORY,
    UNCHANGED,
    address_of_repository,
    done,
    now,
    place_of,
    shown,
    shown_again,
    status_of,
    tag_of,
)
from filemanager.api.repositories.paths import ONE
from filemanager.domain.caller import Scope
from filemanager.domain.ids import MAX_ID, WorkspaceId
from filemanager.domain.repositories.repository import PackageId, PackageQuery
from filemanager.services.repositories.fetching import WorkspaceFiles
from filemanager.services.repositories.keeping.promoting import Promotion

packages = Blueprint("packages", __name__, url_prefix=ONE)

_ADMIN, _PUBLISH = Keeps(Scope.REPOSITORY_ADMIN), Keeps(Scope.REPOSITORY_PUBLISH)


@packages.get("/packages")
@operation(
    guard=READS,
    errors=(404, 429),
    accepts=("If-None-Match",),
    answers={200: Answer(views.RepositoryPackageList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def list_packages(repository: str, query: wishes.PackageListQuery) -> ResponseReturnValue:
    """List the packages that are in a repository, in the order in which they came."""
    wanted = PackageQuery(
        contains=query.q,
        name=query.name,
        arch=query.arch,
        after=PackageId(number_of(query.cursor)),
        limit=query.limit + 1,
    )
    found = seen(lambda asking: door().keeping.browser.packages(asking, repository, wanted))
    page, place = found[: query.limit], place_of(repository)
    listed = views.RepositoryPackageList(packages=[views.package_view(one, place) for one in page])
    last = page[-1].id if len(found) > query.limit else None
    return read(listed, headers=next_link(last))


def _fetched_again(kept: str, repository: str, **_: object) -> Response:
    del kept
    return shown(now(repository), HTTPStatus.CREATED)


@packages.post("/packages")
@operation(
    guard=_PUBLISH,
    errors=(400, 404, 409, 413, 429),
    answers={201: REPOSITORY, 202: PROMISED},
    again=_fetched_again,
)
def fetch_packages(
    repository: str, query: wishes.AwaitQuery, body: wishes.FetchWish
) -> ResponseReturnValue:
    """Push files of a workspace that you can read, all or none; nothing is uploaded again."""
    files = WorkspaceFiles(workspace_id=WorkspaceId(body.workspace), paths=body.paths)
    pushed = door().keeping.fetching.push(caller(), repository, files, body.product)
    is_over = status_of(pushed, is_awaited=query.wait) is HTTPStatus.OK
    return shown(now(repository), HTTPStatus.CREATED if is_over else HTTPStatus.ACCEPTED)


@packages.get("/packages/<id:package_id>")
@operation(
    guard=READS,
    errors=(404, 410, 429),
    accepts=("If-None-Match",),
    answers={200: Answer(views.RepositoryPackageView, headers=("ETag",)), 304: UNCHANGED},
)
def get_package(repository: str, package_id: int) -> ResponseReturnValue:
    """Show a package with its files, also one that was removed."""
    identity = _identity(package_id)
    found = seen(lambda asking: door().keeping.browser.package(asking, repository, identity))
    return read(views.package_view(found, place_of(repository)), tag=tag_of(found.state))


@packages.delete("/packages/<id:package_id>")
@operation(
    guard=_ADMIN,
    errors=(404, 410, 412, 429),
    accepts=ON_CHANGE,
    answers={204: Answer(), 202: Answer(headers=("Location",))},
)
def remove_package(
    repository: str, package_id: int, query: wishes.PackageRemovalQuery
) -> ResponseReturnValue:
    """Remove a package: the next publication is without it, earlier ones keep it.

    With `purge` its bytes are given out no more, at any address: 410.
    """
    keeping = door().keeping
    remove = keeping.purging.purge if query.purge else keeping.removal.remove
    pushed = remove(caller(), repository, _identity(package_id), preconditions())
    if status_of(pushed, is_awaited=query.wait) is HTTPStatus.OK:
        return Response(status=HTTPStatus.NO_CONTENT)
    place = {"Location": address_of_repository(repository)}
    return Response(status=HTTPStatus.ACCEPTED, headers=place)


@packages.post("/packages:promote")
@operation(
    guard=_PUBLISH,
    errors=(400, 404, 409, 410, 413, 429),
    answers={200: REPOSITORY, 202: PROMISED},
    again=shown_again,
)
def promote_packages(
    repository: str, query: wishes.AwaitQuery, body: wishes.PromotionWish
) -> ResponseReturnValue:
    """Add packages of another repository to this one, all or none; nothing is uploaded again.

    `edition` stands for all that a publication or snapshot holds. What is here already stays.
    """
    promotion = Promotion(
        source=body.from_,
        target=repository,
        packages=[PackageId(number) for number in body.packages or ()],
        edition=body.edition,
    )
    pushed = door().keeping.promotion.promote(caller(), promotion)
    return done(pushed, is_awaited=query.wait)


@packages.post("/packages:retain")
@operation(
    guard=_ADMIN,
    errors=(404, 429),
    answers={200: Answer(views.RetentionView), 202: Answer(views.RetentionView)},
)
def retain_packages(repository: str, query: wishes.RetentionQuery) -> ResponseReturnValue:
    """Remove all but the latest versions of each name and architecture.

    Which are the latest is for dpkg's or rpm's order to say. Sent again it finds nothing more.
    """
    retention = door().keeping.retention
    ask = retention.foresee if query.dry_run else retention.apply
    retained = ask(caller(), repository, query.keep)
    is_awaited = query.wait and not query.dry_run
    shown = views.retention_view(retained, place_of(repository))
    return represent(shown, status_of(retained.pushed, is_awaited=is_awaited))


def _identity(number: int) -> PackageId:
    """Nothing has a number beyond 63 bits."""
    return PackageId(min(number, MAX_ID))
