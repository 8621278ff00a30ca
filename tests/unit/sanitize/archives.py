"""Archives made in code."""

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

TEX = b"\\documentclass{article}\n\\begin{document}\nHello\n\\end{document}\n"


def a_tar(files: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> bytes:
    """Names that end in ``/`` are directories; a sequence may name a path twice."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            one = tarfile.TarInfo(name.removesuffix("/"))
            one.size = len(data)
            one.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            archive.addfile(one, io.BytesIO(data))
    return target.getvalue()


def a_tar_with(kind: bytes, name: str) -> bytes:
    """One member of a type that is no file, beside a TeX file."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        one = tarfile.TarInfo(name)
        one.type, one.linkname = kind, "main.tex"
        archive.addfile(one)
        main = tarfile.TarInfo("main.tex")
        main.size = len(TEX)
        archive.addfile(main, io.BytesIO(TEX))
    return target.getvalue()


def a_zip(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()
