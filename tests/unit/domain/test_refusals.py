"""Refusals that name many things say how many they do not name."""

import pytest

from filemanager.domain.errors import Conflict
from filemanager.domain.packages.errors import DigestsUnknown
from filemanager.domain.uploads.upload import UploadIncomplete

PATHS = [f"{number}.txt" for number in range(23)]


@pytest.mark.parametrize("kind", [DigestsUnknown, UploadIncomplete])
def test_what_is_not_named_is_counted(kind: type[DigestsUnknown | UploadIncomplete]) -> None:
    few: Conflict = kind(PATHS[:20])
    many: Conflict = kind(PATHS)

    assert "19.txt" in few.message
    assert "more" not in few.message.replace("any more", "")
    assert "20.txt" not in many.message
    assert " and 3 more." in many.message
