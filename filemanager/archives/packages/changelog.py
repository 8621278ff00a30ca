"""The newest changes of an rpm, as createrepo_c writes them into ``other.xml``."""

from collections.abc import Sequence

from filemanager.archives.packages.header import RpmHeader
from filemanager.archives.packages.refusals import Unfit
from filemanager.archives.packages.tags import Tag
from filemanager.domain.repositories.package import RpmChange

_KEPT = 10
_MOST = 1 << 16


def newest_changes(header: RpmHeader) -> tuple[RpmChange, ...]:
    """Ten at most, the oldest of them first. Raises ``Unfit``."""
    times = header.numbers(Tag.CHANGELOG_TIME, _MOST)[:_KEPT]
    authors = header.first_strings(Tag.CHANGELOG_NAME, _KEPT)
    texts = header.first_strings(Tag.CHANGELOG_TEXT, _KEPT)
    if not (times and authors and texts):
        return ()
    if not len(times) == len(authors) == len(texts):
        raise Unfit("its changelog has more times than authors or texts, or fewer")
    changes = map(RpmChange, map(_trimmed, authors), _apart(times), texts)
    return tuple(changes)[::-1]


def _trimmed(author: str) -> str:
    return author.rstrip(" ") or author[:1]


def _apart(times: Sequence[int]) -> list[int]:
    """The newest first; those of one time a second apart, since clients sort by them."""
    found: list[int] = []
    for time in times:
        if found and times[len(found) - 1] == time:
            _make_room(found, time)
        found.append(time)
    return found


def _make_room(newer: list[int], time: int) -> None:
    """Let each of *newer* that stands at *time* or in the row behind it stand a second later."""
    for at in reversed(range(len(newer))):
        if newer[at] != time:
            return
        time += 1
        newer[at] = time
