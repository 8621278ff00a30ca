"""Jobs as server-sent events: each state as soon as it is seen."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Response

from filemanager.api.jobs.answers import LOOK_AGAIN_SECONDS, job_view
from filemanager.domain.errors import FilemanagerError, Unavailable
from filemanager.domain.jobs.job import Job
from filemanager.domain.ports import Clock

MAX_STREAMS = 4
"""In a process: each takes one of its threads. Who gets none asks again, or polls."""

MEDIA = "text/event-stream"

_LASTING = timedelta(seconds=30)
_RETRY = "retry: 1000\n\n"


class TooManyStreams(Unavailable):
    code = "too_many_streams"

    def __init__(self) -> None:
        super().__init__("Too many streams of events are open. Try again shortly, or poll the job.")


class EventStreams:
    """The streams of a process. *wait* pauses for so many seconds between two looks."""

    def __init__(self, clock: Clock, wait: Callable[[float], object]) -> None:
        self._clock = clock
        self._wait = wait
        self._free = threading.BoundedSemaphore(MAX_STREAMS)

    def answer(self, look: Callable[[], Job], seen: str | None) -> Response:
        """Send each version of the job after *seen*, until it is over or half a minute has passed.

        The client then connects again; 204 tells one that has seen the end not to. Raises
        ``TooManyStreams``.
        """
        job = look()
        if job.is_over and seen == str(job.version):
            return Response(status=204)
        if not self._free.acquire(blocking=False):
            raise TooManyStreams
        response = Response(self._events(look, seen), mimetype=MEDIA)
        response.call_on_close(self._free.release)
        # Proxies would wait for the end of it.
        response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        return response

    def _events(self, look: Callable[[], Job], seen: str | None) -> Iterator[str]:
        yield _RETRY
        until = self._clock() + _LASTING
        try:
            while True:
                job = look()
                if seen != str(job.version):
                    seen = str(job.version)
                    yield f"id: {seen}\ndata: {job_view(job).model_dump_json()}\n\n"
                if job.is_over or self._clock() >= until:
                    return
                self._wait(LOOK_AGAIN_SECONDS)
        except FilemanagerError:
            # The status is sent already: the client connects again and is told then.
            return
