"""How the service stands, on one page; and a task that was given up is tried again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.operations import operation
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Owner
from filemanager.domain.errors import Malformed
from filemanager.domain.jobs.job import TroubledTask
from filemanager.domain.quotas import owner_subject
from filemanager.web.administration.guard import Administers
from filemanager.web.door import AdministrationUses, door
from filemanager.web.session.forms import form
from filemanager.web.session.pages import FORM, MOVED, PAGE, moved, page

administration = Blueprint("administration", __name__, url_prefix="/admin")

_MOST_ROWS = 200


class AdministrationQuery(Wish):
    owner: str = Field("", max_length=500, description="Whose quotas, as issuer:subject.")
    done: str | None = Field(None, max_length=40, description="What was done just now.")


@dataclass(frozen=True, slots=True)
class ShownTask:
    id: int
    kind: str
    key: str
    attempts: int
    error: str
    failed: str


@dataclass(frozen=True, slots=True)
class ShownUsage:
    subject: str
    used: str
    reserved: str


@administration.get("")
@operation(guard=Administers(), errors=(403,), answers={200: PAGE, 303: MOVED})
def show_administration(query: AdministrationQuery) -> ResponseReturnValue:
    """Show the parts and whether they answer, what waits, what failed, damaged blobs, settings."""
    uses = door().administration
    load, doubted = uses.health.load(), uses.overview.quarantined()
    owner = query.owner.strip()
    return page(
        "administration.html",
        told=_told(query.done),
        parts=uses.health.check().parts,
        load=load,
        tasks=[_task(one) for one in islice(uses.jobs.troubled(), _MOST_ROWS)],
        begun=list(_begun(uses, load.slots if load else {})),
        owner=owner,
        usages=list(_usages(uses, Owner(owner))) if owner else [],
        quarantined=doubted[:_MOST_ROWS],
        quarantined_count=len(doubted),
        settings=uses.settings,
    )


@administration.post("/retry")
@operation(guard=Administers(), sends=FORM, errors=(403, 413, 415, 422), answers={303: MOVED})
def retry_task_by_form() -> ResponseReturnValue:
    """Make a task due again that was given up, or is tried again and again."""
    task_id = form().number("task")
    if task_id is None:
        raise Malformed("Say which task, by its number.")
    is_due = door().administration.jobs.revive(task_id)
    return moved(f"/admin?done={'due' if is_due else 'gone'}")


def _task(task: TroubledTask) -> ShownTask:
    return ShownTask(
        id=task.id,
        kind=task.kind,
        key=task.key or "",
        attempts=task.attempts,
        error=task.error or "",
        failed=shown_moment(task.failed_at) if task.failed_at else _("is tried again"),
    )


def _begun(uses: AdministrationUses, slots: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """When each periodic work began last: its slots are counted from 1970."""
    for name, period in sorted(uses.periods.items()):
        slot = slots.get(name)
        yield name, _("not yet") if slot is None else shown_moment(_moment(slot, period))


def _moment(slot: int, period: timedelta) -> datetime:
    return datetime.fromtimestamp(slot * period.total_seconds(), UTC)


def _usages(uses: AdministrationUses, owner: Owner) -> Iterator[ShownUsage]:
    """Those of the owner in bytes, the others in things."""
    for subject, usage in uses.overview.usage(owner).items():
        counts = (usage.used_bytes, usage.reserved_bytes)
        words = map(shown_size if subject == owner_subject(owner) else str, counts)
        yield ShownUsage(subject, *words)


def _told(done: str | None) -> str:
    """Of what is on this list alone: a link must not put words into our mouth."""
    words = {
        "due": _("The task is due again."),
        "gone": _("There is nothing to try again: the task runs, or is gone."),
    }
    return words.get(done or "", "")
