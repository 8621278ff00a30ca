"""OpenPGP keys in settings."""

import re
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from filemanager.signing.openpgp import OpenPgpSigner
from filemanager.signing.verifying import OpenPgpVerifier

_BLOCK = re.compile(
    r"-----BEGIN PGP PRIVATE KEY BLOCK-----.+?-----END PGP PRIVATE KEY BLOCK-----", re.DOTALL
)


def keys_in(armored: SecretStr | None) -> tuple[str, ...]:
    """Each in an armor of its own; line feeds may be written as in one line of a shell."""
    text = _lines(armored.get_secret_value()) if armored else ""
    return tuple(_BLOCK.findall(text))


def _lines(armored: str) -> str:
    return armored.replace("\\n", "\n")


def _usable(given: SecretStr) -> SecretStr:
    keys = keys_in(given)
    if not keys:
        raise ValueError("it holds no key as `gpg --armor --export-secret-keys` writes it")
    # Whatever would be refused when something is to be signed stops the start.
    OpenPgpSigner(keys)
    return given


ArmoredKeys = Annotated[SecretStr, AfterValidator(_usable)]
"""One, or several behind one another."""


def _verifying(given: str) -> str:
    OpenPgpVerifier(_lines(given))
    return _lines(given)


ArmoredCertificates = Annotated[str, AfterValidator(_verifying)]
"""Public halves, one or several."""
