"""What a browser may be shown of a file: told by its bytes, and never what could do something."""

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Nothing in them can do something; an SVG could."""

PDF = "application/pdf"

_MARKUP = frozenset({"text/html", "text/xml"})
_PLAIN = "text/plain; charset=utf-8"


def shown_as(media_type: str) -> str | None:
    """The media type that a file of *media_type* is shown as; None: it is a download alone."""
    if media_type in PICTURES or media_type == PDF:
        return media_type
    is_text = media_type.startswith("text/") and media_type not in _MARKUP
    return _PLAIN if is_text else None
