"""An example of each model: bodies as they are written down, answers field by field."""

from typing import Any

from filemanager.api.about.sample_requests import REQUESTS
from filemanager.api.about.sample_values import NOW, VALUES

_Json = dict[str, Any]

_TYPES = {
    bool: "boolean", dict: "object", int: "integer", list: "array", str: "string",
    type(None): "null",
}  # fmt: skip
_OF_TYPES = {"boolean": False, "integer": 1, "number": 0.5, "null": None}


class Examples:
    """Raises ``KeyError`` of a text that has no sample."""

    def __init__(self, components: _Json) -> None:
        self._components = components

    def of_model(self, name: str) -> Any:
        schema = self._components[name]
        if name in REQUESTS:
            return REQUESTS[name]
        if "properties" not in schema:
            return self._of_schema(schema, name)
        return {
            field: self._of_field(name, field, one) for field, one in schema["properties"].items()
        }

    def _of_field(self, model: str, field: str, schema: _Json) -> Any:
        if f"{model}.{field}" in VALUES:
            return VALUES[f"{model}.{field}"]
        # A name of several fields is of those of one type.
        if field in VALUES and _is_of_type(VALUES[field], schema):
            return VALUES[field]
        return self._of_schema(schema, field)

    def _of_schema(self, schema: _Json, place: str) -> Any:
        if "$ref" in schema:
            return self.of_model(schema["$ref"].rpartition("/")[2])
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        if "anyOf" in schema:
            return self._of_schema(schema["anyOf"][0], place)
        return self._of_type(schema, place)

    def _of_type(self, schema: _Json, place: str) -> Any:
        kind = schema.get("type")
        if kind == "array":
            members = schema.get("prefixItems") or [schema["items"]]
            return [self._of_schema(member, place) for member in members]
        if kind == "object":
            inner = schema.get("additionalProperties")
            return {"f.csv": self._of_schema(inner, place)} if isinstance(inner, dict) else {}
        if schema.get("format") == "date-time":
            return NOW
        return _OF_TYPES[kind] if kind in _OF_TYPES else VALUES[place]


def _is_of_type(value: object, schema: _Json) -> bool:
    kinds = [schema, *schema.get("anyOf", ())]
    is_plain = not any({"enum", "const"} & set(one) for one in kinds)
    return is_plain and _TYPES[type(value)] in {one.get("type") for one in kinds}
