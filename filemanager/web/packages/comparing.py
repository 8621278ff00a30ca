"""What differs between two versions of a package, and what was signed of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import cursor_of, text_of
from filemanager.api.http.responses import represent
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import _, change_word, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.ids import MAX_ID
from filemanager.domain.packages.data_package import DataPackageId, Item, ItemDifference
from filemanager.services.packages.browsing import SourceNames
from filemanager.web.door import door
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading, state_word
from filemanager.web.packages.showing import place_word
from filemanager.web.session.pages import MOVED, NEVER_KEPT, PAGE, page

comparing = Blueprint("package_versions", __name__, url_prefix="/packages/<package:package_id>")

_READS = OpensPackage(Scope.PACKAGE_READ)
_ROWS = 1000


class VersionsComparedQuery(Wish):
    """Numbers; without one it is what the package holds now."""

    from_: str = Field("", alias="from", max_length=20, pattern="^[0-9]*$")
    to: str = Field("", max_length=20, pattern="^[0-9]*$")
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class ShownEnd:
    """What an item is in one of the two versions."""

    place: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ComparedItem:
    path: str
    change: str
    old: ShownEnd | None
    new: ShownEnd | None


@comparing.get("/diff")
@operation(guard=_READS, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_version_difference(package_id: str, query: VersionsComparedQuery) -> ResponseReturnValue:
    """Show which items were added, changed and taken out between two versions."""
    numbers = _number(query.from_), _number(query.to)
    found, sources = door().packages.browser.differences(
        caller(), DataPackageId(package_id), numbers, (text_of(query.cursor) or None, _ROWS + 1)
    )
    shown = found[:_ROWS]
    old, new = map(_name, numbers)
    return page(
        "package_differences.html",
        **heading(package_id),
        old=old,
        new=new,
        differences=[_compared(one, sources) for one in shown],
        more=_next(query, shown) if len(found) > _ROWS else None,
    )


@comparing.get("/versions/<id:number>/statement.json")
@operation(
    guard=_READS,
    errors=(403, 404),
    answers={200: Answer(headers=("Content-Disposition",)), 303: MOVED},
)
def download_statement(package_id: str, number: int) -> ResponseReturnValue:
    """Get what was frozen, signed: a DSSE envelope over an in-toto Statement."""
    identity = DataPackageId(package_id)
    signed: Mapping[str, object] = door().packages.statements.get(
        caller(), identity, min(number, MAX_ID)
    )
    name = {"Content-Disposition": 'attachment; filename="statement.json"'}
    return represent(signed, headers={**name, **NEVER_KEPT})


def _number(text: str) -> int | None:
    """Nothing has a number beyond 63 bits."""
    return min(int(text), MAX_ID) if text else None


def _name(number: int | None) -> str:
    return _("now") if number is None else _("version %(number)d") % {"number": number}


def _next(query: VersionsComparedQuery, shown: Sequence[ItemDifference]) -> str:
    asked = {"from": query.from_, "to": query.to, "cursor": cursor_of(shown[-1].path)}
    return f"?{urlencode(asked)}"


def _compared(found: ItemDifference, sources: SourceNames) -> ComparedItem:
    change = change_word(was=found.old is not None, stays=found.new is not None)
    old, new = (_end(one, sources) for one in (found.old, found.new))
    return ComparedItem(found.path, change, old, new)


def _end(item: Item | None, sources: SourceNames) -> ShownEnd | None:
    if item is None:
        return None
    known = item.sha256 or state_word(item.digest_state)
    return ShownEnd(place_word(item, sources), shown_size(item.size_bytes), known)
