"""Names inside a bag."""

from hypothesis import given
from hypothesis import strategies as st

from builders.editions import a_listed_item, contents_of, hostile_paths
from filemanager.exports.bag.names import by_pointer_name, in_lists, pointer_name

NEAR = st.lists(st.text("a ./", min_size=1, max_size=6), unique=True)
"""Paths above and beside one another."""


def test_percent_signs_and_line_breaks_alone_are_encoded() -> None:
    assert in_lists("ü 1%\r\n+") == "ü 1%25%0D%0A+"


@given(NEAR | st.lists(hostile_paths, unique=True))
def test_pointers_come_in_the_order_of_their_names(paths: list[str]) -> None:
    items = contents_of(dict.fromkeys(paths, b""))

    ordered = [pointer_name(item.path) for item in by_pointer_name(items())]

    assert ordered == sorted((pointer_name(path) for path in paths), key=str.encode)


def test_no_more_is_held_back_than_lies_above() -> None:
    asked = []

    def many() -> object:
        for number in range(1000):
            asked.append(number)
            yield a_listed_item(f"{number:04}")

    first = next(iter(by_pointer_name(many())))  # type: ignore[arg-type]

    assert first.path == "0000"
    assert len(asked) == 2
