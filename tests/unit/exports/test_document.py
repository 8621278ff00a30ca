"""Documents: written in pieces, measured before."""

from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from builders.editions import a_listed_item, an_edition, items_of, no_items
from filemanager.domain.ids import digest_of
from filemanager.exports.document import TEXT, ExportDocument, Measured, measured, written
from filemanager.exports.json_text import opened, separated


def a_document(*passes: bytes) -> ExportDocument:
    parts = [part for mark in passes for part in (mark, lambda item: item.path.encode())]
    return ExportDocument("a.txt", TEXT, lambda _edition: parts)


ITEMS = items_of(a_listed_item("x"), a_listed_item("y"))


@given(st.lists(st.lists(st.binary(max_size=2), max_size=3), max_size=3))
def test_what_is_measured_is_what_is_written(marks: list[list[bytes]]) -> None:
    documents = [a_document(*one) for one in marks]

    found = measured(documents, an_edition(), ITEMS)

    whole = [b"".join(written(one, an_edition(), ITEMS)) for one in documents]
    assert found == [Measured(len(one), digest_of(one), crc32(one)) for one in whole]


def test_items_are_asked_for_as_often_as_the_greediest_document_needs() -> None:
    asked = []

    def items() -> object:
        asked.append(1)
        return ITEMS()

    measured([a_document(b"1"), a_document(b"1", b"2"), a_document()], an_edition(), items)  # type: ignore[arg-type]

    assert len(asked) == 2


def test_an_object_is_opened_behind_its_last_name() -> None:
    assert opened({"a": "ü"}, "b") == '{"a":"ü","b":'.encode()


def test_commas_stand_between_what_was_made() -> None:
    line = separated(lambda item: b"" if item.path == "skip" else item.path.encode())

    made = [line(a_listed_item(path)) for path in ("skip", "a", "skip", "b")]

    assert made == [b"", b"\na", b"", b",\nb"]


def test_a_package_of_nothing_has_documents_too() -> None:
    assert b"".join(written(a_document(b"1"), an_edition(), no_items)) == b"1"
