"""The command that runs jobs on a node that serves nothing."""

import signal

import click
import structlog

from filemanager.commands.setup import load_settings, prepare, tell_what_is_open
from filemanager.factory.application import background
from filemanager.factory.parts import parts_of
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
