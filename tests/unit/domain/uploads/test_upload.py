"""Uploads as values: what their ids are."""

import pytest

from filemanager.domain.uploads.grant import (
    MAX_FILES,
    GrantNotFound,
    grant_id_from,
    upload_id_in,
)
from filemanager.domain.uploads.upload import (
    BatchId,
    UploadNotFound,
    batch_id_from,
    upload_id_from,
)

GRANT = BatchId("0123456789abcdef0123456789ab0000")


def test_files_of_a_grant_are_numbered_in_their_ids() -> None:
    assert upload_id_in(GRANT, 0) == "0123456789abcdef0123456789ab0000"
    assert upload_id_in(GRANT, MAX_FILES - 1) == "0123456789abcdef0123456789ab03e7"


@pytest.mark.parametrize("number", [-1, MAX_FILES])
def test_a_grant_has_no_other_files(number: int) -> None:
    with pytest.raises(UploadNotFound):
        upload_id_in(GRANT, number)


def test_what_is_no_id_names_nothing() -> None:
    assert (str(upload_id_from(GRANT)), grant_id_from(GRANT)) == (GRANT, GRANT)
    with pytest.raises(UploadNotFound):
        upload_id_from("1")
    with pytest.raises(GrantNotFound):
        grant_id_from("1")
    assert (batch_id_from("my-batch"), batch_id_from("")) == ("my-batch", None)
