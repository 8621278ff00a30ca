"""How each door words its errors."""

from enum import StrEnum

API = "/filemanager/api"
V2 = f"{API}/v2"


class Dialect(StrEnum):
    WORKSPACE = "workspace"
    """``{"reason": …}`` alone, as the drop-in routes' clients expect."""

    PROBLEM = "problem"
    """RFC 9457."""

    RAWSTORE = "rawstore"
    """``{"reason": …}``, or the bare words of the original where it had any."""

    BUCKET = "bucket"
    """``{"status": …, "code": …, "error": …}``, as the clients of http-bucket expect."""


_OF_BUCKET = frozenset({"", "config", "upload", "checksum", "blob", "explode", "replica"})


def dialect_of(path: str, endpoint: str | None = None, bucket_prefix: str = "/bucket") -> Dialect:
    """By URL prefix, so that it also holds where no route matched; a door whose prefix is a setting
    is told by its endpoints.
    """
    if endpoint is not None and endpoint.startswith("rawstore."):
        return Dialect.RAWSTORE
    if (endpoint or "").startswith("bucket.") or _is_of_bucket(path, bucket_prefix):
        return Dialect.BUCKET
    is_drop_in = path == API or path.startswith(f"{API}/")
    is_v2 = path == V2 or path.startswith(f"{V2}/")
    return Dialect.WORKSPACE if is_drop_in and not is_v2 else Dialect.PROBLEM


def _is_of_bucket(path: str, prefix: str) -> bool:
    """A door without a prefix has the paths that begin like its routes."""
    if prefix:
        return path == prefix or path.startswith(f"{prefix}/")
    return path.removeprefix("/").partition("/")[0] in _OF_BUCKET
