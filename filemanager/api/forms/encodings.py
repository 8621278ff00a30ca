"""``Content-Transfer-Encoding`` of a form's part, decoded as it comes."""

import binascii
import re
from typing import Protocol

from werkzeug.datastructures import Headers

from filemanager.domain.errors import Rejected

_BLANKS = re.compile(rb"[ \t\r\n]+")
_MAX_LINE_BYTES = 1 << 16


class BadTransferEncoding(Rejected):
    code = "bad_transfer_encoding"

    def __init__(self, name: str, encoding: str) -> None:
        super().__init__(
            f"The part '{name[:80]}' says that it is {encoding}, and is not. Send it again, best"
            " without an encoding of its own."
        )


class TransferDecoder(Protocol):
    """Both raise ``BadTransferEncoding``."""

    def some(self, data: bytes) -> bytes: ...
    def rest(self) -> bytes:
        """What was held back until the end of the part."""


def transfer_decoder(headers: Headers, name: str) -> TransferDecoder:
    """The decoder that the headers of a part ask for; an encoding that is not known asks for none,
    as with every other server.
    """
    encoding = headers.get("Content-Transfer-Encoding", "").strip().lower()
    if encoding == "base64":
        return _Base64(name)
    return _QuotedPrintable(name) if encoding == "quoted-printable" else _Identity()


class _Identity:
    def some(self, data: bytes) -> bytes:
        return data

    def rest(self) -> bytes:
        return b""


class _Base64:
    def __init__(self, name: str) -> None:
        self._name = name
        self._held = b""
        self._is_over = False

    def some(self, data: bytes) -> bytes:
        data = self._held + _BLANKS.sub(b"", data)
        whole = len(data) // 4 * 4
        self._held = data[whole:]
        return self._decoded(data[:whole])

    def rest(self) -> bytes:
        # Some programs leave the padding out.
        return self._decoded(self._held + b"=" * (-len(self._held) % 4))

    def _decoded(self, data: bytes) -> bytes:
        if data and self._is_over:
            raise BadTransferEncoding(self._name, "base64")
        self._is_over |= data.endswith(b"=")
        try:
            return binascii.a2b_base64(data, strict_mode=True)
        except binascii.Error as error:
            raise BadTransferEncoding(self._name, "base64") from error


class _QuotedPrintable:
    """Line by line: a line says at its end whether it ends there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._held = b""

    def some(self, data: bytes) -> bytes:
        data = self._held + data
        end = data.rfind(b"\n") + 1
        self._held = data[end:]
        if len(self._held) > _MAX_LINE_BYTES:
            raise BadTransferEncoding(self._name, "quoted-printable")
        return binascii.a2b_qp(data[:end])

    def rest(self) -> bytes:
        return binascii.a2b_qp(self._held)
