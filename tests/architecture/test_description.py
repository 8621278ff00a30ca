"""The description of the API gives generated clients names of their own, and readers an example."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has none

from architecture.routes import rules
from filemanager.api.about.examples import Examples
from filemanager.api.about.openapi import document
from filemanager.api.about.sample_requests import REQUESTS
from filemanager.api.about.sample_values import VALUES
from filemanager.api.http.operations import ATTRIBUTE, Operation

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
JSON = ("application/json", "+json")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    return document(app)


@pytest.fixture(scope="module")
def models(described: dict[str, Any]) -> dict[str, Any]:
    return dict(described["components"]["schemas"])


def bodies(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Of requests and answers: where, the media type, the schema."""
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            every = [one.get("requestBody", {}), *one["responses"].values()]
            for content in (body.get("content", {}) for body in every):
                for media, shown in content.items():
                    yield f"{method} {path}", media, shown["schema"]


def test_every_operation_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    ids = Counter(
        one["operationId"] for methods in described["paths"].values() for one in methods.values()
    )

    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name in ids if not name.isidentifier() or not name[0].islower()] == []


def test_no_two_schemas_bear_one_title(described: dict[str, Any]) -> None:
    titles = Counter(titles_of(described["paths"]))
    titles.update(titles_of(described["components"]["schemas"]))

    assert [title for title, count in titles.items() if count > 1] == []


def titles_of(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("title"), str) and "type" in node:
            yield node["title"]
        for name, inner in node.items():
            if name != "examples":
                yield from titles_of(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from titles_of(inner)


def test_every_json_has_an_example(described: dict[str, Any], models: dict[str, Any]) -> None:
    for place, media, schema in bodies(described):
        if media.endswith(JSON) and schema != {"type": "object"}:
            model = models[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            assert model["examples"], f"{place}: {media}"


def test_every_example_fits_its_schema(described: dict[str, Any], models: dict[str, Any]) -> None:
    root = {"components": described["components"]}

    for name, model in models.items():
        for example in model.get("examples", ()):
            Draft202012Validator({**root, **model}).validate(example), name


def test_every_example_of_a_body_is_taken_by_its_model(app: Flask) -> None:
    asked = {one for rule in rules(app) for one in models_of(app, rule.endpoint)}

    for model in asked:
        assert model.model_validate(REQUESTS[model.__name__]), model


def models_of(app: Flask, endpoint: str) -> Iterator[Any]:
    operation: Operation = getattr(app.view_functions[endpoint], ATTRIBUTE)
    if operation.body:
        yield operation.body
    if operation.sends and operation.sends.or_model:
        yield operation.sends.or_model[1]


def test_no_sample_is_of_what_is_not_there(models: dict[str, Any]) -> None:
    fields = {(name, field) for name, one in models.items() for field in one.get("properties", ())}
    known = {f"{name}.{field}" for name, field in fields} | {field for _, field in fields}

    assert set(VALUES) <= known
    assert set(REQUESTS) <= set(models)


def test_a_text_without_a_sample_is_no_example() -> None:
    unknown = {"Unheard": {"properties": {"unheard_of": {"type": "string"}}}}

    with pytest.raises(KeyError, match="unheard_of"):
        Examples(unknown).of_model("Unheard")


def test_bytes_are_said_to_be_bytes(described: dict[str, Any]) -> None:
    for place, media, schema in bodies(described):
        if "$ref" not in schema and not media.endswith(JSON) and media not in FORMS:
            wanted = {"type": "string"}
            if not media.startswith("text/"):
                wanted["format"] = "binary"
            assert schema == wanted, f"{place}: {media}"
