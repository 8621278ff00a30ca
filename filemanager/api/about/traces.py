"""Spans of requests, sent to a collector by OpenTelemetry (OTLP over HTTP).

Nothing of it is imported but where an endpoint is set: it is an extra, and takes its time.
"""

import time

from flask import Request

from filemanager.api.about.metrics import series_of
from filemanager.api.about.version import VERSION
from filemanager.api.http.surround import Count, RequestEnd

_FIRST_FAULT = 500


def traced(count: Count, endpoint: str) -> Count:
    """*count*, and a span of each request, as its heads and its route say. Routes have no names of
    users or files in them, and nothing else that was sent is told.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415
    from opentelemetry.trace.propagation import tracecontext  # noqa: PLC0415

    service = Resource.create({"service.name": "filemanager", "service.version": VERSION})
    provider = TracerProvider(resource=service)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("filemanager", VERSION)
    parents = tracecontext.TraceContextTextMapPropagator()

    def count_and_trace(request: Request, end: RequestEnd) -> None:
        count(request, end)
        ended = time.time_ns()
        method, route = series_of(request)
        span = tracer.start_span(
            f"{method} {route}",
            context=parents.extract({"traceparent": request.environ.get("HTTP_TRACEPARENT", "")}),
            kind=SpanKind.SERVER,
            start_time=ended - int(end.seconds * 1e9),
            attributes={
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": end.status,
                "http.request.body.size": end.received_bytes,
                "http.response.body.size": end.sent_bytes,
            },
        )
        if end.status >= _FIRST_FAULT:
            span.set_status(StatusCode.ERROR)
        span.end(ended)

    return count_and_trace
