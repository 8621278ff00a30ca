"""What is uploaded: texts, pictures and archives of them, no two alike."""

import io
import random
import tarfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from isal import igzip

_NONCE_AT = 32
_NONCE_BYTES = 16
_SEED = 1
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def tex(number: int, size_bytes: int) -> bytes:
    """A LaTeX text that compresses about as papers do."""
    chance = random.Random(_SEED + number)
    opening = "% " + "-" * 60 + "\n\\documentclass{article}\n\\begin{document}\n"
    words = " ".join(_word(chance) for _ in range(size_bytes // 6))
    lines = [words[start : start + 72] for start in range(0, len(words), 72)]
    body = (opening + "\n".join(lines)).encode()[: size_bytes - 16]
    return body + b"\n\\end{document}\n"


def _word(chance: random.Random) -> str:
    common = "the of and to in is that for we are with as by this on $x_i$ \\alpha field model"
    if chance.random() < 0.5:
        return chance.choice(common.split())
    return "".join(chance.choices("etaoinshrdlcumwfgypbvk", k=chance.randint(3, 9)))


def picture(number: int, size_bytes: int) -> bytes:
    """Bytes that no compressor makes smaller, with the signature of a PNG."""
    return _PNG + random.Random(_SEED + number).randbytes(size_bytes - len(_PNG))


class Tarball:
    """A ``tar.gz`` that can be made again and again with every file in it new to the store."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        made.seek(0)
        with tarfile.open(fileobj=made) as archive:
            self._places = [member.offset_data + _NONCE_AT for member in archive]
        self._tar = bytearray(made.getbuffer())
        self._numbers = count()

    def made(self) -> bytes:
        """Each file differs from its last making in sixteen bytes near the front."""
        nonce = b"%0*x" % (_NONCE_BYTES, random.getrandbits(_NONCE_BYTES * 4))
        for place in self._places:
            self._tar[place : place + _NONCE_BYTES] = nonce
        return igzip.compress(self._tar, 1)


def tex_files(number: int, size_bytes: int, directory: str = "") -> dict[str, bytes]:
    return {f"{directory}chapter{one:05}.tex": tex(one, size_bytes) for one in range(number)}


class LargeFile:
    """One file on disk, of random bytes, that is made new by sixteen of them."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self.path = path
        block = random.Random(_SEED).randbytes(1 << 20)
        with path.open("wb") as file:
            for number in range(size_bytes >> 20):
                file.write(number.to_bytes(8, "big") + block[8:])

    def renew(self) -> Path:
        with self.path.open("r+b") as file:
            file.write(random.randbytes(_NONCE_BYTES))
        return self.path
