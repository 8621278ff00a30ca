"""The language that somebody chose, remembered by their browser, and what scripts say in it."""

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from filemanager.api.http.context import base_url
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import represent
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import CHOSEN, languages, said
from filemanager.web.session.forms import form
from filemanager.web.session.guard import OpenPage
from filemanager.web.session.pages import FORM, MOVED, NEVER_KEPT, moved, own_path

choosing = Blueprint("languages", __name__)


class SaidQueryWish(Wish):
    text: str = Field(max_length=4000, description="What the API said, in English.")


class SaidView(BaseModel):
    text: str
    language: str


@choosing.get("/web/said")
@operation(
    guard=OpenPage("whoever reads pages knows their language"),
    errors=(422,),
    answers={200: Answer(SaidView, headers=("Cache-Control",))},
)
def say_again(query: SaidQueryWish) -> ResponseReturnValue:
    """Say in the reader's language what the API told a script, in English where it is not known."""
    again = said(query.text)
    return represent(SaidView(text=again.text, language=again.language), headers=NEVER_KEPT)


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
