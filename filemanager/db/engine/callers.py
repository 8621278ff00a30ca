"""Callers as they are kept, in JSON: to act by their rights when they are gone."""

from collections.abc import Mapping
from typing import Any

from filemanager.domain.caller import Caller, GrantedScope


def caller_values(caller: Caller) -> dict[str, object]:
    granted = sorted((one.scope, one.resource or "") for one in caller.granted)
    return {
        "issuer": caller.issuer,
        "subject": caller.subject,
        "name": caller.name,
        "is_client": caller.is_client,
        "granted": granted,
    }


def caller_of(values: Mapping[str, Any]) -> Caller:
    granted = frozenset(
        GrantedScope(scope, resource or None) for scope, resource in values["granted"]
    )
    return Caller(**{**values, "granted": granted})
