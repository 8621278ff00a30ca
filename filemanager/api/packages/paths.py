"""What may stand in the paths of data packages."""

from werkzeug.routing import BaseConverter

from filemanager.domain.packages.data_package import ItemNotFound
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath


class PackageIdConverter(BaseConverter):
    """32 hex digits: what stands behind a colon is no part of them."""

    regex = r"[0-9a-f]{32}"


def item_path(path: str) -> TreePath:
    """A path in the URL that no package can hold is an unknown one. Raises ``ItemNotFound``."""
    try:
        return TreePath.parse(path)
    except PathRefused as refused:
        raise ItemNotFound(path) from refused
