"""Names inside a bag."""

from filemanager.exports.bag.names import in_lists


def test_percent_signs_and_line_breaks_alone_are_encoded() -> None:
    assert in_lists("ü 1%\r\n+") == "ü 1%25%0D%0A+"
