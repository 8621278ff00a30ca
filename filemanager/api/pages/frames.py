"""A page of ours: the frame that all have, and what a browser may do with it."""

from collections.abc import Iterable, Mapping
from itertools import chain
from urllib.parse import quote

from flask import Response, current_app, render_template, request

from filemanager.api.http.front.references import relative
from filemanager.api.pages.texts import language, languages, said

HTML = "text/html"
READS = ("GET", "HEAD")

_HERE = "\0"
"""No name and no path holds it."""

_CHOOSING = "pages.languages.choose_language"
_FRONT = "pages.landing.show_landing"


def framed(
    template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """*headers* None: those of ``page_headers`` alone."""
    return _answer(framed_text(template, **values), status, headers)


def framed_text(template: str, **values: object) -> str:
    """Of ``framed``, for whoever keeps it or makes a tag of it; *values* win over the frame's."""
    return render_template(template, **{**_frame(), **values})


def framed_as_read(
    template: str, listed: str, headers: Mapping[str, str], **values: object
) -> Response:
    """``framed``, and sent while what is on it is still read, when the request is over for Flask:
    the template *listed*, which stands for ``listed`` in the other, can ask nothing of it.
    """
    before, after = framed_text(template, listed=_HERE, **values).split(_HERE)
    read = current_app.jinja_env.get_template(listed).generate(**values)
    return _answer(chain((before,), read, (after,)), 200, headers)


def page_headers(*sources: str) -> dict[str, str]:
    """For a page that may use our styles, send our forms, what the CSP directives *sources* say,
    and nothing else.

    Where it was come from is told to ourselves alone: without it a browser would say
    ``Origin: null`` of our forms.
    """
    policy = ("default-src 'none'", "style-src 'self'", *sources, "form-action 'self'")
    return {
        "Content-Security-Policy": "; ".join(
            (*policy, "base-uri 'none'", "frame-ancestors 'none'")
        ),
        "Referrer-Policy": "same-origin",
        "Vary": "Accept, Accept-Language, Cookie",
    }


def asked_path() -> str:
    """Of the request, with its query, percent-encoded."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.path)
    return f"{path}?{query}" if query else path


def _frame() -> dict[str, object]:
    """Where pages are turned off, nobody can choose a language, and there is no front page."""
    routes = current_app.view_functions
    others = {code: name for code, name in languages().items() if code != language()}
    return {
        "language": language(),
        "other_languages": others if _CHOOSING in routes else {},
        "asked_again": asked_path() if request.method in READS else None,
        "front": relative("/") if _FRONT in routes else None,
        "link": relative,
        "said": said,
    }


def _answer(text: str | Iterable[str], status: int, headers: Mapping[str, str] | None) -> Response:
    told = page_headers() if headers is None else headers
    made = Response(text, status, mimetype=HTML, headers=told)
    made.headers["Content-Language"] = language()
    return made
