"""Settings of invitations."""

from pydantic import Field

from filemanager.settings.sources import FromEnvironment


class InvitationsSettings(FromEnvironment):
    guest_downloads: bool = Field(
        default=True,
        description="Whether guests who were invited may download what they handed in.",
    )
