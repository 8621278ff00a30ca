"""The door of invitations."""

from datetime import timedelta

from filemanager.api.http.converters import SlugConverter
from filemanager.api.workspaces.invitations.door import InvitationsDoor
from filemanager.api.workspaces.invitations.doorstep import doorstep
from filemanager.api.workspaces.invitations.handing_in import handing_in
from filemanager.api.workspaces.invitations.owning import invitations
from filemanager.domain.uploads.targets import InvitationTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.limits import upload_limits
from filemanager.factory.packages.door import signer_of
from filemanager.factory.parts import clock
from filemanager.factory.workspaces.door import workspace_services
from filemanager.jobs.schedule import Periodic
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.targets import Targets
from filemanager.services.workspaces.invitations.inviting import InvitationService
from filemanager.services.workspaces.invitations.opening import InvitationOpening
from filemanager.services.workspaces.invitations.own import HandInService
from filemanager.services.workspaces.invitations.passwords import InvitationPasswords
from filemanager.services.workspaces.invitations.pruning import GuestPruning
from filemanager.services.workspaces.invitations.receipts import ReceiptService
from filemanager.services.workspaces.invitations.receiver import InvitationReceiver
from filemanager.services.workspaces.invitations.whole import WholeHandIn
from filemanager.services.workspaces.invitations.withdrawing import WithdrawService
from filemanager.signing.passwords import Argon2Passwords
from filemanager.web.door import InvitationUses
from filemanager.web.invitations.showing import InvitationPages


def invitations_door(core: Core) -> Door:
    uses = invitation_uses(core)
    known_for = timedelta(days=core.settings.invitations.guest_days)
    pruning = GuestPruning(core.database, clock, known_for)
    has_pages = core.settings.pages.web
    return Door(
        stands_on=InvitationsDoor(
            inviting=uses.inviting,
            opening=uses.opening,
            own=uses.own,
            withdrawing=uses.withdrawing,
            receipts=ReceiptService(core.database, signer_of(core.settings.packages)),
            pages=InvitationPages() if has_pages else None,
        ),
        blueprints=(invitations, doorstep, handing_in),
        converters={"invitation_slug": SlugConverter},
        receivers={InvitationTarget: _receiver(core)},
        periodic=(
            Periodic("end_closed_invitations", timedelta(hours=1), uses.inviting.end_closed),
            Periodic("prune_guests", timedelta(days=1), pruning.prune),
        ),
    )


def invitation_uses(core: Core) -> InvitationUses:
    """What guests and inviters do, in JSON and by pages."""
    database, content = core.database, workspace_services(core).content
    gives_back = core.settings.invitations.guest_downloads
    targets = Targets({InvitationTarget: _receiver(core)})
    limits = upload_limits(core.settings)
    return InvitationUses(
        opening=opening_of(core),
        own=HandInService(database, content, clock, gives_back=gives_back),
        withdrawing=WithdrawService(database, core.committer, clock),
        whole=WholeHandIn(
            UploadService(database, core.blobs, targets, limits, clock),
            ReceivingService(database, core.blobs, core.intake, targets, core.jobs),
        ),
        inviting=InvitationService(database, Argon2Passwords(), clock),
        guests_known_for=timedelta(days=core.settings.invitations.guest_days),
    )


def opening_of(core: Core) -> InvitationOpening:
    """Who has a guest's secret, for this door and for the ways in."""
    passwords = InvitationPasswords(core.database, Argon2Passwords(), clock)
    return InvitationOpening(core.database, passwords, clock)


def _receiver(core: Core) -> InvitationReceiver:
    into = workspace_services(core)
    return InvitationReceiver(core.database, into.files, into.workspaces, clock)
