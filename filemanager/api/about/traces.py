"""Spans of requests, sent to a collector by OpenTelemetry (OTLP over HTTP).

Nothing of it is imported but where an endpoint is set: it is an extra, and takes its time.
"""

import time
from typing import Any

from flask import Request

from filemanager.api.about.metrics import series_of
from filemanager.api.about.version import VERSION
from filemanager.api.http.surround import Count, RequestEnd

_FIRST_FAULT = 500


def traced(count: Count, endpoint: str) -> Count:
    """*count*, and a span of each request, as its heads and its route say. Routes have no names of
    users or files in them, and nothing else that was sent is told.
    """
    from opentelemetry.propagate import extract as context_of  # noqa: PLC0415
    from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

    tracer = _tracer(endpoint)

    def count_and_trace(request: Request, end: RequestEnd) -> None:
        count(request, end)
        ended = time.time_ns()
        span = tracer.start_span(
            " ".join(series_of(request)),
            context=context_of({"traceparent": request.environ.get("HTTP_TRACEPARENT", "")}),
            kind=SpanKind.SERVER,
            start_time=ended - int(end.seconds * 1e9),
            attributes=_attributes(request, end),
        )
        if end.status >= _FIRST_FAULT:
            span.set_status(StatusCode.ERROR)
        span.end(ended)

    return count_and_trace


def _tracer(endpoint: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    service = Resource.create({"service.name": "filemanager", "service.version": VERSION})
    provider = TracerProvider(resource=service)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer("filemanager", VERSION)


def _attributes(request: Request, end: RequestEnd) -> dict[str, str | int]:
    """By the names of OpenTelemetry's conventions for HTTP."""
    method, route = series_of(request)
    return {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": end.status,
        "http.request.body.size": end.received_bytes,
        "http.response.body.size": end.sent_bytes,
    }
