"""A file with an object in it: the bytes, a line of JSON about them, and that line's length."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.blobs.named_objects import NamedObject

_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class About:
    """What is told of an object, and cannot be seen from its bytes."""

    key: str
    media_type: str
    cache_control: str | None = None

    def told(self) -> Mapping[str, str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def write(path: Path, about: About, chunks: Iterable[bytes]) -> NamedObject:
    """Write a new file and return when it is durable. The ETag is the MD5, in hex, as S3's is."""
    md5 = hashlib.md5(usedforsecurity=False)
    size_bytes = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            md5.update(chunk)
            size_bytes += file.write(chunk)
        told = {**about.told(), "etag": md5.hexdigest()}
        line = json.dumps(told).encode()
        file.write(line + len(line).to_bytes(_LENGTH_BYTES, "big"))
        file.flush()
        os.fsync(file.fileno())
        return _object(told, size_bytes, os.fstat(file.fileno()))


def described(file: IO[bytes]) -> NamedObject:
    end_bytes = file.seek(-_LENGTH_BYTES, os.SEEK_END)
    length = int.from_bytes(file.read(_LENGTH_BYTES), "big")
    size_bytes = file.seek(end_bytes - length)
    return _object(json.loads(file.read(length)), size_bytes, os.fstat(file.fileno()))


def ranged(file: IO[bytes], start: int, stop: int | None) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of the object, fewer where it ends before."""
    size_bytes = described(file).size_bytes
    end = size_bytes if stop is None else min(stop, size_bytes)
    file.seek(start)
    while start < end:
        chunk = file.read(min(CHUNK_BYTES, end - start))
        start += len(chunk)
        yield chunk


def _object(about: Mapping[str, str], size_bytes: int, found: os.stat_result) -> NamedObject:
    return NamedObject(
        **about, size_bytes=size_bytes, modified_at=datetime.fromtimestamp(found.st_mtime, UTC)
    )
