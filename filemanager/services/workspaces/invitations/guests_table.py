"""The guests of an invitation as CSV (RFC 4180), for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from filemanager.domain.caller import Caller
from filemanager.domain.workspaces.invitations.invitation import Invitation
from filemanager.services.workspaces.invitations.inviting import GuestSummary, InvitationService

_PAGE = 1000
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
"""Full-width and small ones too, which some spreadsheets take for the others."""

_RECKONED = re.compile(rf"(?:^|(?<=[;\t\r\n]))(?=[\s\"']*[{_SIGNS}])|^(?=[\t\r\n])")
"""Where a spreadsheet would begin a formula. Where a comma is a decimal point, it splits lines at
semicolons, and takes no quotation mark for one behind the first cell.
"""


def guests_table(
    inviting: InvitationService, caller: Caller, invitation: Invitation
) -> Iterator[str]:
    """A page of guests at a time."""
    asked = invitation.asked
    yield _line(
        ["number", *asked, "state", "files", "bytes", "began", "confirmed", "workspace", "folder"]
    )
    after = 0
    while found := inviting.guests(caller, invitation.id, after, _PAGE):
        yield "".join(_line(_row(one, asked)) for one in found)
        after = found[-1].guest.number


def _row(one: GuestSummary, asked: Iterable[str]) -> list[object]:
    guest, total = one.guest, one.total
    has_confirmed = guest.confirmed_at is not None
    state = "confirmed" if has_confirmed else "handed in" if total.files else "begun"
    return [
        guest.number,
        *(guest.answers.get(name, "") for name in asked),
        state,
        total.files,
        total.size_bytes,
        guest.created_at.isoformat(timespec="seconds"),
        guest.confirmed_at.isoformat(timespec="seconds") if guest.confirmed_at else "",
        guest.workspace_id or "",
        guest.folder or "",
    ]


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow([_cell(str(cell)) for cell in cells])
    return text.getvalue()


def _cell(text: str) -> str:
    return _RECKONED.sub("'", text)
