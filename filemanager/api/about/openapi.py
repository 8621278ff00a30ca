"""The OpenAPI 3.1 document, read off the routes of an app."""

import inspect
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from filemanager.api.about.header_words import HEADERS
from filemanager.api.about.naming import operation_id, operation_names, tag_of, tags
from filemanager.api.about.schemas import Schemas, Wanted, completed, query_schema, schemas_of
from filemanager.api.http.dialects import Dialect, dialect_of
from filemanager.api.http.guards import Capability, Tokens
from filemanager.api.http.idempotency import HEADER as KEY
from filemanager.api.http.operations import ATTRIBUTE, OCTETS, Answer, Body, Operation
from filemanager.api.repositories.guard import Basic, Keeps, OfFile, OpenRepositories

_Json = dict[str, Any]
Route = tuple[Rule, str, Operation]

TITLE = "filemanager"
VERSION = "2"
BESIDE = "."
"""The service is where the document is; a relative URL is resolved against its address."""

_ID: _Json = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
_TEXT: _Json = {"type": "string", "minLength": 1}
_PAGES = "pages."
"""What endpoints of the pages for people begin with."""

_PHRASES = {460: "Checksum Mismatch"}
"""Of statuses that HTTP does not know (tus 1.0)."""

_JSON = re.compile(r"application/(?:[\w.-]+\+)?json")
_VARIABLE = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


class UndescribedRoutes(Exception):
    """Some routes carry no ``@operation``: they would be open to anybody."""


def document(app: Flask) -> _Json:
    """Describe every route of *app*. Raises ``UndescribedRoutes``.

    Routes that only refuse are left out, pages for people, and HEAD where there is a GET.
    """
    routes = [one for one in operations(app) if _is_for_programs(*one)]
    schemas, models = schemas_of(_wanted(app, routes))
    paths = _paths(app, routes, schemas)
    told = tags(app, [rule.endpoint for rule, _, _ in routes])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "description": _first_line("filemanager"),
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BESIDE}],
        "paths": paths,
        "tags": [{"name": name, "description": text} for name, text in told.items()],
        "components": {
            "schemas": completed(paths, models),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "password": {"type": "http", "scheme": "basic"},
            },
            "headers": _headers(paths),
        },
    }


def _paths(app: Flask, routes: Sequence[Route], schemas: Schemas) -> _Json:
    names = operation_names(rule.endpoint for rule, _, _ in routes)
    paths: _Json = {}
    for rule, method, operation in routes:
        methods = paths.setdefault(_VARIABLE.sub(r"{\g<name>}", rule.rule), {})
        made = _described(app, rule, operation, schemas)
        is_only = len(_own_methods(rule)) == 1
        made["operationId"] = operation_id(names[rule.endpoint], method, is_only=is_only)
        methods[method.lower()] = _without_bodies(made) if method == "HEAD" else made
    return paths


def _headers(paths: _Json) -> _Json:
    """Those of answers."""
    answered = {
        name
        for methods in paths.values()
        for described in methods.values()
        for answer in described["responses"].values()
        for name in answer["headers"]
    }
    return {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in HEADERS.items()
        if name in answered
    }


def rendered(described: _Json, server: str = BESIDE) -> str:
    """A document as it is served and committed: the same text for the same routes."""
    told = {**described, "servers": [{"url": server}]}
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def operations(app: Flask) -> Iterator[Route]:
    """Every route with its methods, but OPTIONS and HEAD beside GET.

    Raises ``UndescribedRoutes``.
    """
    bare = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
        if rule.endpoint.rpartition(".")[2] == "static":
            continue
        operation = getattr(app.view_functions[rule.endpoint], ATTRIBUTE, None)
        if operation is None:
            bare.append(rule.rule)
            continue
        for method in sorted(_own_methods(rule)):
            yield rule, method, operation
    if bare:
        raise UndescribedRoutes(", ".join(bare))


def _is_for_programs(rule: Rule, method: str, operation: Operation) -> bool:
    """Whether there is anything to call: a route that catches the rest only refuses, and a page
    takes the cookie of a browser in place of a token.
    """
    del method
    is_page = rule.endpoint.startswith(_PAGES) and operation.guard.tokens is not Tokens.NEEDED
    return min(operation.answers) < HTTPStatus.BAD_REQUEST and not is_page


def _own_methods(rule: Rule) -> set[str]:
    """HEAD is described with GET, where there is one."""
    methods = (rule.methods or set()) - {"OPTIONS"}
    return methods - {"HEAD"} if "GET" in methods else methods


def _wanted(app: Flask, routes: Sequence[Route]) -> set[Wanted]:
    operations = [operation for _, _, operation in routes]
    sent = {a.model for op in operations for a in op.answers.values() if a.model}
    sent |= {dialect_of(app, rule.rule, rule.endpoint).model for rule, _, _ in routes}
    read = {model for op in operations for model in (op.body, op.query) if model}
    read |= {op.sends.or_model[1] for op in operations if op.sends and op.sends.or_model}
    return {(model, "serialization") for model in sent} | {(model, "validation") for model in read}


