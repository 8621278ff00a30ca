"""What a request asks of the state of an item: by its own tag, or by the package's revision."""

from dataclasses import replace

from filemanager.domain.packages.data_package import DataPackage, Item
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import AlreadyThere


def ensure_item(preconditions: Preconditions, package: DataPackage, item: Item | None) -> None:
    """Raise ``ResourceChanged`` or, where it was to be new, ``AlreadyThere``."""
    if item is not None and preconditions.asks_for_none:
        raise AlreadyThere(item.path)
    named = preconditions.if_match
    if named is not None and named & package.state.tags:
        preconditions = replace(preconditions, if_match=None)
    preconditions.ensure(None if item is None else item.state)
