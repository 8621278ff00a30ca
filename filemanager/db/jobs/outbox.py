"""The outbox: tasks that workers claim by a conditional update, with a lease."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite

from filemanager.db.engine.columns import AnyRow, milliseconds, optional_moment
from filemanager.db.engine.driver import change_later
from filemanager.db.engine.statements import chunks
from filemanager.db.jobs.tables import outbox
from filemanager.domain.jobs.job import (
    MAX_ATTEMPTS,
    Backlog,
    Claimed,
    JobId,
    Lane,
    Task,
    TroubledTask,
    Trying,
)

_CANDIDATES = 8
"""Losing one to another worker costs an update of no row; then the next is tried."""

_INSERT = insert(outbox)

# Written out: MariaDB's driver takes no parameters behind the values of many rows.
_ONE: ColumnElement[int] = literal_column("1")
_NONE: ColumnElement[int] = literal_column("0")
_UNTIL_DONE: ColumnElement[str] = literal_column(f"'{Trying.UNTIL_DONE}'")

_DUE = (
    select(outbox)
    .where(
        outbox.c.lane == bindparam("which"),
        outbox.c.failed_at.is_(None),
        outbox.c.due_at <= bindparam("now"),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
)
_FIRST_DUE = _DUE.with_only_columns(outbox.c.id).limit(1)
_OLDEST_DUE = _DUE.limit(_CANDIDATES)

# What is written is what was seen, or nothing is. `claim = NULL` is never true, so that a task
# without a claim has a condition of its own.
_SEEN = outbox.c.id == bindparam("seen_id"), outbox.c.due_at == bindparam("seen_due_at")
_CLAIM = update(outbox).values(
    claim=bindparam("mine"), due_at=bindparam("until"), attempts=outbox.c.attempts + 1
)
_CLAIM_FREE = _CLAIM.where(*_SEEN, outbox.c.claim.is_(None))
_CLAIM_EXPIRED = _CLAIM.where(*_SEEN, outbox.c.claim == bindparam("seen_claim"))

_HELD = outbox.c.id == bindparam("held_id"), outbox.c.claim == bindparam("mine")
_NOT_ASKED_AGAIN = outbox.c.generation == bindparam("seen_generation")

_RENEW = update(outbox).where(*_HELD).values(due_at=bindparam("until"))
_FINISH = delete(outbox).where(*_HELD, _NOT_ASKED_AGAIN)
_REPEAT = update(outbox).where(*_HELD).values(claim=null(), attempts=0, due_at=bindparam("now"))
_PUT_BACK = (
    update(outbox)
    .where(*_HELD)
    .values(claim=null(), due_at=bindparam("next"), error=bindparam("why"))
)
_POSTPONE = (
    update(outbox)
    .where(*_HELD)
    .values(claim=null(), due_at=bindparam("next"), attempts=outbox.c.attempts - 1)
)
_GIVE_UP = (
    update(outbox)
    .where(*_HELD, _NOT_ASKED_AGAIN)
    .values(claim=null(), failed_at=bindparam("now"), error=bindparam("why"))
)

_IS_TRIED_UNTIL_DONE = outbox.c.patience == Trying.UNTIL_DONE.value
_IS_STUCK = _IS_TRIED_UNTIL_DONE & (outbox.c.attempts >= MAX_ATTEMPTS)
_IS_TROUBLED = outbox.c.failed_at.is_not(None) | _IS_STUCK
_TROUBLED = (
    select(outbox).where(_IS_TROUBLED, outbox.c.id > bindparam("after")).order_by(outbox.c.id)
)
_REVIVE = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"), _IS_TROUBLED, outbox.c.claim.is_(None))
    .values(failed_at=null(), attempts=0, due_at=bindparam("now"))
)


_IS_DUE = outbox.c.failed_at.is_(None) & (outbox.c.due_at <= bindparam("now"))
_BACKLOG = select(
    func.count(case((_IS_DUE, outbox.c.id))).label("due"),
    func.min(case((_IS_DUE, outbox.c.due_at))).label("oldest"),
    func.count(outbox.c.failed_at).label("failed"),
    func.count(case((_IS_STUCK, outbox.c.id))).label("stuck"),
)


class SqlOutbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_added = False
        """Whether this transaction added anything that is due: nobody need look for more yet."""

    def add(self, task: Task, at: datetime) -> None:
        dialect = self._connection.dialect.name
        statement = _INSERT if task.key is None else _insert_keyed(dialect)
        change_later(self._connection, statement, [_values(task, at)])
        self.has_added = self.has_added or _is_due(task, at)

    def add_all(self, tasks: Sequence[Task], at: datetime) -> None:
        # In one order, so that two who add the same tasks never wait for each other in a circle.
        values = sorted((_values(task, at) for task in tasks), key=lambda row: str(row["key"]))
        for chunk in chunks(values):
            change_later(self._connection, _insert_keyed(self._connection.dialect.name), chunk)
        self.has_added = self.has_added or any(_is_due(task, at) for task in tasks)

    def has_due(self, lane: Lane, at: datetime) -> bool:
        asked = {"which": lane, "now": milliseconds(at)}
        return self._connection.scalar(_FIRST_DUE, asked) is not None

    def claim(self, lane: Lane, claim: str, at: datetime, until: datetime) -> Claimed | None:
        asked = {"which": lane, "now": milliseconds(at)}
        for row in self._connection.execute(_OLDEST_DUE, asked).all():
            if self._take(row, claim, until):
                return _claimed(row, claim)
        return None

    def renew(self, claimed: Claimed, until: datetime) -> bool:
        return self._changed(_RENEW, claimed, until=milliseconds(until))

    def acknowledge(self, claimed: Claimed, at: datetime) -> bool:
        is_finished = self._changed(_FINISH, claimed, seen_generation=claimed.generation)
        return is_finished or self._repeat(claimed, at)

    def put_back(self, claimed: Claimed, due_at: datetime, error: str) -> bool:
        return self._changed(_PUT_BACK, claimed, next=milliseconds(due_at), why=error)

    def postpone(self, claimed: Claimed, due_at: datetime) -> bool:
        return self._changed(_POSTPONE, claimed, next=milliseconds(due_at))

    def give_up(self, claimed: Claimed, error: str, at: datetime) -> bool:
        values = {"seen_generation": claimed.generation, "why": error, "now": milliseconds(at)}
        return self._changed(_GIVE_UP, claimed, **values) or self._repeat(claimed, at)

    def backlog(self, at: datetime) -> Backlog:
        row = self._connection.execute(_BACKLOG, {"now": milliseconds(at)}).one()
        return Backlog(
            due=row.due,
            oldest_due_at=optional_moment(row.oldest),
            failed=row.failed,
            stuck=row.stuck,
        )

    def troubled(self, after: int, limit: int) -> Sequence[TroubledTask]:
        rows = self._connection.execute(_TROUBLED.limit(limit), {"after": after})
        return [_troubled(row) for row in rows]

    def revive(self, task_id: int, at: datetime) -> bool:
        values = {"which": task_id, "now": milliseconds(at)}
        is_due = self._connection.execute(_REVIVE, values).rowcount == 1
        self.has_added = self.has_added or is_due
        return is_due

    def prune(self, failed_before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = select(outbox.c.id).where(outbox.c.failed_at < milliseconds(failed_before))
        found = self._connection.scalars(old.order_by(outbox.c.failed_at).limit(limit)).all()
        # Asked for again meanwhile, it has not failed any more.
        gone = delete(outbox).where(outbox.c.id.in_(found), outbox.c.failed_at.is_not(None))
        return self._connection.execute(gone).rowcount if found else 0

    def _take(self, row: AnyRow, claim: str, until: datetime) -> bool:
        values = {
            "seen_id": row.id,
            "seen_due_at": row.due_at,
            "mine": claim,
            "until": milliseconds(until),
        }
        if row.claim is None:
            return self._connection.execute(_CLAIM_FREE, values).rowcount == 1
        values["seen_claim"] = row.claim
        return self._connection.execute(_CLAIM_EXPIRED, values).rowcount == 1

    def _repeat(self, claimed: Claimed, at: datetime) -> bool:
        return self._changed(_REPEAT, claimed, now=milliseconds(at))

    def _changed(self, statement: Any, claimed: Claimed, **values: object) -> bool:
        held = {"held_id": claimed.id, "mine": claimed.claim}
        return bool(self._connection.execute(statement, {**held, **values}).rowcount)


@cache
def _insert_keyed(dialect: str) -> Insert:
    """An insert that, where the key is there already, notes that it was asked for again."""
    if dialect == "postgresql":
        added = postgresql.insert(outbox)
        again = _asked_again(added.excluded.due_at)
        return added.on_conflict_do_update(index_elements=[outbox.c.key], set_=again)
    if dialect == "sqlite":
        put = sqlite.insert(outbox)
        again = _asked_again(put.excluded.due_at)
        return put.on_conflict_do_update(index_elements=[outbox.c.key], set_=again)
    made = mysql.insert(outbox)
    # A list, since MariaDB computes each value from those that it has written before it.
    return made.on_duplicate_key_update(list(_asked_again(made.inserted.due_at).items()))


def _asked_again(due_at: ColumnElement[int]) -> Mapping[str, Any]:
    """A failed task begins anew, one that is tried until it is done does not wait its pause out,
    any other keeps its turn. What tells is written last.
    """
    has_failed = outbox.c.failed_at.is_not(None)
    is_patient = outbox.c.patience == _UNTIL_DONE
    waits = is_patient & outbox.c.claim.is_(None) & (outbox.c.due_at > due_at)
    return {
        "generation": outbox.c.generation + _ONE,
        "due_at": case((has_failed | waits, due_at), else_=outbox.c.due_at),
        "attempts": case((has_failed, _NONE), else_=outbox.c.attempts),
        "failed_at": null(),
    }


def _is_due(task: Task, at: datetime) -> bool:
    return task.due_at is None or task.due_at <= at


def _values(task: Task, at: datetime) -> dict[str, object]:
    return {
        "lane": task.lane,
        "kind": task.kind,
        "payload": json.dumps(dict(task.payload)),
        "key": task.key,
        "job_id": task.job_id,
        "generation": 1,
        "attempts": 0,
        "patience": task.patience,
        "due_at": milliseconds(task.due_at or at),
    }


def _claimed(row: AnyRow, claim: str) -> Claimed:
    return Claimed(
        id=row.id,
        kind=row.kind,
        payload=json.loads(row.payload),
        claim=claim,
        generation=row.generation,
        attempts=row.attempts + 1,
        job_id=None if row.job_id is None else JobId(row.job_id),
        patience=Trying(row.patience),
    )


def _troubled(row: AnyRow) -> TroubledTask:
    return TroubledTask(
        id=row.id,
        kind=row.kind,
        key=row.key,
        attempts=row.attempts,
        error=row.error,
        failed_at=optional_moment(row.failed_at),
    )
