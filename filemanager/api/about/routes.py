"""The service about itself: probes, metrics, the description of its API."""

import json
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask.typing import ResponseReturnValue

from filemanager.api.about.code_words import CodeUnknown, error_words, finding_words
from filemanager.api.about.described import described
from filemanager.api.about.door import door
from filemanager.api.about.guard import ReadsMetrics
from filemanager.api.about.metrics import rendered, rendered_load
from filemanager.api.about.openapi import BESIDE
from filemanager.api.about.openapi import rendered as rendered_openapi
from filemanager.api.about.views import HealthView, LoadView, ServiceDescription
from filemanager.api.http.context import base_url, services
from filemanager.api.http.guards import Public
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.reads import read_text
from filemanager.api.http.responses import represent
from filemanager.api.pages.frames import framed_text, page_headers
from filemanager.api.pages.texts import language
from filemanager.domain.caller import Caller, Scope

about = Blueprint("about", __name__)


@about.get("/livez")
@operation(guard=Public("probes have no token"), answers={200: Answer(HealthView)})
def check_liveness() -> ResponseReturnValue:
    """Say that the process answers."""
    return represent(HealthView(ready=True))


@about.get("/readyz")
@operation(
    guard=Public("probes have no token; the parts are shown to operators only"),
    answers={200: Answer(HealthView), 503: Answer(HealthView)},
)
def check_readiness() -> ResponseReturnValue:
    """Say whether database, store, queue, scratch space and clock are fit for work."""
    health = door().health.check()
    asking = g.get("caller")
    is_operator = isinstance(asking, Caller) and asking.holds(Scope.READ_SERVICE_LOGS)
    shown = HealthView(ready=health.is_ready)
    if is_operator:
        shown = HealthView(ready=health.is_ready, parts=health.parts, load=_load())
    return represent(shown, HTTPStatus.OK if health.is_ready else HTTPStatus.SERVICE_UNAVAILABLE)


@about.get("/metrics")
@operation(guard=ReadsMetrics(Scope.READ_SERVICE_LOGS), answers={200: Answer(media="text/plain")})
def get_metrics() -> ResponseReturnValue:
    """Give the metrics of all workers of this node, and what waits on all, for Prometheus."""
    body = rendered(current_app) + rendered_load(door().health.load(), door().periods)
    return Response(body, mimetype="text/plain; version=0.0.4")


@about.get("/openapi.json")
@operation(
    guard=Public("a description of routes, not of data"),
    accepts=("If-None-Match",),
    answers={200: Answer(ServiceDescription, headers=("ETag",)), 304: Answer(headers=("ETag",))},
)
def get_openapi() -> ResponseReturnValue:
    """Describe every route."""
    known, server = described(current_app), _server()
    text = known.text("json", server, lambda: rendered_openapi(known.document, server))
    return read_text(text, "application/json")


@about.get("/docs")
@operation(
    guard=Public("a description of routes, not of data"),
    accepts=("If-None-Match",),
    answers={200: Answer(media="text/html", headers=("ETag",)), 304: Answer(headers=("ETag",))},
)
def show_docs() -> ResponseReturnValue:
    """Show the description for reading, without any outside request."""
    known = described(current_app)
    return _page(known.text(f"page {language()}", _server(), lambda: _docs(known.document)))


def _docs(shown: dict[str, Any]) -> str:
    """Kept for others, so that nothing of the query is in it."""
    return framed_text(
        "docs.html",
        asked_again="/docs",
        document=shown,
        errors=error_words(),
        findings=finding_words(),
        written=partial(json.dumps, indent=1, ensure_ascii=False),
    )


@about.get("/docs/problems/<code>")
@operation(
    guard=Public("a description of codes, not of data"),
    accepts=("If-None-Match",),
    answers={200: Answer(media="text/html", headers=("ETag",)), 304: Answer(headers=("ETag",))},
    errors=(404,),
)
def explain_problem(code: str) -> ResponseReturnValue:
    """Say what a refusal of this code means; its ``type`` leads here."""
    found = error_words().get(code)
    if found is None:
        raise CodeUnknown
    return _page(framed_text("docs_code.html", code=code, problem=found))


@about.get("/docs/findings/<code>")
@operation(
    guard=Public("a description of codes, not of data"),
    accepts=("If-None-Match",),
    answers={200: Answer(media="text/html", headers=("ETag",)), 304: Answer(headers=("ETag",))},
    errors=(404,),
)
def explain_finding(code: str) -> ResponseReturnValue:
    """Say what a finding of this code means; its ``help`` leads here."""
    words = finding_words().get(code)
    if words is None:
        raise CodeUnknown
    return _page(framed_text("docs_code.html", code=code, words=words))


def _page(text: str) -> Response:
    return read_text(text, "text/html", headers={**page_headers(), "Content-Language": language()})


def _server() -> str:
    """By its whole address where that is known for sure."""
    return base_url() if services().public_url or request.script_root else BESIDE


def _load() -> LoadView | None:
    load = door().health.load()
    if load is None:
        return None
    return LoadView(
        tasks_due=load.tasks_due,
        oldest_due_seconds=load.oldest_due.total_seconds(),
        tasks_failed=load.tasks_failed,
        tasks_stuck=load.tasks_stuck,
        open_uploads=load.open_uploads,
    )
