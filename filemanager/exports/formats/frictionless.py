"""Frictionless Data Package (version 1): what is in a package, with all that is known of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from filemanager.exports.document import DocumentPart, ExportDocument
from filemanager.exports.json_text import compact, numbered, opened
from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.naming import creators_of, moment_of, stem_of


def _package(edition: Edition) -> Sequence[DocumentPart]:
    def resource(number: int, item: ListedItem) -> bytes:
        return compact(_resource(number, item, edition.url_of(item.path)))

    return (opened(_said(edition), "resources") + b"[", numbered(resource), b"]}\n")


def _said(edition: Edition) -> Mapping[str, Any]:
    described = edition.described
    said = {
        "profile": "data-package",
        "name": stem_of(edition).lower(),
        "title": described.name,
        "description": described.description,
        "homepage": edition.base,
        "version": "" if edition.number is None else str(edition.number),
        "created": moment_of(edition),
        "doi": described.doi,
        "licenses": [{"name": described.license}] if described.license else [],
        "contributors": [{"title": name, "role": "author"} for name in creators_of(edition)],
        "keywords": list(described.keywords),
    }
    return {name: value for name, value in said.items() if value}


def _resource(number: int, item: ListedItem, url: str) -> Mapping[str, Any]:
    """Its name is a number, since no path is sure to fit the pattern that names have.

    As a file its size and digest are looked at alone: what rows a table has, nobody has promised.
    """
    return {
        "name": f"f{number}",
        "title": item.path,
        "path": url,
        "type": "file",
        "mediatype": item.media_type,
        "bytes": item.size_bytes,
        **({"hash": f"sha256:{item.sha256}"} if item.sha256 else {"status": "pending"}),
        **({"md5": item.md5} if item.md5 else {}),
        **({"etag": item.etag} if item.etag else {}),
    }


DATA_PACKAGE = ExportDocument("datapackage.json", "application/json", _package)
