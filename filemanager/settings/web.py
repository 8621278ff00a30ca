"""Settings of the pages for people."""

from pydantic import Field, SecretStr

from filemanager.settings.sources import FromEnvironment, named


class WebSettings(FromEnvironment):
    web: bool = Field(default=True, description="Serve pages for people.")
    password: SecretStr | None = Field(
        None,
        validation_alias=named("password", "PASSWORD"),
        description="Password of the local user `admin` of the pages, who may do everything; there"
        " is none when unset.",
        min_length=1,
    )
