"""The identity provider, where the settings name one."""

from filemanager.domain.caller import GrantedScope
from filemanager.factory.core import Core
from filemanager.factory.parts import clock
from filemanager.identity.provider import OpenIdProvider, Registration
from filemanager.services.sessions.by_provider import Accounts, ProviderSignIn
from filemanager.tokens import EVERYDAY


def provider_sign_in(core: Core) -> ProviderSignIn | None:
    settings = core.settings.oidc
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret
    registration = Registration(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=None if secret is None else secret.get_secret_value(),
        wants_groups=bool(settings.oidc_groups),
    )
    of_authors = frozenset(GrantedScope(scope) for scope in EVERYDAY)
    accounts = Accounts(
        name=settings.oidc_name,
        scopes=of_authors if settings.scopes is None else settings.scopes,
        by_group=settings.by_group,
    )
    return ProviderSignIn(core.database, clock, OpenIdProvider(registration, clock), accounts)
