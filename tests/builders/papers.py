"""Data made in code: archives, papers, tokens."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from filemanager.tokens import EVERYDAY, Person, session_of, sign

SECRET = "a-secret-of-tests-that-is-32-bytes"
PAPER = b"\\documentclass{article}\n\\begin{document}\nHello.\n\\end{document}\n"


def a_session(user_id: str = "1", *scopes: str, username: str = "theuser") -> dict[str, Any]:
    """The claims of a user; everything an owner needs unless *scopes* are given."""
    person = Person(
        user_id=user_id,
        email=f"{username}@example.org",
        username=username,
        scopes=scopes or EVERYDAY,
    )
    return session_of(person, datetime.now(UTC))


def a_token(user_id: str = "1", *scopes: str, username: str = "theuser") -> str:
    """A token with those claims."""
    return sign(a_session(user_id, *scopes, username=username), SECRET)


def a_tarball(files: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]  # the mode is a parameter
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def a_zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def members_of(tarball: bytes) -> dict[str, bytes]:
    """The regular files of a tar.gz, without the leading ``./``."""
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                found[member.name.removeprefix("./")] = stream.read()
    return found
