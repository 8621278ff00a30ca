"""The list of packages of a bucket that are not taken in, as clients read it."""

from collections.abc import Mapping, Sequence

from filemanager.domain.repositories.mirror import BucketObject
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.places import malformed_lists
from filemanager.domain.workspaces.log import escaped


def malformed_texts(
    base: Base, version: str, quarantined: Sequence[BucketObject]
) -> Mapping[str, bytes]:
    """By the path of each list that is not empty: a path a line, a colon, and the reason."""
    found = {}
    for place in malformed_lists(base, version):
        top = "" if base is Base.DEB else f"{place.partition('/')[0]}/"
        lines = [_line(one) for one in quarantined if one.path.startswith(top)]
        if lines:
            found[place] = "".join(lines).encode()
    return found


def _line(one: BucketObject) -> str:
    why = one.quarantine.why if one.quarantine else ""
    return f"{one.path}: {escaped(why)}\n"
