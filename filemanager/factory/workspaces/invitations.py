"""The door of invitations."""

from filemanager.api.http.converters import SlugConverter
from filemanager.api.workspaces.invitations.door import InvitationsDoor
from filemanager.api.workspaces.invitations.doorstep import doorstep
from filemanager.api.workspaces.invitations.handing_in import handing_in
from filemanager.api.workspaces.invitations.owning import invitations
from filemanager.domain.uploads.upload import InvitationTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.packages.door import signer_of
from filemanager.factory.parts import clock
from filemanager.factory.workspaces.door import workspace_services
from filemanager.services.workspaces.invitations.inviting import InvitationService
from filemanager.services.workspaces.invitations.opening import InvitationOpening
from filemanager.services.workspaces.invitations.own import HandInService
from filemanager.services.workspaces.invitations.passwords import InvitationPasswords
from filemanager.services.workspaces.invitations.receipts import ReceiptService
from filemanager.services.workspaces.invitations.receiver import InvitationReceiver
from filemanager.services.workspaces.invitations.withdrawing import WithdrawService
from filemanager.signing.passwords import Argon2Passwords


def invitations_door(core: Core) -> Door:
    database, into = core.database, workspace_services(core)
    gives_back = core.settings.invitations.guest_downloads
    receiver = InvitationReceiver(database, into.files, into.workspaces, clock)
    return Door(
        stands_on=InvitationsDoor(
            inviting=InvitationService(database, Argon2Passwords(), clock),
            opening=opening_of(core),
            own=HandInService(database, into.content, clock, gives_back=gives_back),
            withdrawing=WithdrawService(database, core.committer, clock),
            receipts=ReceiptService(database, signer_of(core.settings.packages)),
        ),
        blueprints=(invitations, doorstep, handing_in),
        converters={"invitation_slug": SlugConverter},
        receivers={InvitationTarget: receiver},
    )


def opening_of(core: Core) -> InvitationOpening:
    """Who has a guest's secret, for this door and for the ways in."""
    passwords = InvitationPasswords(core.database, Argon2Passwords(), clock)
    return InvitationOpening(core.database, passwords, clock)
