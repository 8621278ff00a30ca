"""What a request asks of the state of a thing before anything is done (RFC 9110, 13)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from filemanager.domain.errors import ResourceChanged

_ANY = "*"


@dataclass(frozen=True, slots=True)
class State:
    """``tags`` are the names of the present state; ``modified_at`` None: nobody knows."""

    tags: frozenset[str]
    modified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preconditions:
    """None: not asked. Dates have no fractions of a second, and give way to tags."""

    if_match: frozenset[str] | None = None
    if_unmodified_since: datetime | None = None
    if_none_match: frozenset[str] | None = None
    if_modified_since: datetime | None = None

    def ensure(self, state: State | None) -> None:
        """For what changes a thing, None where there is none yet. Raises ``ResourceChanged``."""
        self.ensure_current(state)
        if self.is_known(state):
            raise ResourceChanged

    def ensure_current(self, state: State | None) -> None:
        """Raise ``ResourceChanged`` unless it is in a state that the client acts on."""
        if self.if_match is not None:
            if not _names(self.if_match, state):
                raise ResourceChanged
        elif self.if_unmodified_since is not None and _is_later(state, self.if_unmodified_since):
            raise ResourceChanged

    def is_known(self, state: State | None) -> bool:
        """Whether the client has this very state already."""
        if self.if_none_match is not None:
            return _names(self.if_none_match, state)
        if self.if_modified_since is None or state is None or state.modified_at is None:
            return False
        return not _is_later(state, self.if_modified_since)

    @property
    def names_tags(self) -> bool:
        return self.if_match is not None or self.if_none_match is not None

    @property
    def asks_for_none(self) -> bool:
        """Only to create."""
        return self.if_none_match is not None and _ANY in self.if_none_match

    def translated(self, names: Mapping[str, str]) -> Self:
        """These in other *names* of the same states; tags without one name nothing."""
        every = {**names, _ANY: _ANY}

        def those(tags: frozenset[str] | None) -> frozenset[str] | None:
            return None if tags is None else frozenset(every[tag] for tag in tags & every.keys())

        return replace(self, if_match=those(self.if_match), if_none_match=those(self.if_none_match))


UNCONDITIONAL = Preconditions()


def whole_second(at: datetime) -> datetime:
    """What a date in a header can say of *at*."""
    return at.replace(microsecond=0)


def _names(tags: frozenset[str], state: State | None) -> bool:
    return state is not None and not tags.isdisjoint({_ANY, *state.tags})


def _is_later(state: State | None, date: datetime) -> bool:
    if state is None or state.modified_at is None:
        return False
    return whole_second(state.modified_at) > date
