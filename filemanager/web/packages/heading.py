"""What every page of a package shows of it."""

from typing import Any

from filemanager.api.http.context import caller
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.packages.pointer import PointerState
from filemanager.web.door import door
from filemanager.web.packages.guard import OfferedPackage


def heading(package_id: str, done: str | None = None) -> dict[str, Any]:
    """*done* is what a link says was done just now."""
    package = door().packages.keeper.get(caller(), DataPackageId(package_id))
    return {
        "package": package,
        "home": f"/packages/{package_id}",
        "title": package.described.name,
        "may": OfferedPackage(package_id),
        "size": shown_size(package.size_bytes),
        "changed": shown_moment(package.changed_at),
        "told": _told(done),
    }


def state_word(state: PointerState) -> str:
    words = {
        PointerState.EXACT: _("Known"),
        PointerState.PENDING: _("Being worked out"),
        PointerState.GONE: _("Gone from its source"),
        PointerState.CHANGED: _("Changed at its source"),
    }
    return words[state]


def _told(done: str | None) -> str:
    """Of what is on this list alone: a link must not put words into our mouth."""
    words = {
        "described": _("It is said so."),
        "written": _("The text is kept."),
        "moved": _("Moved."),
        "deleted": _("Deleted; versions keep what they hold."),
        "added": _("The objects are added."),
        "adding": _("The objects are being added. Look at this page again in a while."),
        "frozen": _("The version is frozen."),
        "freezing": _("The version is frozen as soon as every digest is known."),
        "imported": _("A pointer is added for each reference."),
        "pointed": _("The file of the workspace is an item now."),
        "shared": _("The share is open."),
        "edited": _("The terms of the share are changed."),
        "rotated": _("The share has another link; the one before opens nothing any more."),
        "key-revoked": _("The access key opens nothing any more."),
        "revoked": _("The share is closed for good."),
    }
    return words.get(done or "", "")
