"""Counters of what the service does, summed over the workers of a node, and what waits."""

import platform
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Any, cast

from flask import Flask, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from filemanager.api.about.counts import BUCKETS, Counts, Key, Numbers, Pages, added
from filemanager.api.about.figures import Figure, Figures
from filemanager.api.about.version import VERSION
from filemanager.api.http.surround import Count, RequestEnd
from filemanager.domain.jobs.job import JobState
from filemanager.services.health import Load

_COUNTS = "filemanager-metrics"
_FIGURES = "filemanager-figures"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_RECEIVED = Figure(
    "received_bytes", "Bytes of requests' bodies, as their heads say.", is_total=True
)
_SENT = Figure("sent_bytes", "Bytes of answers' bodies, as their heads say.", is_total=True)
_NAMES = (*map(float, BUCKETS), "+Inf")


def begin(app: Flask, kinds: Sequence[Figure], pages: Pages | None = None) -> None:
    """Count from nothing, in memory that is shared or in this process alone."""
    pages = pages or Pages.alone()
    app.extensions[_COUNTS] = Counts(pages)
    app.extensions[_FIGURES] = Figures(pages, (_RECEIVED, _SENT, *kinds))


def counting(app: Flask) -> Count:
    """What counts each answer; ``begin`` comes before the first."""

    def count(request: Request, outcome: RequestEnd) -> None:
        counts: Counts = app.extensions[_COUNTS]
        figures: Figures = app.extensions[_FIGURES]
        method, route = series_of(request)
        counts.add((method, route, outcome.status), outcome.seconds)
        if outcome.received_bytes:
            figures.add(_RECEIVED, outcome.received_bytes)
        if outcome.sent_bytes:
            figures.add(_SENT, outcome.sent_bytes)

    return count


def series_of(request: Request) -> tuple[str, str]:
    """Method and route: never the path, since paths have no end and tell of users. Methods that
    only a client knows are one, so that series have an end.
    """
    route = request.url_rule.rule if request.url_rule else "unknown"
    return (request.method if request.method in _METHODS else "other"), route


def rendered(app: Flask) -> bytes:
    """The metrics of every worker of this node."""
    counts: Counts = app.extensions[_COUNTS]
    registry = CollectorRegistry()
    registry.register(_Requests(counts.summed()))
    registry.register(_Processes(figures_of(app)))
    return generate_latest(registry)


def figures_of(app: Flask) -> Figures:
    """For whoever runs a process: it looks at them now and then."""
    return cast("Figures", app.extensions[_FIGURES])  # put there above


def rendered_load(load: Load | None, periods: Mapping[str, timedelta]) -> bytes:
    """What waits on all nodes, and when each periodic work was begun that is done once in its
    period; nothing where the database does not answer.

    Asked for each time, so that no process shows what another has done since.
    """
    registry = CollectorRegistry()
    if load is not None:
        registry.register(_Waiting(load))
        registry.register(_Upkeep(load, periods))
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
        jobs = GaugeMetricFamily("filemanager_jobs", "Jobs that are not done.", labels=("state",))
        for state in (JobState.WAITING, JobState.RUNNING, JobState.FAILED):
            jobs.add_metric((state,), load.jobs.get(state, 0))
        yield jobs


class _Upkeep:
    def __init__(self, load: Load, periods: Mapping[str, timedelta]) -> None:
        self._load = load
        self._periods = periods

    def collect(self) -> Iterator[Metric]:
        name, meaning = "filemanager_blobs_quarantined", "Blobs whose bytes were found damaged."
        yield GaugeMetricFamily(name, meaning, self._load.quarantined_blobs)
        begun = GaugeMetricFamily(
            "filemanager_periodic_begun_timestamp_seconds",
            "The begin of the last period whose work was begun, on whatever node.",
            labels=("name",),
        )
        for one, period in sorted(self._periods.items()):
            if one in self._load.slots:
                begun.add_metric((one,), self._load.slots[one] * period.total_seconds())
        yield begun


class _Processes:
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily(
            "filemanager_build_info", "What runs.", labels=("version", "python")
        )
        build.add_metric((VERSION, platform.python_version()), 1)
        yield build
        families: dict[str, Any] = {}
        for kind, value in self._figures.summed().items():
            labels, values = ((kind.label[0],), (kind.label[1],)) if kind.label else ((), ())
            if kind.name not in families:
                make = CounterMetricFamily if kind.is_total else GaugeMetricFamily
                families[kind.name] = make(f"filemanager_{kind.name}", kind.meaning, labels=labels)
            families[kind.name].add_metric(values, value)
        yield from families.values()
