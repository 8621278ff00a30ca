"""What the routes of invitations stand on."""

from dataclasses import dataclass
from typing import Protocol

from flask import Response

from filemanager.api.http.context import door_of
from filemanager.api.http.preferences import names_html
from filemanager.domain.workspaces.invitations.invitation import Invitation
from filemanager.services.workspaces.invitations.inviting import InvitationService
from filemanager.services.workspaces.invitations.opening import InvitationOpening
from filemanager.services.workspaces.invitations.own import Belongings, HandInService
from filemanager.services.workspaces.invitations.receipts import ReceiptService
from filemanager.services.workspaces.invitations.withdrawing import WithdrawService


class GuestPages(Protocol):
    """What browsers get in place of JSON."""

    def invitation(self, invitation: Invitation) -> Response: ...
    def guest(self, own: Belongings, place: str) -> Response: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsDoor:
    """``pages`` None: pages are turned off."""

    inviting: InvitationService
    opening: InvitationOpening
    own: HandInService
    withdrawing: WithdrawService
    receipts: ReceiptService
    pages: GuestPages | None


def pages() -> GuestPages | None:
    """For whoever names HTML."""
    return door().pages if names_html() else None


def door() -> InvitationsDoor:
    return door_of(InvitationsDoor)
