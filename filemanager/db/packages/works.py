"""Jobs at packages: adding objects, and waiting for digests to freeze."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select

from filemanager.db.jobs.tables import jobs
from filemanager.db.packages.tables import package_works
from filemanager.domain.jobs.job import JobId, JobState
from filemanager.domain.packages.data_package import DataPackage
from filemanager.domain.packages.freezing import PackageWork, PackageWorkKind

_OPEN = (
    select(package_works.c.job_id, package_works.c.kind, package_works.c.revision)
    .join(jobs, jobs.c.id == package_works.c.job_id)
    .where(
        package_works.c.package_number == bindparam("package"),
        jobs.c.state.in_([JobState.WAITING.value, JobState.RUNNING.value]),
    )
    .order_by(jobs.c.created_at, jobs.c.id)
)


def note(connection: Connection, package: DataPackage, work: PackageWork) -> None:
    values = {
        "job_id": work.job_id,
        "package_number": package.number,
        "kind": work.kind.value,
        "revision": work.revision,
    }
    connection.execute(insert(package_works), values)


def unfinished(connection: Connection, package: DataPackage) -> Sequence[PackageWork]:
    rows = connection.execute(_OPEN, {"package": package.number})
    return [PackageWork(JobId(key), PackageWorkKind(kind), at) for key, kind, at in rows]
