"""What a browser is told about everything on the content origin."""

from collections.abc import Mapping

from filemanager.domain.blobs.shown import PDF

_ALONE = "default-src 'none'; frame-ancestors 'none'"

_EVERYWHERE = {
    "Referrer-Policy": "no-referrer",
    # Our pages are another site's to a browser, and have it in `<img>`. The path is the leave.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def policy(media: str | None) -> Mapping[str, str]:
    """For what is shown as *media*; None: it is not shown.

    A PDF in a sandbox is an empty page in Safari. What is in one may not ask for a tab of its own
    too, or is a network error (HTML, 7.4.5): so PDF alone asks for that.
    """
    if media == PDF:
        own_tab = {"Cross-Origin-Opener-Policy": "same-origin"}
        return {**_EVERYWHERE, **own_tab, "Content-Security-Policy": _ALONE}
    return {**_EVERYWHERE, "Content-Security-Policy": f"{_ALONE}; sandbox"}
