"""The first segments of paths: no two doors have the same."""

from collections.abc import Collection

FIRST_SEGMENTS = frozenset(
    {
        "bucket", "c", "filemanager", "g", "jobs", "k", "packages", "repositories", "s", "u",
        "uploads", "admin", "docs", "livez", "login", "logout", "metrics", "openapi.json", "readyz",
        "static", "invitations", "w", "web", ".", "..", ".well-known",
    }
)  # fmt: skip
"""Of all doors and pages, unless a setting says another."""


def first_segment(path: str) -> str:
    """Empty for the root."""
    return path.strip("/").partition("/")[0]


def ensure_free(wanted: Collection[str], taken: Collection[str]) -> None:
    """Raises ``ValueError``."""
    if clashing := sorted(set(wanted) & set(taken)):
        raise ValueError(f"no path of repositories can begin with {', '.join(clashing)}: others do")
