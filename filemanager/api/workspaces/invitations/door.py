"""What the routes of invitations stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.services.workspaces.invitations.inviting import InvitationService
from filemanager.services.workspaces.invitations.opening import InvitationOpening
from filemanager.services.workspaces.invitations.own import HandInService
from filemanager.services.workspaces.invitations.receipts import ReceiptService
from filemanager.services.workspaces.invitations.withdrawing import WithdrawService


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsDoor:
    inviting: InvitationService
    opening: InvitationOpening
    own: HandInService
    withdrawing: WithdrawService
    receipts: ReceiptService


def door() -> InvitationsDoor:
    return door_of(InvitationsDoor)
