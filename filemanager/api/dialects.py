"""How each door words its errors."""

from enum import StrEnum

API = "/filemanager/api"
V2 = f"{API}/v2"


class Dialect(StrEnum):
    WORKSPACE = "workspace"
    """``{"reason": …}`` alone, as the drop-in routes' clients expect."""

    PROBLEM = "problem"
    """RFC 9457."""


def dialect_of(path: str) -> Dialect:
    """By URL prefix, so that it also holds where no route matched."""
    is_drop_in = path == API or path.startswith(f"{API}/")
    is_v2 = path == V2 or path.startswith(f"{V2}/")
    return Dialect.WORKSPACE if is_drop_in and not is_v2 else Dialect.PROBLEM
