"""The commands about jobs: running them on a node that serves nothing, and what failed."""

import json
import signal
from dataclasses import asdict

import click
import structlog

from filemanager.commands.setup import load_settings, prepare, tell_what_is_open
from filemanager.domain.jobs.job import TroubledTask
from filemanager.factory.application import background
from filemanager.factory.parts import clock, parts_of
from filemanager.services.jobs import JobService
from filemanager.serving.log_events import configure
from filemanager.serving.server import DRAIN

_ENDING = (signal.SIGTERM, signal.SIGINT)


@click.command()
def worker() -> None:
    """Run jobs and periodic work without serving, until SIGTERM, which drains.

    For further nodes; they need the database and the store that the servers use. What a worker is
    killed in the middle of is done again by another.
    """
    settings = load_settings()
    configure(settings.log_level)
    prepare(settings)
    tell_what_is_open(settings)
    # Blocked before there are threads, so that none of them is ended by a signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    workers = background(parts_of(settings))
    workers.start()
    click.echo("Working")
    signal.sigwait(_ENDING)
    # A second signal ends the process at once.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    is_idle = workers.stop(DRAIN)
    structlog.get_logger().info("worker_stopped", drained=is_idle)


@click.command()
@click.option("--again", is_flag=True, help="Make them due again, with all their attempts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def tasks(*, again: bool, as_json: bool) -> None:
    """List tasks of the service's own that failed; they are kept for a week.

    Those that are never given up are among them once they have failed five times, with a - in place
    of the time. What people asked for is not: its failure is shown to them as a job.
    """
    settings = load_settings()
    prepare(settings)
    service = JobService(parts_of(settings).database, clock)
    for task in service.troubled():
        if not again or service.revive(task.id):
            click.echo(_line(task, as_json=as_json))


def _line(task: TroubledTask, *, as_json: bool) -> str:
    failed_at = task.failed_at and task.failed_at.isoformat(timespec="seconds")
    if as_json:
        return json.dumps({**asdict(task), "failed_at": failed_at})
    return f"{task.id} {failed_at or '-'} {task.kind} {task.key or '-'}: {task.error or '-'}"
