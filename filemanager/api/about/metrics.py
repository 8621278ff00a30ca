"""Counters of what the service does, summed over the workers of a node, and what waits.

The library looks for its shared directory when it is imported, and the server sets that after this
module was: so it is imported where it is used.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, g, request

from filemanager.services.health import Load

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_EXTENSION = "filemanager-metrics"
_BUCKETS = (0.005, 0.02, 0.1, 0.5, 2, 10, 60)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_Count = Callable[[], None]
_Observe = Callable[[float], None]


class Metrics:
    """One registry for each application: the global one refuses a second application."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415  # above

        self._bound: dict[tuple[str, str, int], tuple[_Count, _Observe]] = {}
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter(
            "filemanager_requests", "Requests.", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "filemanager_request_seconds",
            "Time to the answer's head.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; methods that only a client knows are one, so that series have an end."""
        key = (method if method in _METHODS else "other", route, status)
        count, observe = self._bound.get(key) or self._bind(*key)
        count()
        observe(seconds)

    def _bind(self, method: str, route: str, status: int) -> tuple[_Count, _Observe]:
        """Look the labels up once: that takes longer than to count."""
        bound = (
            self._requests.labels(method, route, status).inc,
            self._seconds.labels(method, route).observe,
        )
        return self._bound.setdefault((method, route, status), bound)


def install(app: Flask) -> None:
    app.extensions[_EXTENSION] = metrics = Metrics()

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # The rule, never the path: paths have no end and tell of users.
        route = request.url_rule.rule if request.url_rule else "unknown"
        taken = time.perf_counter() - g.started
        metrics.count(request.method, route, response.status_code, taken)
        return response


def rendered(app: Flask) -> bytes:
    """The metrics of every worker where they share a directory, else of this process."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415  # above
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415  # above

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types here
        return generate_latest(registry)
    return generate_latest(cast("Metrics", app.extensions[_EXTENSION]).registry)


def rendered_load(load: Load | None) -> bytes:
    """What waits on all nodes; nothing where the database does not answer.

    Asked for each time, so that no process shows what another has done since.
    """
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415  # above

    registry = CollectorRegistry()
    if load is not None:
        registry.register(_LoadCollector(load))
    return generate_latest(registry)


class _LoadCollector:
    """Gauges of the library would be written into the directory that workers share."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  # above

        load = self._load
        seconds = load.oldest_due.total_seconds()
        for name, meaning, value in (
            ("tasks_due", "Tasks that are due and that no worker has.", load.tasks_due),
            ("tasks_oldest_due_seconds", "How long the first of them waits.", seconds),
            ("tasks_failed", "Tasks that were given up.", load.tasks_failed),
            ("uploads_open", "Uploads that are not over.", load.open_uploads),
        ):
            yield GaugeMetricFamily(f"filemanager_{name}", meaning, value)
