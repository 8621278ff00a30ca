"""A tree's totals while a revision is made: kept by the change, never by a listing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Self

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Tree


@dataclass(frozen=True, slots=True)
class Weight:
    """What an entry, or several of one area and kind, add to the totals."""

    area: Area
    kind: FileKind
    size_bytes: int
    packed_bytes: int
    charged_bytes: int
    files: int = 1


@dataclass(slots=True)
class Totals:
    sizes: Counter[Area] = field(default_factory=Counter)
    counts: defaultdict[Area, Counter[FileKind]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    content_bytes: int = 0
    kept_bytes: int = 0

    @classmethod
    def of(cls, tree: Tree) -> Self:
        return cls(
            sizes=Counter({Area.SOURCE: tree.source_bytes, Area.ANCILLARY: tree.ancillary_bytes}),
            counts=defaultdict(
                Counter, {area: Counter(kinds) for area, kinds in tree.counts.items()}
            ),
            content_bytes=tree.content_bytes,
            kept_bytes=tree.kept_bytes,
        )

    def add(self, weight: Weight) -> None:
        """Count an entry, which is charged until its row is pruned, whenever it ends."""
        self._change(weight, 1)
        self.kept_bytes += weight.charged_bytes

    def remove(self, weight: Weight) -> None:
        self._change(weight, -1)

    def clear(self, area: Area, packed_bytes: int) -> None:
        """Forget an area whose entries took *packed_bytes* of the content."""
        self.sizes[area] = 0
        self.counts.pop(area, None)
        self.content_bytes -= packed_bytes

    def living_counts(self) -> dict[Area, dict[FileKind, int]]:
        """Without zeros, so that equal trees have equal counts."""
        kept = {area: dict(+kinds) for area, kinds in self.counts.items()}
        return {area: kinds for area, kinds in kept.items() if kinds}

    def _change(self, weight: Weight, sign: int) -> None:
        self.sizes[weight.area] += sign * weight.size_bytes
        self.counts[weight.area][weight.kind] += sign * weight.files
        self.content_bytes += sign * weight.packed_bytes
