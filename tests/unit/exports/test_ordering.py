"""Items in the byte order of names that are made of their paths."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from builders.editions import a_listed_item, contents_of, hostile_paths
from filemanager.exports.listing import ListedItem
from filemanager.exports.ordering import with_suffix

_NEAR = st.lists(st.text("a ./", min_size=1, max_size=6), unique=True)
"""Paths above and beside one another."""


@given(_NEAR | st.lists(hostile_paths, unique=True))
def test_items_come_in_the_order_of_their_names(paths: list[str]) -> None:
    items = contents_of(dict.fromkeys(paths, b""))

    ordered = [f"{item.path}.pointer" for item in with_suffix(items(), ".pointer")]

    assert ordered == sorted((f"{path}.pointer" for path in paths), key=str.encode)


def test_no_more_is_held_back_than_lies_above() -> None:
    asked = []

    def many() -> Iterator[ListedItem]:
        for number in range(1000):
            asked.append(number)
            yield a_listed_item(f"{number:04}")

    first = next(with_suffix(many(), ".pointer"))

    assert first.path == "0000"
    assert len(asked) == 2
