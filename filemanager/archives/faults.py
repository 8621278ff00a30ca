"""Why an archive is refused whole: the stable codes of ``ArchiveRefused.reason``."""

from enum import StrEnum


class Fault(StrEnum):
    """Part of the API: a code is never renamed."""

    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    BAD_CHECKSUM = "bad_checksum"
    BAD_NUMBER = "bad_number"
    BAD_NAME = "bad_name"
    BAD_RECORD = "bad_record"
    BAD_SIZE = "bad_size"
    CONTRADICTION = "contradiction"
    """Two places that should say the same do not."""
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    GAP = "gap"
    """Bytes that belong to no member."""
    LEADING_DATA = "leading_data"
    TRAILING_DATA = "trailing_data"
    HIDDEN_DATA = "hidden_data"
    """Bytes behind a name, in padding, or in a member whose type has none."""
    DISPUTED_TYPE = "disputed_type"
    """A member that some programs read with data and some without."""
    AMBIGUOUS = "ambiguous"
    """A zip to some programs and something else to others."""
    ENCRYPTED = "encrypted"
    SPLIT = "split"
    """One part of an archive that was written in several."""
    UNSUPPORTED = "unsupported"
    TOO_MUCH_MEMORY = "too_much_memory"
