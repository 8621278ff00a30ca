"""The guard of what is shown on the content origin."""

from dataclasses import dataclass
from typing import ClassVar

from flask import request
from werkzeug.exceptions import NotFound

from filemanager.api.http.guards import Tokens
from filemanager.web.door import door


@dataclass(frozen=True, slots=True)
class OpensPreview:
    """Whoever knows the address, which is looked at next; on our own origin there is none."""

    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        if not door().hosts.is_content(request.host):
            raise NotFound
