"""OpenPGP keys, made by the library or by gpg."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from pysequoia import CipherSuite, Tsk
from pysequoia.packet import PacketPile, Tag

_KEYS = (Tag.SecretKey, Tag.SecretSubkey)


@cache
def a_key(name: str = "ann", suite: str = "Cv25519") -> Tsk:
    """Its main part certifies, another signs, a third is for encryption."""
    user_id = f"{name} <{name}@example.org>"
    return Tsk.generate(user_id=user_id, cipher_suite=getattr(CipherSuite, suite))


def a_certifying_key() -> Tsk:
    """One that signs nothing but other keys."""
    key, binding, user_id, certification, *_ = PacketPile.from_bytes(bytes(a_key()))
    return Tsk.from_packets([key, binding, user_id, certification])


def a_revoked_key() -> Tsk:
    key = a_key()
    revocation = key.extract_certificate().revoke(key.certifier())
    return Tsk.from_bytes(bytes(key) + bytes(revocation))


@cache
def an_expired_key() -> Tsk:
    """The key of ``ann``, which is a minute old when it is made, and which ended since."""
    key, ended_at = a_key(), datetime.now(UTC) - timedelta(seconds=30)
    ended = key.extract_certificate().set_expiration(ended_at, key.certifier())
    secrets = {
        one.fingerprint: one for one in PacketPile.from_bytes(bytes(key)) if one.tag in _KEYS
    }
    packets = PacketPile.from_bytes(bytes(ended))
    return Tsk.from_packets([secrets.get(one.fingerprint, one) for one in packets])


class Gpg:
    """gpg with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str) -> str:
        command = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--armor"]
        done = subprocess.run(
            [*command, "--pinentry-mode", "loopback", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def secret_key(
        self, name: str, algorithm: str, *options: str, passphrase: str = "", ends: str = "never"
    ) -> str:
        user_id = f"{name}@example.org"
        options = (*options, "--passphrase", passphrase)
        self(*options, "--quick-generate-key", user_id, algorithm, "sign", ends)
        return self(*options, "--export-secret-keys", user_id)


@contextmanager
def gpg() -> Iterator[Gpg]:
    # Its agent listens in the home, and the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="gpg") as home:
        try:
            yield Gpg(Path(home))
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=True)
