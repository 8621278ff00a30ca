"""What the bucket is for those without a token."""

from enum import StrEnum


class Access(StrEnum):
    NONE = "none"
    READ = "read"
    WRITE = "write"
    """Reading too."""
