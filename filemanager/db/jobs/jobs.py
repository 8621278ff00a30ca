"""The jobs that people watch."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from filemanager.db.engine.columns import AnyRow, milliseconds, moment
from filemanager.db.jobs.tables import jobs
from filemanager.domain.caller import Owner, Rights, Scope
from filemanager.domain.jobs.job import Job, JobId, JobNotFound, JobState

_OVER = (JobState.DONE, JobState.FAILED)

_OPEN = (JobState.WAITING, JobState.RUNNING)

_COUNT_OPEN = (
    select(func.count())
    .select_from(jobs)
    .where(jobs.c.owner == bindparam("whose"), jobs.c.state.in_(_OPEN))
)
_COUNT_STATES = (
    select(jobs.c.state, func.count())
    .where(jobs.c.state.in_((*_OPEN, JobState.FAILED)))
    .group_by(jobs.c.state)
)
_FIND = select(jobs).where(jobs.c.id == bindparam("which"))
_CHANGE = update(jobs).where(jobs.c.id == bindparam("which"))


class SqlJobs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, job: Job) -> None:
        self._connection.execute(insert(jobs), _values(job))

    def get(self, job_id: JobId) -> Job:
        row = self._connection.execute(_FIND, {"which": job_id}).one_or_none()
        if row is None:
            raise JobNotFound
        return _job(row)

    def count_open(self, owner: Owner) -> int:
        return self._connection.scalar(_COUNT_OPEN, {"whose": owner}) or 0

    def count_states(self) -> Mapping[JobState, int]:
        rows = self._connection.execute(_COUNT_STATES)
        return {JobState(state): count for state, count in rows}

    def begin(self, job_id: JobId, at: datetime) -> None:
        self._change(job_id, at, state=JobState.RUNNING, progress=0, doing="")

    def wait(self, job_id: JobId, at: datetime) -> None:
        self._change(job_id, at, state=JobState.WAITING, progress=0, doing="")

    def report(self, job_id: JobId, progress: int, doing: str, at: datetime) -> None:
        self._change(job_id, at, progress=progress, doing=doing)

    def finish(self, job_id: JobId, result: Mapping[str, object], at: datetime) -> None:
        told = json.dumps(dict(result))
        self._change(job_id, at, state=JobState.DONE, progress=100, doing="", result=told)

    def fail(self, job_id: JobId, code: str, message: str, at: datetime) -> None:
        self._change(job_id, at, state=JobState.FAILED, doing="", code=code, message=message)

    def prune(self, ended_before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = (
            select(jobs.c.id)
            .where(jobs.c.state.in_(_OVER), jobs.c.changed_at < milliseconds(ended_before))
            .order_by(jobs.c.changed_at)
            .limit(limit)
        )
        found = self._connection.scalars(old).all()
        gone = delete(jobs).where(jobs.c.id.in_(found))
        return self._connection.execute(gone).rowcount if found else 0

    def _change(self, job_id: JobId, at: datetime, **values: object) -> None:
        statement = _CHANGE.values(
            version=jobs.c.version + 1, changed_at=milliseconds(at), **values
        )
        self._connection.execute(statement, {"which": job_id})


def _values(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "owner": job.owner,
        "kind": job.kind,
        "look_scope": job.rights.look,
        "change_scope": job.rights.change,
        "resource": job.rights.resource,
        "state": job.state,
        "progress": job.progress,
        "doing": job.doing,
        "result": None if job.result is None else json.dumps(dict(job.result)),
        "code": job.code,
        "message": job.message,
        "version": job.version,
        "created_at": milliseconds(job.created_at),
        "changed_at": milliseconds(job.changed_at),
    }


def _job(row: AnyRow) -> Job:
    return Job(
        id=JobId(row.id),
        owner=Owner(row.owner),
        kind=row.kind,
        rights=Rights(Scope(row.look_scope), Scope(row.change_scope), row.resource),
        state=JobState(row.state),
        progress=row.progress,
        doing=row.doing,
        result=None if row.result is None else json.loads(row.result),
        code=row.code,
        message=row.message,
        version=row.version,
        created_at=moment(row.created_at),
        changed_at=moment(row.changed_at),
    )
