"""The language that somebody chose, remembered by their browser."""

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import base_url
from filemanager.api.http.operations import operation
from filemanager.api.pages.texts import CHOSEN, languages
from filemanager.web.session.forms import form
from filemanager.web.session.guard import OpenPage
from filemanager.web.session.pages import FORM, MOVED, moved, own_path

choosing = Blueprint("languages", __name__)

_REMEMBERED = timedelta(days=365)


@choosing.post("/web/language")
@operation(
    guard=OpenPage("whoever reads pages chooses their language"),
    sends=FORM,
    errors=(403, 413, 415, 422),
    answers={303: MOVED},
)
def choose_language() -> ResponseReturnValue:
    """Show pages in another language from now on; one that there is not changes nothing."""
    answer = moved(own_path(form().text("to")))
    if form().text("language") in languages():
        answer.set_cookie(
            CHOSEN,
            form().text("language"),
            max_age=_REMEMBERED,
            secure=base_url().startswith("https://"),
            httponly=True,
            samesite="Lax",
        )
    return answer
