"""Scripts in PDF files, however their names are written."""

import pytest

from filemanager.sanitize.advice.pdf_scripts import OVERLAP_BYTES, has_script, is_pdf


@pytest.mark.parametrize(
    "data",
    [
        b"<< /S /JavaScript /JS (app.alert) >>",
        b"<</S/JavaScript>>",
        b"<< /J#61vaScript 5 0 R >>",
        b"<< /#4a#61#76#61#53#63#72#69#70#74 5 0 R >>",
        b"<< /#4AS (x) >>",
        b"<< /JS<6170> >>",
        b"<< /JS 12 0 R >>",
    ],
)
def test_a_script_is_found(data: bytes) -> None:
    assert has_script([data])


@pytest.mark.parametrize(
    "data", [b"/JSON (x)", b"/JavaScripts 1", b"/JS /Name", b"JavaScript", b"/#4BS (x)", b""]
)
def test_other_names_are_no_scripts(data: bytes) -> None:
    assert not has_script([data])


def test_a_name_between_two_chunks_is_found() -> None:
    data = b"x" * 3 * OVERLAP_BYTES + b"/#4a#61#76#61#53#63#72#69#70#74 "

    halves = [(data[:at], data[at:]) for at in range(len(data) - 40, len(data))]

    assert all(has_script(half) for half in halves)


def test_the_header_may_stand_a_little_later() -> None:
    assert is_pdf(b"\n" * 1000 + b"%PDF-1.7")
    assert not is_pdf(b"\n" * 1024 + b"%PDF-1.7")
