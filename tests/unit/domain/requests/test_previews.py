"""Previews as values: what a token says, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest

from filemanager.domain.ids import MAX_ID
from filemanager.domain.requests.previews import (
    PREVIEW_LASTS,
    PreviewNotFound,
    SignedPreview,
    preview_said,
    preview_token,
    preview_until,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KEY = b"secret"


@pytest.mark.parametrize("path", ["", "a", "ab", "abc", "ab/ü?.png"])
def test_a_token_says_what_it_was_made_of(path: str) -> None:
    preview = SignedPreview(by=7, of=0, path=path, ends_at=NOW)

    assert preview_said(preview_token(preview, KEY, "digest")) == preview


def _said(by: int | str, path: str, of: int | str = 1) -> str:
    return f"{by}.{of}.1795867200.{path}.{'0' * 64}"


def test_its_numbers_are_such_as_a_database_can_hold() -> None:
    said = preview_said(_said(MAX_ID, "YQ", MAX_ID))

    assert (said.by, said.of, said.path) == (MAX_ID, MAX_ID, "a")
    for token in (_said(MAX_ID + 1, "YQ"), _said(1, "YQ", MAX_ID + 1)):
        with pytest.raises(PreviewNotFound):
            preview_said(token)


@pytest.mark.parametrize(
    "token", ["", _said("0", "YQ"), _said("7", "Y"), _said("7", "_w"), _said("7", "YQ") + "0"]
)
def test_what_is_no_token_says_nothing(token: str) -> None:
    with pytest.raises(PreviewNotFound):
        preview_said(token)


def test_it_ends_in_five_minutes_or_with_the_right() -> None:
    at, soon = NOW + timedelta(microseconds=5), NOW + timedelta(seconds=9, microseconds=5)

    assert preview_until(at) == NOW + PREVIEW_LASTS
    assert preview_until(at, NOW + PREVIEW_LASTS * 2) == NOW + PREVIEW_LASTS
    assert preview_until(at, soon) == NOW + timedelta(seconds=9)
