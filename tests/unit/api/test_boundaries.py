"""The boundary of a form is found where the parser's own patterns find it."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.sansio.multipart import MultipartDecoder

from filemanager.api.forms.multipart import _Decoder

_PIECES = (b"--a.b", b"--", b"a.b", b"-", b"\r", b"\n", b"\r\n", b" ", b"\t", b"x", b"--aXb")

Search = Callable[..., Any]


def _told(search: Search, data: bytearray, position: int) -> object:
    found = search(data, position)
    return found and (found.start(), found.end(), found.group(1))


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(b"".join), st.integers(0, 12))
def test_both_find_the_same(data: bytes, position: int) -> None:
    theirs, ours = MultipartDecoder(b"a.b"), _Decoder(b"a.b", 1 << 20, max_parts=1)

    for name in ("preamble_re", "boundary_re"):
        one, other = (getattr(decoder, name).search for decoder in (theirs, ours))
        assert _told(one, bytearray(data), position) == _told(other, bytearray(data), position)
