"""What whoever looks after the service does by hand, by plain forms; the log tells each act."""

from collections.abc import Callable

import structlog
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import View, operation
from filemanager.domain.errors import Malformed
from filemanager.web.administration.guard import ADMINISTERS, Administers
from filemanager.web.door import door
from filemanager.web.session.forms import form
from filemanager.web.session.pages import FORM, MOVED, moved

administering = Blueprint("administering", __name__, url_prefix="/admin")

_OWNER_CHARACTERS = 500


def acts(*errors: int, guard: Administers = ADMINISTERS) -> Callable[[View], View]:
    return operation(
        guard=guard, sends=FORM, errors=(403, 413, 415, 422, *errors), answers={303: MOVED}
    )


def log_act(act: str, what: str) -> None:
    structlog.get_logger().info("administered", act=act, what=what, by=caller().owner)


@administering.post("/retry")
@acts()
def retry_task_by_form() -> ResponseReturnValue:
    """Make a task due again that was given up, or is tried again and again."""
    task_id = form().number("task")
    if task_id is None:
        raise Malformed("Say which task, by its number.")
    is_due = door().administration.jobs.revive(task_id)
    log_act("retry", str(task_id))
    return _done("due" if is_due else "gone")


@administering.post("/retry-all")
@acts()
def retry_tasks_by_form() -> ResponseReturnValue:
    """Make all tasks due again that are in trouble."""
    count = door().administration.jobs.revive_all()
    log_act("retry_all", str(count))
    return _done("all-due" if count else "gone")


@administering.post("/block")
@acts()
def block_owner_by_form() -> ResponseReturnValue:
    """Let the shares and invitations of an owner open nothing."""
    owner = form().line("owner", _OWNER_CHARACTERS)
    door().administration.blocking.block(owner)
    log_act("block", owner)
    return _done("blocked")


@administering.post("/unblock")
@acts()
def unblock_owner_by_form() -> ResponseReturnValue:
    """Let the shares and invitations of an owner open again what they did."""
    owner = form().line("owner", _OWNER_CHARACTERS)
    was_blocked = door().administration.blocking.unblock(owner)
    log_act("unblock", owner)
    return _done("unblocked" if was_blocked else "was-not-blocked")


@administering.post("/begin")
@acts()
def begin_work_by_form() -> ResponseReturnValue:
    """Let periodic work begin now, not at its next turn."""
    name, uses = form().text("work"), door().administration
    if name not in uses.periods:
        raise Malformed("Say which work, by its name.")
    uses.jobs.begin_now(name, uses.periods[name])
    log_act("begin", name)
    return _done("begins")


def _done(what: str) -> Response:
    return moved(f"/admin?done={what}")
