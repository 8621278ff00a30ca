"""The port of invitations: their rows, their guests, and what those handed in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, GuestId, WorkspaceId
from filemanager.domain.workspaces.invitations.guest import GuestFile, HandedIn, InvitedGuest
from filemanager.domain.workspaces.invitations.invitation import Invitation, InvitationId


class InvitedGuests(Protocol):
    def add(self, guest: InvitedGuest, digest: Digest) -> InvitedGuest:
        """The id given in it is ignored. *digest* is all that is kept of the secret."""

    def find(self, digest: Digest) -> InvitedGuest | None: ...

    def get(self, guest_id: GuestId) -> InvitedGuest:
        """Raises ``GuestUnknown``."""

    def lock(self, guest_id: GuestId) -> InvitedGuest:
        """``get``, holding off whatever else changes what this guest has, until the transaction
        ends.
        """

    def page(self, invitation_id: InvitationId, after: int, limit: int) -> Sequence[InvitedGuest]:
        """By number, those behind *after*."""

    def have_folders(self, workspace_id: WorkspaceId) -> bool:
        """Whether guests hand into folders of that workspace."""

    def save(self, guest: InvitedGuest) -> None:
        """Write its workspace and when it confirmed."""

    def ended(self, before: datetime, limit: int) -> Sequence[InvitedGuest]:
        """Those whose invitation was closed or revoked by then, and who are not forgotten."""

    def forget(self, guest: InvitedGuest) -> None:
        """Drop the guest, whose files were dropped; of one with a folder that it is his folder
        stays, and nothing that he told or that opens it.
        """


class GuestFiles(Protocol):
    def of(self, guest_id: GuestId) -> Sequence[GuestFile]:
        """By path."""

    def at(self, guest_id: GuestId, paths: Collection[str]) -> Mapping[str, GuestFile]:
        """Those of *paths* that the guest has a file at."""

    def put(self, guest_id: GuestId, files: Sequence[GuestFile]) -> None:
        """The paths are free."""

    def drop(self, guest_id: GuestId, paths: Collection[str]) -> None: ...

    def drop_all(self, guest_id: GuestId) -> None: ...

    def totals(self, guest_ids: Collection[GuestId]) -> Mapping[GuestId, HandedIn]:
        """Of those that have any."""


class Invitations(Protocol):
    @property
    def guests(self) -> InvitedGuests: ...
    @property
    def files(self) -> GuestFiles: ...

    def add(self, invitation: Invitation) -> Invitation:
        """The id given in it is ignored. Raises ``InvitationSlugTaken``, also by one that was
        revoked.
        """

    def get(self, invitation_id: InvitationId) -> Invitation:
        """Raises ``InvitationUnknown``. A revoked one is found."""

    def lock(self, invitation_id: InvitationId) -> Invitation:
        """``get``, holding off every other writer of this invitation until the transaction ends."""

    def find(self, slug: str) -> Invitation | None:
        """A revoked one too."""

    def page(self, owner: Owner, after: int, limit: int) -> Sequence[Invitation]:
        """Those that are not revoked, by id, behind *after*."""

    def closed(self, since: datetime | None, until: datetime) -> Sequence[Invitation]:
        """Those that are not revoked and closed after *since*, not after *until*."""

    def count(self, owner: Owner) -> int:
        """Those that are not revoked."""

    def save(self, invitation: Invitation) -> None:
        """Write everything but id, slug, workspace, profile, count of guests and time of making."""

    def next_number(self, invitation_id: InvitationId) -> int:
        """Count one more guest, exactly, and return his number. Raises ``TooManyGuests``."""
