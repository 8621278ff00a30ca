"""Names inside a bag."""

PAYLOAD = "data/"
POINTERS = "pointers/"
PENDING_NAME = f"{POINTERS}PENDING.txt"
POINTER_SUFFIX = ".pointer"

_ENCODED = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})


def pointer_name(path: str) -> str:
    return f"{POINTERS}{path}{POINTER_SUFFIX}"


def in_lists(name: str) -> str:
    """As manifests and fetch.txt write it (RFC 8493, 2.1.3)."""
    return name.translate(_ENCODED)
