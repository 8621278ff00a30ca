"""Sources in memory, and what looks after them."""

from dataclasses import dataclass, field

from builders.memory_sources import MemorySources
from filemanager.services.sources.keeping import SourceService
from filemanager.storage.sources.sealing import AesSeals, SealingKey
from worlds.stored import World

KEY = SealingKey("first", b"k" * 32)


@dataclass
class SourceDesk:
    """``service`` seals with one key unless another is asked for."""

    world: World
    sources: MemorySources = field(default_factory=MemorySources)

    @property
    def service(self) -> SourceService:
        return self.with_keys(KEY)

    def with_keys(self, *keys: SealingKey) -> SourceService:
        return SourceService(self.world.database, self.sources, AesSeals(keys), self.world.clock)
