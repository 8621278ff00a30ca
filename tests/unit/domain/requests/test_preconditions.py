"""Preconditions: their order, and what holds of which state (RFC 9110, 13.2.2)."""

from datetime import UTC, datetime, timedelta

import pytest

from filemanager.domain.errors import ResourceChanged
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions, State

CHANGED = datetime(2026, 11, 20, 12, 0, 0, 500_000, tzinfo=UTC)
SAME = CHANGED.replace(microsecond=0)
BEFORE, AFTER = SAME - timedelta(seconds=1), SAME + timedelta(seconds=1)
STATE = State(frozenset({"7"}), CHANGED)
UNDATED = State(frozenset({"7"}), None)
RIGHT, WRONG, ANY = frozenset({"6", "7"}), frozenset({"6"}), frozenset({"*"})


@pytest.mark.parametrize(
    "asked",
    [
        UNCONDITIONAL,
        Preconditions(if_match=RIGHT),
        Preconditions(if_match=ANY),
        Preconditions(if_match=RIGHT, if_unmodified_since=BEFORE),
        Preconditions(if_unmodified_since=SAME),
        Preconditions(if_unmodified_since=AFTER),
        Preconditions(if_none_match=WRONG),
        Preconditions(if_match=RIGHT, if_none_match=WRONG),
    ],
)
def test_a_change_is_allowed(asked: Preconditions) -> None:
    asked.ensure(STATE)


@pytest.mark.parametrize(
    "asked",
    [
        Preconditions(if_match=WRONG),
        Preconditions(if_match=WRONG, if_unmodified_since=AFTER),
        Preconditions(if_unmodified_since=BEFORE),
        Preconditions(if_none_match=RIGHT),
        Preconditions(if_none_match=ANY),
        Preconditions(if_match=RIGHT, if_none_match=RIGHT),
    ],
)
def test_a_change_is_refused(asked: Preconditions) -> None:
    with pytest.raises(ResourceChanged):
        asked.ensure(STATE)


def test_of_what_is_not_there_a_tag_is_wrong_and_a_date_says_nothing() -> None:
    Preconditions(if_unmodified_since=BEFORE).ensure(None)
    Preconditions(if_none_match=ANY).ensure(None)
    Preconditions(if_unmodified_since=BEFORE).ensure(UNDATED)
    with pytest.raises(ResourceChanged):
        Preconditions(if_match=ANY).ensure(None)


@pytest.mark.parametrize(
    ("asked", "is_known"),
    [
        (Preconditions(if_modified_since=BEFORE), False),
        (Preconditions(if_modified_since=SAME), True),
        (Preconditions(if_modified_since=AFTER), True),
        (Preconditions(if_none_match=RIGHT, if_modified_since=BEFORE), True),
        (Preconditions(if_none_match=WRONG, if_modified_since=AFTER), False),
    ],
)
def test_a_state_that_the_client_has(asked: Preconditions, is_known: bool) -> None:
    assert asked.is_known(STATE) == is_known


def test_without_a_date_nothing_is_known_by_one() -> None:
    assert not Preconditions(if_modified_since=AFTER).is_known(UNDATED)
    assert not Preconditions(if_modified_since=AFTER).is_known(None)


def test_tags_are_translated_and_unknown_ones_name_nothing() -> None:
    asked = Preconditions(if_match=frozenset({"sum", "7", "*"}), if_none_match=frozenset({"other"}))

    told = asked.translated({"sum": "9"})

    assert (told.if_match, told.if_none_match) == (frozenset({"9", "*"}), frozenset())
    assert UNCONDITIONAL.translated({"sum": "9"}) == UNCONDITIONAL
