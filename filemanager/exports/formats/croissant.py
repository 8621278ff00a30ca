"""Croissant 1.0: the items as files of a data set for machine learning."""

from collections.abc import Mapping, Sequence
from typing import Any

from filemanager.exports.document import DocumentPart, ExportDocument
from filemanager.exports.json_text import compact, numbered, opened, separated
from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.naming import creators_of, moment_of

# The context that the specification asks for, word by word (Croissant 1.0, "Namespaces").
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def _croissant(edition: Edition) -> Sequence[DocumentPart]:
    def file(number: int, item: ListedItem) -> bytes:
        return compact(_file(number, item, edition.url_of(item.path))) if item.sha256 else b""

    def pending(item: ListedItem) -> bytes:
        # A file object has to have a digest; what has none is told of beside them.
        work = {"@type": "sc:CreativeWork", "name": item.path, "creativeWorkStatus": "pending"}
        return b"" if item.sha256 else compact(work)

    head = opened(_said(edition), "distribution") + b"["
    return (head, numbered(file), b'],"hasPart":[', separated(pending), b"]}\n")


def _said(edition: Edition) -> Mapping[str, Any]:
    described = edition.described
    said = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": described.name,
        "description": described.description,
        "license": described.license,
        "url": edition.base,
        "identifier": described.doi,
        "datePublished": moment_of(edition),
        # The specification wants three numbers (Semantic Versioning 2.0.0).
        "version": "" if edition.number is None else f"{edition.number}.0.0",
        "creator": [{"@type": "sc:Person", "name": name} for name in creators_of(edition)],
        "keywords": list(described.keywords),
    }
    return {name: value for name, value in said.items() if value}


def _file(number: int, item: ListedItem, url: str) -> Mapping[str, Any]:
    """Its id is a number, since an id may hold no blank."""
    return {
        "@type": "cr:FileObject",
        "@id": f"f{number}",
        "name": item.path,
        "contentUrl": url,
        "contentSize": f"{item.size_bytes} B",
        "encodingFormat": item.media_type,
        "sha256": item.sha256,
    }


CROISSANT = ExportDocument("croissant.json", "application/ld+json", _croissant)
