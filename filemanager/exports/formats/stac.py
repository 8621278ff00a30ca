"""A STAC item (1.0.0) of no place, whose assets are the items, with the file extension (2.1.0)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from filemanager.exports.document import DocumentPart, ExportDocument
from filemanager.exports.json_text import compact, opened, separated
from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.naming import moment_of, stem_of

NAME = "stac/item.json"

_LICENSE = re.compile(r"[\w.+-]+", re.ASCII)
"""What the schema takes: an SPDX identifier or a word."""

_SHA256_MULTIHASH = "1220"


def _item(edition: Edition) -> Sequence[DocumentPart]:
    def asset(item: ListedItem) -> bytes:
        made = _asset(item, edition.url_of(item.path))
        return compact(item.path) + b":" + compact(made)

    return (opened(_said(edition), "assets") + b"{", separated(asset), b"}}\n")


def _said(edition: Edition) -> Mapping[str, Any]:
    described = edition.described
    properties = {
        "datetime": moment_of(edition),
        "title": described.name,
        "description": described.description,
        "license": described.license if _LICENSE.fullmatch(described.license) else "",
        "keywords": list(described.keywords),
    }
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": ["https://stac-extensions.github.io/file/v2.1.0/schema.json"],
        "id": stem_of(edition),
        "geometry": None,
        "properties": {name: value for name, value in properties.items() if value},
        "links": [{"rel": "self", "href": f"{edition.base}{NAME}"}],
    }


def _asset(item: ListedItem, url: str) -> Mapping[str, Any]:
    checksum = _SHA256_MULTIHASH + item.sha256 if item.sha256 else None
    return {
        "href": url,
        "title": item.path,
        "type": item.media_type,
        "roles": ["data"],
        "file:size": item.size_bytes,
        **({"file:checksum": checksum} if checksum else {"status": "pending"}),
    }


STAC_ITEM = ExportDocument(NAME, "application/geo+json", _item)
