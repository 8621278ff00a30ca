"""Two doors must not claim one address: prefixes are settings, so the start looks."""

import re
from collections.abc import Iterator

from flask import Flask

_VARIABLE = re.compile(r"<[^>]*>")


class AddressClaimedTwice(Exception):
    """Some addresses lead to two routes, of which only one would ever be reached."""


def ensure_distinct(app: Flask) -> None:
    """Raise ``AddressClaimedTwice``, naming the addresses.

    A closing slash makes no difference, nor what a variable is called.
    """
    claimed: dict[tuple[str, str], str] = {}
    clashes = [
        f"{method} {address}"
        for method, address, endpoint in _claims(app)
        if claimed.setdefault((method, address), endpoint) != endpoint
    ]
    if clashes:
        raise AddressClaimedTwice(", ".join(clashes))


def _claims(app: Flask) -> Iterator[tuple[str, str, str]]:
    for rule in app.url_map.iter_rules():
        address = _VARIABLE.sub("<>", rule.rule).rstrip("/") or "/"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address, rule.endpoint
