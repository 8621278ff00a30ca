"""What quotas say, and when their days end."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from filemanager.domain.caller import Owner
from filemanager.domain.quotas import QuotaExceeded, end_of_day, owner_subject


def test_a_refusal_does_not_say_whose_the_quota_is() -> None:
    refused = QuotaExceeded(owner_subject(Owner("issuer:alice")), 100, 60, 41)

    assert refused.message == (
        "The owner's limit is 100 bytes, 60 of them are used or reserved, and 41 more were asked"
        " for. Earlier versions of files count until they are pruned."
    )


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where this machine says that it stands."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_a_day_ends_in_utc_wherever_the_service_stands() -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)

    assert end_of_day(datetime(2026, 11, 21, 23, 59, 59, 999_999, tzinfo=UTC)) == midnight
    assert end_of_day(datetime(2026, 11, 22, 1, 0, tzinfo=timezone(timedelta(hours=2)))) == midnight
    assert end_of_day(midnight) == midnight + timedelta(days=1)
