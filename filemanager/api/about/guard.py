"""Who reads the metrics."""

import hmac
from dataclasses import dataclass
from typing import ClassVar

from flask import request

from filemanager.api.about.door import door
from filemanager.api.http.auth import bare_token
from filemanager.api.http.guards import Tokens, authenticated
from filemanager.domain.caller import Scope


@dataclass(frozen=True, slots=True)
class ReadsMetrics:
    """Whoever has the token of the settings, which opens nothing else, or the scope."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        wanted = door().metrics_token
        sent = bare_token(request.headers.get("Authorization", ""))
        if wanted is None or not hmac.compare_digest(_bytes(sent), _bytes(wanted)):
            authenticated().ensure_holds(self.scope)


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogateescape")
