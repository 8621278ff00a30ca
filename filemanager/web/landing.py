"""The front page: what this is, and which doors are on."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import represent
from filemanager.api.pages.frames import HTML
from filemanager.web.door import door
from filemanager.web.session.guard import OpenPage
from filemanager.web.session.pages import page

landing = Blueprint("landing", __name__)

_JSON = "application/json"


class LandingView(BaseModel):
    """``doors`` are addresses by name."""

    service: str
    description: str
    doors: dict[str, str]


@landing.get("/")
@operation(
    guard=OpenPage("says what this is"),
    answers={200: Answer(LandingView, or_media=(HTML,))},
)
def show_landing() -> ResponseReturnValue:
    """Say what this is; as JSON for whoever names that above HTML."""
    if request.accept_mimetypes.best_match([HTML, _JSON], HTML) == HTML:
        return page("landing.html")
    shown = LandingView(
        service="filemanager",
        description=absolute("/openapi.json"),
        doors={one.name: absolute(one.address) for one in door().doors},
    )
    return represent(shown, headers={"Vary": "Accept, Accept-Language, Cookie"})
