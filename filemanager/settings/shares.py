"""Settings of shares."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import NoDecode

from filemanager.domain.shares.share import MAX_SHARES
from filemanager.settings.rws_file import parsed_json
from filemanager.settings.sources import FromEnvironment

Slug = Annotated[str, Field(pattern=r"^[a-z0-9-][a-z0-9.-]{1,62}[a-z0-9-]$")]


class DefaultShare(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    package: str = Field(pattern=r"^[0-9a-f]{32}$")
    version: Literal["latest"] | Annotated[int, Field(ge=1)] = "latest"
    description: str = ""


class SharesSettings(FromEnvironment):
    max_shares: int = Field(MAX_SHARES, ge=1, description="Shares of one package.")
    share_url_seconds: int = Field(
        900, ge=1, le=900, description="How long addresses in the stores of sources are good."
    )
    default_shares: Annotated[
        dict[Slug, DefaultShare] | None, NoDecode, BeforeValidator(parsed_json)
    ] = Field(
        None,
        description="Shares that are made at the start, JSON by their names:"
        ' `{"iris": {"package": "<id>", "version": 1, "description": ""}}`.',
    )
