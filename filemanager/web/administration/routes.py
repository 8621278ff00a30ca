"""How the service stands, on one page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import operation
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Owner, Scope
from filemanager.domain.jobs.job import TroubledTask
from filemanager.domain.quotas import owner_subject
from filemanager.web.administration.guard import ADMINISTERS
from filemanager.web.door import AdministrationUses, door
from filemanager.web.session.pages import MOVED, PAGE, page

administration = Blueprint("administration", __name__, url_prefix="/admin")

_MOST_ROWS = 200


class AdministrationQuery(Wish):
    owner: str = Field("", max_length=500, description="Whose quotas, as issuer:subject.")
    blocked: str = Field("", max_length=500, description="Blocked owners behind that one.")
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
    limit: str


@dataclass(frozen=True, slots=True)
class ShownPeriodic:
    name: str
    begun: str


@dataclass(frozen=True, slots=True)
class ShownBlocked:
    owner: str
    since: str


@administration.get("")
@operation(guard=ADMINISTERS, errors=(403,), answers={200: PAGE, 303: MOVED})
def show_administration(query: AdministrationQuery) -> ResponseReturnValue:
    """Show the parts and whether they answer, what waits, what failed, damaged blobs, settings."""
    uses = door().administration
    load, doubted = uses.health.load(), uses.overview.quarantined()
    owner = query.owner.strip()
    troubled = list(islice(uses.jobs.troubled(), _MOST_ROWS + 1))
    blocked = uses.blocking.blocked(query.blocked, _MOST_ROWS + 1)
    return page(
        "administration.html",
        told=_told(query.done),
        may_keep_sources=caller().holds(Scope.PACKAGE_ADMIN),
        parts=uses.health.check().parts,
        load=load,
        tasks=[_task(one) for one in troubled[:_MOST_ROWS]],
        has_more_tasks=len(troubled) > _MOST_ROWS,
        periodic=list(_periodic(uses, load.slots if load else {})),
        blocked=[ShownBlocked(one, shown_moment(at)) for one, at in blocked[:_MOST_ROWS]],
        more_blocked=f"?{urlencode({'blocked': blocked[_MOST_ROWS - 1][0]})}"
        if len(blocked) > _MOST_ROWS
        else None,
        owner=owner,
        usages=list(_usages(uses, Owner(owner))) if owner else [],
        quarantined=doubted[:_MOST_ROWS],
        quarantined_count=len(doubted),
        settings=uses.settings,
    )


def _task(task: TroubledTask) -> ShownTask:
    return ShownTask(
        id=task.id,
        kind=task.kind,
        key=task.key or "",
        attempts=task.attempts,
        error=task.error or "",
        failed=shown_moment(task.failed_at) if task.failed_at else _("is tried again"),
    )


def _periodic(uses: AdministrationUses, slots: Mapping[str, int]) -> Iterator[ShownPeriodic]:
    """When each began last: its slots are counted from 1970."""
    for name, period in sorted(uses.periods.items()):
        slot = slots.get(name)
        begun = _("not yet") if slot is None else shown_moment(_moment(slot, period))
        yield ShownPeriodic(name, begun)


def _moment(slot: int, period: timedelta) -> datetime:
    return datetime.fromtimestamp(slot * period.total_seconds(), UTC)


def _usages(uses: AdministrationUses, owner: Owner) -> Iterator[ShownUsage]:
    """Those of the owner in bytes, the others in things."""
    for allowance, usage in uses.overview.usage(owner):
        shown = shown_size if allowance.subject == owner_subject(owner) else str
        limit = allowance.limit_bytes
        yield ShownUsage(
            subject=allowance.subject,
            used=shown(usage.used_bytes),
            reserved=shown(usage.reserved_bytes),
            limit=_("none") if limit is None else shown(limit),
        )


def _told(done: str | None) -> str:
    """Of what is on this list alone: a link must not put words into our mouth."""
    words = {
        "due": _("The task is due again."),
        "all-due": _("Whatever was in trouble is due again."),
        "gone": _("There is nothing to try again: the task runs, or is gone."),
        "blocked": _("The shares and invitations of this owner open nothing from now on."),
        "unblocked": _("The shares and invitations of this owner open again what they did."),
        "was-not-blocked": _("This owner was not blocked."),
        "begins": _("The work begins within a minute, on whichever node looks first."),
    }
    return words.get(done or "", "")
