"""Every document there is, by the name that it is asked for under."""

from collections.abc import Mapping

from filemanager.exports.document import ExportDocument
from filemanager.exports.formats.croissant import CROISSANT
from filemanager.exports.formats.frictionless import DATA_PACKAGE
from filemanager.exports.formats.ro_crate import RO_CRATE
from filemanager.exports.formats.stac import STAC_ITEM
from filemanager.exports.lists.checksums import MD5_SUMS, SHA256_SUMS
from filemanager.exports.lists.downloads import ARIA2, CURL, URLS
from filemanager.exports.lists.metalink import METALINK
from filemanager.exports.lists.registries import REFERENCES, REGISTRY

DOCUMENTS: Mapping[str, ExportDocument] = {
    document.name: document
    for document in (
        URLS,
        ARIA2,
        CURL,
        METALINK,
        SHA256_SUMS,
        MD5_SUMS,
        REGISTRY,
        REFERENCES,
        DATA_PACKAGE,
        RO_CRATE,
        CROISSANT,
        STAC_ITEM,
    )
}
