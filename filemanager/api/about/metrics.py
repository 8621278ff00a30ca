"""Counters of what the service does, summed over the workers of a node, and what waits."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import cast

from flask import Flask, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from filemanager.api.about.counts import BUCKETS, Counts, Key, Numbers, Pages, added
from filemanager.api.http.surround import Count
from filemanager.services.health import Load

_EXTENSION = "filemanager-metrics"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NAMES = (*map(float, BUCKETS), "+Inf")


def install(app: Flask, pages: Pages | None = None) -> Count:
    """Gives what counts each answer, in memory that is shared or in this process alone."""
    app.extensions[_EXTENSION] = counts = Counts(pages or Pages.alone())

    def count(request: Request, status: int, seconds: float) -> None:
        # The rule, never the path: paths have no end and tell of users. Methods that only a client
        # knows are one, so that series have an end.
        route = request.url_rule.rule if request.url_rule else "unknown"
        method = request.method if request.method in _METHODS else "other"
        counts.add((method, route, status), seconds)

    return count


def rendered(app: Flask) -> bytes:
    """The metrics of every worker of this node."""
    counts = cast("Counts", app.extensions[_EXTENSION])  # put there above
    registry = CollectorRegistry()
    registry.register(_Requests(counts.summed()))
    return generate_latest(registry)


def rendered_load(load: Load | None) -> bytes:
    """What waits on all nodes; nothing where the database does not answer.

    Asked for each time, so that no process shows what another has done since.
    """
    registry = CollectorRegistry()
    if load is not None:
        registry.register(_Waiting(load))
    return generate_latest(registry)


class _Requests:
    def __init__(self, counts: Mapping[Key, Numbers]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        yield self._requests()
        yield self._seconds()

    def _requests(self) -> Metric:
        labels = ("method", "route", "status")
        family = CounterMetricFamily("filemanager_requests", "Requests.", labels=labels)
        for (method, route, status), (_, *in_buckets) in sorted(self._counts.items()):
            family.add_metric((method, route, str(status)), sum(in_buckets))
        return family

    def _seconds(self) -> Metric:
        name, meaning = "filemanager_request_seconds", "Time to the answer's head."
        family = HistogramMetricFamily(name, meaning, labels=("method", "route"))
        of_routes: dict[tuple[str, str], Numbers] = defaultdict(tuple)
        for (method, route, _), numbers in sorted(self._counts.items()):
            so_far = of_routes[method, route]
            of_routes[method, route] = added(so_far, numbers) if so_far else numbers
        for route_labels, (seconds, *in_buckets) in of_routes.items():
            summed = zip(map(str, _NAMES), accumulate(in_buckets), strict=True)
            family.add_metric(route_labels, list(summed), seconds)
        return family


class _Waiting:
    def __init__(self, load: Load) -> None:
        self._load = load

    def collect(self) -> Iterator[Metric]:
        load = self._load
        seconds = load.oldest_due.total_seconds()
        for name, meaning, value in (
            ("tasks_due", "Tasks that are due and that no worker has.", load.tasks_due),
            ("tasks_oldest_due_seconds", "How long the first of them waits.", seconds),
            ("tasks_failed", "Tasks that were given up.", load.tasks_failed),
            ("tasks_stuck", "Tasks that fail and are tried until done.", load.tasks_stuck),
            ("uploads_open", "Uploads that are not over.", load.open_uploads),
        ):
            yield GaugeMetricFamily(f"filemanager_{name}", meaning, value)
