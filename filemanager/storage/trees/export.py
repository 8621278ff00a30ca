"""A directory with everything of a service: records as JSON lines, objects as files."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import Plain
from filemanager.domain.ports import Clock
from filemanager.domain.upkeep.errors import DirectoryInUse, NotAnExport
from filemanager.storage.blobs.filesystem import FileSystemObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.named.directory import DirectoryNamedObjects

_OBJECTS = "store"
_RAW = "raw"


class ExportDirectory:
    """``<name>.jsonl`` for each kind of record; the objects lie as the service itself lays them.

    Readable by its owner alone: whoever has it has every file of everybody.
    """

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory = directory
        self.raw: NamedObjects = DirectoryNamedObjects(directory / _RAW, _RAW, "", clock)
        self.blobs: BlobStore = PackingBlobStore(FileSystemObjects(directory / _OBJECTS))

    def begin(self) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(self._directory.iterdir()):
                raise DirectoryInUse(str(self._directory))
            for name in (_OBJECTS, _RAW):
                (self._directory / name).mkdir()
        except OSError as error:
            raise StoreUnavailable from error

    def write(self, name: str, records: Iterable[Mapping[str, Plain]]) -> int:
        count = 0
        try:
            descriptor = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                for record in records:
                    count += 1
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._sync()
        except OSError as error:
            raise StoreUnavailable from error
        return count

    def read(self, name: str) -> Iterator[Mapping[str, Plain]]:
        try:
            with self._path(name).open(encoding="utf-8") as file:
                yield from map(json.loads, file)
        except FileNotFoundError as error:
            raise NotAnExport(f"there is no {name}.jsonl in it") from error
        except OSError as error:
            raise StoreUnavailable from error
        except ValueError as error:
            raise NotAnExport(f"{name}.jsonl is damaged") from error

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.jsonl"

    def _sync(self) -> None:
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