def _described(app: Flask, rule: Rule, operation: Operation, schemas: Schemas) -> _Json:
    view = app.view_functions[rule.endpoint]
    if "capability" in rule.arguments:
        # Of routes that lie below a secret and elsewhere too, no token is read there.
        guard = Capability("the secret is in the path")
        errors = (*operation.errors, HTTPStatus.NOT_FOUND)
        operation = replace(operation, guard=guard, errors=errors)
    summary, _, description = (inspect.getdoc(view) or rule.endpoint).partition("\n")
    made: _Json = {
        "summary": summary,
        "description": description.strip(),
        "tags": [tag_of(rule.endpoint)],
        "parameters": [*_in_path(rule), *_in_query(operation), *_in_headers(operation)],
        "responses": _responses(dialect_of(app, rule.rule, rule.endpoint), operation, schemas),
    }
    made["security"] = _security(operation)
    if operation.sends:
        made["requestBody"] = {"required": True, "content": _sent(operation.sends, schemas)}
    if operation.body:
        body = {"application/json": {"schema": schemas[operation.body, "validation"]}}
        made["requestBody"] = {"required": False, "content": body}
    return made


def _sent(body: Body, schemas: Schemas) -> _Json:
    content: _Json = {body.media: {"schema": dict(body.schema) or _unmodelled(body.media)}}
    if body.or_model is not None:
        media, model = body.or_model
        content[media] = {"schema": schemas[model, "validation"]}
    return content


def _security(operation: Operation) -> list[_Json]:
    if operation.guard.tokens is Tokens.UNREAD:
        return [{}]
    scope = operation.guard.scope
    needed: list[_Json] = [{"token": [scope] if scope else []}]
    if isinstance(operation.guard, Basic | Keeps | OfFile | OpenRepositories):
        needed.append({"password": []})
    return needed if operation.guard.tokens is Tokens.NEEDED else [{}, *needed]


def _without_bodies(described: _Json) -> _Json:
    answers = {
        status: {name: value for name, value in answer.items() if name != "content"}
        for status, answer in described["responses"].items()
    }
    return {**described, "responses": answers}


def _in_path(rule: Rule) -> Iterator[_Json]:
    for found in _VARIABLE.finditer(rule.rule):
        schema = _ID if found["converter"] == "id" else _TEXT
        yield {"name": found["name"], "in": "path", "required": True, "schema": dict(schema)}


def _in_query(operation: Operation) -> Iterator[_Json]:
    schema = query_schema(operation.query) if operation.query else {}
    for name, value in schema.get("properties", {}).items():
        is_required = name in schema.get("required", ())
        yield {"name": name, "in": "query", "required": is_required, "schema": value}


def _in_headers(operation: Operation) -> Iterator[_Json]:
    for name in operation.accepts:
        yield {
            "name": name,
            "in": "header",
            "required": False,
            "description": HEADERS[name],
            "schema": {"type": "string"},
        }


def _responses(dialect: Dialect, operation: Operation, schemas: Schemas) -> _Json:
    answers = {**_conditional(operation), **operation.answers}
    made = {str(status): _answer(status, a, schemas) for status, a in answers.items()}
    for status in _refusals(operation):
        refusal = Answer(dialect.model, dialect.media, _refusal_headers(operation, status))
        made[str(status)] = _answer(status, refusal, schemas)
    return dict(sorted(made.items()))


def _conditional(operation: Operation) -> dict[int, Answer]:
    """The answers that a download's conditions may choose instead of the whole."""
    whole = operation.answers.get(HTTPStatus.OK)
    if whole is None or "Range" not in operation.accepts:
        return {}
    part = replace(whole, headers=(*whole.headers, "Content-Range"))
    return {
        HTTPStatus.PARTIAL_CONTENT: part,
        HTTPStatus.NOT_MODIFIED: Answer(headers=("ETag",)),
    }


def _refusals(operation: Operation) -> list[int]:
    implied = {401, 403, 503} if operation.guard.scope else {401, 503}
    if operation.guard.tokens is Tokens.UNREAD:
        implied = {503}
    if operation.query or operation.body:
        implied.add(422)
    if operation.body:
        implied |= {400, 413, 415}
    if "If-Match" in operation.accepts:
        implied.add(412)
    if "Range" in operation.accepts:
        implied.add(416)
    if KEY in operation.accepts:
        implied |= {400, 409, 413, 422}
    return sorted({*operation.errors, *implied} - set(operation.answers))


def _refusal_headers(operation: Operation, status: int) -> tuple[str, ...]:
    if status in (401, 403) and operation.guard.tokens is Tokens.NEEDED:
        return ("WWW-Authenticate",)
    if status == HTTPStatus.CONFLICT and KEY in operation.accepts:
        return ("Retry-After",)
    return {503: ("Retry-After",), 416: ("Content-Range",)}.get(status, ())


def _answer(status: int, answer: Answer, schemas: Schemas) -> _Json:
    made: _Json = {"description": _PHRASES.get(status) or HTTPStatus(status).phrase}
    if answer.model:
        made["content"] = {answer.media: {"schema": schemas[answer.model, "serialization"]}}
    elif answer.media != "application/json":
        made["content"] = {answer.media: {"schema": _unmodelled(answer.media)}}
    for media in answer.or_media:
        made["content"][media] = {"schema": _unmodelled(media)}
    made["headers"] = {
        name: {"$ref": f"#/components/headers/{name}"} for name in (*answer.headers, "X-Request-ID")
    }
    return made


def _unmodelled(media: str) -> _Json:
    """What is known of a body by its type alone."""
    if _JSON.fullmatch(media):
        return {"type": "object"}
    return {"type": "string"} if media.startswith("text/") else dict(OCTETS)


def _first_line(module: str) -> str:
    return (inspect.getdoc(sys.modules[module]) or "").partition("\n")[0]
