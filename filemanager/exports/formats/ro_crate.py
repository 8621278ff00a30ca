"""RO-Crate 1.2: the items as data entities on the web."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from filemanager.exports.document import DocumentPart, ExportDocument
from filemanager.exports.json_text import compact, opened, separated
from filemanager.exports.listing import Edition, ListedItem
from filemanager.exports.naming import creators_of, moment_of

_SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_DESCRIPTOR = {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    "conformsTo": {"@id": _SPECIFICATION},
    "about": {"@id": "./"},
}
_HEAD = opened({"@context": f"{_SPECIFICATION}/context"}, "@graph") + b"["


def _crate(edition: Edition) -> Sequence[DocumentPart]:
    def reference(item: ListedItem) -> bytes:
        return compact({"@id": edition.url_of(item.path)})

    def file(item: ListedItem) -> bytes:
        return b",\n" + compact(_file(item, edition.url_of(item.path)))

    root = _HEAD + compact(_DESCRIPTOR) + b",\n" + opened(_root(edition), "hasPart") + b"["
    creators = b"".join(b",\n" + compact(one) for one in _creators(edition))
    return (root, separated(reference), b"]}" + creators, file, b"]}\n")


def _root(edition: Edition) -> Mapping[str, Any]:
    described = edition.described
    said = {
        "@id": "./",
        "@type": "Dataset",
        "name": described.name,
        "description": described.description,
        "datePublished": moment_of(edition),
        "version": "" if edition.number is None else str(edition.number),
        "license": described.license,
        "identifier": described.doi,
        "url": edition.base,
        "keywords": list(described.keywords),
        "author": [{"@id": one["@id"]} for one in _creators(edition)],
    }
    return {name: value for name, value in said.items() if value}


def _creators(edition: Edition) -> Iterable[Mapping[str, str]]:
    for number, name in enumerate(creators_of(edition)):
        yield {"@id": f"#creator-{number}", "@type": "Person", "name": name}


def _file(item: ListedItem, url: str) -> Mapping[str, Any]:
    known = {"sha256": item.sha256} if item.sha256 else {"creativeWorkStatus": "pending"}
    return {
        "@id": url,
        "@type": "File",
        "name": item.path,
        "localPath": item.path,
        "contentSize": str(item.size_bytes),
        "encodingFormat": item.media_type,
        **known,
    }


RO_CRATE = ExportDocument("ro-crate-metadata.json", "application/ld+json", _crate)
