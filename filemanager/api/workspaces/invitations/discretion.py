"""What answers below a link carry, so that nobody learns of it by them."""

from flask import Response

NEVER_KEPT = {"Cache-Control": "no-store"}


def discreet(response: Response) -> Response:
    """Whoever is linked to is not told where from, and search engines do not list it."""
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
