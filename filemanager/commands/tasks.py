"""The command that tells of tasks that failed."""

import json
from dataclasses import asdict

import click

from filemanager.commands.setup import load_settings, prepare
from filemanager.domain.jobs.job import TroubledTask
from filemanager.factory.parts import clock, parts_of
from filemanager.services.jobs import JobService


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
