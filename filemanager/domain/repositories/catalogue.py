"""Which repositories there are: kinds, series, distributions and versions, and anchors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import RepositoryAddressRefused, RepositoryUnknown
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import Visibility

ENABLED = "enabled"
"""Stands for every series of the list of that name."""

_SEGMENTS = 4
MAX_TARGETS = 1000
"""What one address may stand for: anchors multiply."""


@dataclass(frozen=True, slots=True)
class Distribution:
    base: Base
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """An anchor is a segment that stands for others: each of its values is put in its place, and
    may hold several segments. *visibility* is by the beginnings of paths, each ending in a slash
    but for the empty one, and the longest decides; what is private by it is so whatever rules say.
    """

    kinds: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    enabled: tuple[str, ...] = ()
    anchors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    visibility: Mapping[str, Visibility] = field(default_factory=dict)

    def find(self, path: str) -> Address:
        """The one repository of a path without anchors. Raises ``RepositoryUnknown``."""
        try:
            return self._address(path.split("/"))
        except RepositoryAddressRefused as refused:
            raise RepositoryUnknown from refused

    def targets(self, path: str) -> Sequence[Address]:
        """What a path means for whoever writes there: anchors multiply, each target comes once, in
        the order of addresses.

        Raises ``RepositoryAddressRefused``, with the original's words for each fault.
        """
        choices = [self._choices(segment) for segment in _segments(path)]
        count = 1
        for values in choices:
            count *= len(values)
        if count > MAX_TARGETS:
            raise RepositoryAddressRefused(
                f"The address stands for {count} repositories; {MAX_TARGETS} at once are the limit."
            )
        return sorted({self._address(_segments("/".join(one))) for one in product(*choices)})

    def addresses(self) -> Iterator[Address]:
        """Every repository that is configured, in the order of the configuration."""
        for kind, series, (dist, distribution) in product(
            self.kinds, self.series, self.distributions.items()
        ):
            for version in distribution.versions:
                yield self._made((kind, series, dist, version), distribution.base)

    def private_addresses(self) -> Iterator[Address]:
        if self.visibility:
            yield from (one for one in self.addresses() if one.is_private)

    def _choices(self, segment: str) -> tuple[str, ...]:
        if segment == ENABLED and ENABLED not in self.series:
            return self.enabled or (segment,)
        return self.anchors.get(segment, (segment,))

    def _address(self, segments: Sequence[str]) -> Address:
        if len(segments) != _SEGMENTS:
            raise RepositoryAddressRefused("Invalid URL.")
        kind, series, dist, version = segments
        if kind not in self.kinds:
            raise RepositoryAddressRefused(f'Repo kind "{kind}" is not supported.')
        if series not in self.series:
            # The quotation marks are the original's.
            raise RepositoryAddressRefused(f'Tarantool series "{series}"" is not supported.')
        if dist not in self.distributions:
            raise RepositoryAddressRefused(f'Distribution "{dist}" is not supported.')
        distribution = self.distributions[dist]
        if version not in distribution.versions:
            raise RepositoryAddressRefused(f'Distribution version "{version}" is not supported.')
        return self._made((kind, series, dist, version), distribution.base)

    def _made(self, segments: tuple[str, str, str, str], base: Base) -> Address:
        path = "/".join((*segments, ""))
        longest = max(filter(path.startswith, self.visibility), key=len, default=None)
        is_private = longest is not None and self.visibility[longest] is Visibility.PRIVATE
        return Address(*segments, base, is_private=is_private)


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]
