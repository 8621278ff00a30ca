"""Counters of what the service does, summed over the workers of a node.

The library looks for its shared directory when it is imported, and the server sets that after this
module was: so it is imported where it is used.
"""

import os
import time
from typing import cast

from flask import Flask, Response, g, request

_EXTENSION = "filemanager-metrics"
_BUCKETS = (0.005, 0.02, 0.1, 0.5, 2, 10, 60)


class Metrics:
    """One registry for each application: the global one refuses a second application."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415  # above

        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("filemanager_requests", "Requests.", labels, registry=self.registry)
        self.seconds = Histogram(
            "filemanager_request_seconds",
            "Time to the answer's head.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )


def install(app: Flask) -> None:
    app.extensions[_EXTENSION] = metrics = Metrics()

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # The rule, never the path: paths have no end and tell of users.
        route = request.url_rule.rule if request.url_rule else "unknown"
        metrics.requests.labels(request.method, route, response.status_code).inc()
        taken = time.perf_counter() - g.started
        metrics.seconds.labels(request.method, route).observe(taken)
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
