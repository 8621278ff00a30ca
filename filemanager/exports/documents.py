"""The documents that follow from the items alone, by the names that they are asked for under."""

from collections.abc import Mapping

from filemanager.exports.bag.tags import TAG_FILES
from filemanager.exports.document import ExportDocument
from filemanager.exports.formats.croissant import CROISSANT
from filemanager.exports.formats.stac import STAC_ITEM
from filemanager.exports.lists.registries import REFERENCES, REGISTRY

DOCUMENTS: Mapping[str, ExportDocument] = {
    document.name: document for document in (*TAG_FILES, REGISTRY, REFERENCES, CROISSANT, STAC_ITEM)
}
"""All but a bag's list of its own tag files, which comes with ``planned``."""
