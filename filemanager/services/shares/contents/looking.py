"""Looks at what lies in sources, remembered for a minute."""

from datetime import datetime, timedelta

from filemanager.domain.packages.pointer import ObjectPlace
from filemanager.domain.ports import Clock
from filemanager.domain.sources.errors import SourceObjectChanged, SourceObjectGone
from filemanager.domain.sources.objects import SourceObjects

_MEMORY = timedelta(seconds=60)
_REMEMBERED = 10_000

_Refusal = SourceObjectGone | SourceObjectChanged


class RememberedLooks:
    """That a source did not answer is forgotten at once: it may the next time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[ObjectPlace, tuple[_Refusal | None, datetime]] = {}

    def ensure_there(self, place: ObjectPlace, objects: SourceObjects) -> None:
        """Raises what ``SourceObjects.ensure_there`` does."""
        at = self._clock()
        refusal, until = self._seen.get(place, (None, at))
        if at >= until:
            refusal = _look(place, objects)
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[place] = refusal, at + _MEMORY
        if refusal is not None:
            raise type(refusal)(place.pinned.key)


def _look(place: ObjectPlace, objects: SourceObjects) -> _Refusal | None:
    try:
        objects.ensure_there(place.pinned)
    except (SourceObjectGone, SourceObjectChanged) as refusal:
        return refusal
    return None
