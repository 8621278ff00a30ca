"""Settings of invitations."""

from pydantic import Field

from filemanager.settings.sources import FromEnvironment


class InvitationsSettings(FromEnvironment):
    guest_downloads: bool = Field(
        default=True,
        description="Whether guests who were invited may download what they handed in.",
    )
    guest_days: int = Field(
        default=365,
        ge=1,
        le=36500,
        description="How long guests are known once their invitation has ended: what they answered,"
        " the list of what they sent, and their pages. Files stay.",
    )
