"""What a key is refused with."""

import pytest

from filemanager.domain.repositories.signer import SigningKeyRefused
from filemanager.signing.openpgp import OpenPgpSigner


def refusal_of(armored: str) -> str:
    """In one short line: nothing of the key, and no trace of calls."""
    with pytest.raises(SigningKeyRefused) as refused:
        OpenPgpSigner([armored])
    message = str(refused.value)
    assert len(message) < 200
    assert "\n" not in message
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return message
