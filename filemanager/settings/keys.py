"""Keys in settings: of OpenPGP, and those that tokens are verified with."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import jwt
from jwt.algorithms import get_default_algorithms
from pydantic import AfterValidator, SecretStr

from filemanager.signing.openpgp import OpenPgpSigner
from filemanager.signing.verifying import OpenPgpVerifier

_ALGORITHMS = ("RS256", "ES256", "EdDSA")
_KINDS = "RSA, P-256 or Ed25519"
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


def pem_keys(given: SecretStr) -> Mapping[str, Any]:
    """The key by the algorithm that fits its type, and by no other; empty for what is none.

    Line feeds may be written as in one line of a shell.
    """
    pem = _lines(given.get_secret_value())
    found = {}
    for name in _ALGORITHMS:
        try:
            found[name] = get_default_algorithms()[name].prepare_key(pem)
        except (jwt.InvalidKeyError, TypeError, ValueError):
            continue
    return found


def key_set(given: SecretStr) -> Sequence[jwt.PyJWK]:
    """Those keys that could sign a token. Raises ``ValueError``."""
    try:
        found = jwt.PyJWKSet.from_dict(json.loads(given.get_secret_value())).keys
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError('it is no JSON Web Key Set: {"keys": […]}') from error
    return [one for one in found if one.algorithm_name in _ALGORITHMS]


def _public_key(given: SecretStr) -> SecretStr:
    if not pem_keys(given):
        raise ValueError(f"it is no public key of {_KINDS} in PEM")
    return given


def _key_set(given: SecretStr) -> SecretStr:
    if not key_set(given):
        raise ValueError(f"it has no public key of {_KINDS}")
    return given


PublicKey = Annotated[SecretStr, AfterValidator(_public_key)]
KeySet = Annotated[SecretStr, AfterValidator(_key_set)]
