"""The page of the ways to sign in."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from pydantic import Field

from filemanager.api.http.wishes import Wish
from filemanager.web.door import door
from filemanager.web.session.pages import page


class SignInQuery(Wish):
    to: str = Field("", max_length=2000, description="Where to go on when signed in.")


def sign_in_page(
    to: str,
    why: str | None = None,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    provider = door().provider
    return page(
        "sign_in.html",
        status,
        headers,
        to=to,
        why=why,
        has_local_user=door().local_user.is_known,
        provider=None if provider is None else provider.name,
    )
