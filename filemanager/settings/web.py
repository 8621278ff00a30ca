"""Settings of the pages for people, and of the provider that they may sign in by."""

from collections.abc import Mapping
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator

from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.workspaces.invitations.guest import ISSUER as GUESTS
from filemanager.services.sessions.local_user import LOCAL_ISSUER
from filemanager.settings.sources import FromEnvironment, named
from filemanager.settings.values import Origin, ProviderName, Url, authority

_OWN_ISSUERS = frozenset({LOCAL_ISSUER, GUESTS, "rws", "filemanager"})
"""Whom the service itself calls somebody by."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _granted(given: str) -> frozenset[GrantedScope]:
    """``upload:read upload:read:17 upload:read:*``."""
    found = set()
    for one in given.split():
        domain, action, *resource = one.split(":", 2)
        found.add(GrantedScope(Scope(f"{domain}:{action}"), resource[0] if resource else None))
    return frozenset(found)


def _scopes(given: str) -> str:
    try:
        _granted(given)
    except ValueError as error:
        raise ValueError(
            "scopes are separated by blanks, each one of those in the README"
        ) from error
    return given


Scopes = Annotated[str, AfterValidator(_scopes)]


class WebSettings(FromEnvironment):
    web: bool = Field(default=True, description="Serve pages for people.")
    password: SecretStr | None = Field(
        None,
        validation_alias=named("password", "PASSWORD"),
        description="Password of the local user `admin` of the pages, who may do everything; there"
        " is none when unset.",
        min_length=1,
    )
    content_origin: Origin | None = Field(
        None,
        description="Origin, as `https://content.example`, that leads here as well and that pages"
        " show pictures, PDF and long texts of others from; they are attachments when unset.",
    )

    def ensure_apart(self, public_url: str | None) -> None:
        """Raise ``ValueError`` for a content origin that a browser would take for ours, or would
        not show.
        """
        if self.content_origin is None or public_url is None:
            return
        if authority(self.content_origin) == authority(public_url):
            raise ValueError(
                "FILEMANAGER_CONTENT_ORIGIN has the host and port of FILEMANAGER_PUBLIC_URL: what"
                " people sent would be shown as if it were ours; it needs a host name of its own"
            )
        if public_url.startswith("https:") and self.content_origin.startswith("http:"):
            raise ValueError(
                "FILEMANAGER_CONTENT_ORIGIN must begin with https:// as FILEMANAGER_PUBLIC_URL"
                " does: in a page over TLS browsers show nothing that comes without it"
            )


class OidcSettings(FromEnvironment):
    oidc_issuer: Url | None = Field(
        None,
        description="URL of the OpenID Connect provider that people sign in to the pages by, as it"
        " writes it itself; none when unset.",
    )
    oidc_client_id: str | None = Field(
        None, min_length=1, description="What the provider calls this service."
    )
    oidc_client_secret: SecretStr | None = Field(
        None,
        min_length=1,
        description="What this service shows the provider; PKCE alone when unset.",
    )
    oidc_name: ProviderName = Field(
        "oidc",
        description="What the provider is called on the page, and the issuer of its people, who are"
        " `<name>:<sub>`.",
    )
    oidc_scopes: Scopes | None = Field(
        None,
        description="Scopes of all who sign in by the provider, separated by blanks; those of an"
        " author when unset.",
    )
    oidc_groups: dict[str, Scopes] = Field(
        default={},
        description="More scopes by a value of the claim `groups`, JSON:"
        ' `{"editors": "upload:read:* upload:update:*"}`.',
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _over_tls(cls, given: str | None) -> str | None:
        """Discovery 1.0, 3; and what comes without TLS could be from anybody."""
        parts = urlsplit(given or "https://")
        if parts.query or (parts.scheme.lower() != "https" and parts.hostname not in _LOOPBACK):
            raise ValueError("it must begin with https://, but on this machine itself")
        return given

    @field_validator("oidc_name")
    @classmethod
    def _nobody_of_ours(cls, given: str) -> str:
        if given in _OWN_ISSUERS:
            raise ValueError(f"`{given}` is the issuer of people whom the service itself knows")
        return given

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError(
                "FILEMANAGER_OIDC_ISSUER and FILEMANAGER_OIDC_CLIENT_ID are set both or neither"
            )
        return self

    @property
    def scopes(self) -> frozenset[GrantedScope] | None:
        """Empty: groups alone give some. None: nothing is said."""
        return None if self.oidc_scopes is None else _granted(self.oidc_scopes)

    @property
    def by_group(self) -> Mapping[str, frozenset[GrantedScope]]:
        return {group: _granted(scopes) for group, scopes in self.oidc_groups.items()}
