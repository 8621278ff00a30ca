"""The JSON Schemas of what is sent and answered, each with an example and the codes there are."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from filemanager.api.about.code_words import error_words, finding_words
from filemanager.api.about.examples import Examples

_Json = dict[str, Any]
Schemas = Mapping[tuple[Any, str], _Json]
Wanted = tuple[type[BaseModel], JsonSchemaMode]

_REF = "#/components/schemas/"

_CODES = {
    ("Problem", "code"): error_words,
    ("JobError", "code"): error_words,
    ("UploadError", "code"): error_words,
    ("FindingView", "code"): finding_words,
    ("AlteredView", "code"): finding_words,
}
"""More codes come with time. An enumeration would make older clients fail on them."""


class _Untitled(GenerateJsonSchema):
    """Generated clients would call classes after the titles of fields, which are often the same."""

    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False


def schemas_of(wanted: Collection[Wanted]) -> tuple[Schemas, _Json]:
    """A reference for each of *wanted*, and the components that those are of."""
    in_order: Any = sorted(wanted, key=str)
    found, definitions = models_json_schema(
        in_order, ref_template=f"{_REF}{{model}}", schema_generator=_Untitled
    )
    schemas: Any = found
    return schemas, definitions.get("$defs", {})


def query_schema(model: type[BaseModel]) -> _Json:
    return model.model_json_schema(ref_template=f"{_REF}{{model}}", schema_generator=_Untitled)


def completed(described: object, components: _Json) -> _Json:
    """Those of *components* that *described* leads to, with codes and an example of each model."""
    names = _reached(described, components)
    found = {name: dict(schema) for name, schema in components.items() if name in names}
    for (model, field), words in _CODES.items():
        if model in found:
            found[model]["properties"][field]["x-extensible-enum"] = list(words())
    examples = Examples(found)
    for name, schema in found.items():
        if "properties" in schema:
            schema["examples"] = [examples.of_model(name)]
    return found


def _reached(described: object, components: _Json) -> set[str]:
    found: set[str] = set()
    waiting = list(_references(described))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(components[name])
    return found


def _references(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(_REF):
            yield reference.removeprefix(_REF)
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)
