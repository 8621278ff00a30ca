"""Tokens of previews, changed by who has no key."""

from collections.abc import Callable


def with_part(at: int, value: str) -> Callable[[str], str]:
    """Puts *value* in the place of a part of a token, or of a path that ends in one."""

    def changed(token: str) -> str:
        parts = token.split(".")
        parts[at] = value
        return ".".join(parts)

    return changed
