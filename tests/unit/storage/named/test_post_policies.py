"""Forms for a bucket; that a store takes them is seen in the contract tests."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from filemanager.domain.blobs.named_objects import PostForm, PostTerms
from filemanager.domain.errors import StoreUnavailable
from filemanager.storage.named.post_policies import s3_post_forms
from filemanager.storage.named.s3 import S3Place
from filemanager.storage.s3.client import S3Access, new_client

ACCESS = S3Access(endpoint_url="http://store:9000/", access_key="key", secret_key="secret")
TERMS = PostTerms(
    key="alice/a b.csv", size_bytes=8, md5="0f" * 16, media_type="text/csv", is_public=True
)
FIELDS = {
    "Content-MD5": "Dw8PDw8PDw8PDw8PDw8PDw==",
    "Content-Type": "text/csv",
    "acl": "public-read",
    "key": "raw/alice/a b.csv",
}


def a_form(access: S3Access = ACCESS, *, sends_acl: bool = True) -> PostForm:
    place = S3Place(bucket="my.bucket", prefix="raw/", sends_acl=sends_acl)
    forms = s3_post_forms(access, place, lambda: datetime(2026, 11, 21, 12, 30, tzinfo=UTC))
    return forms.form(TERMS, timedelta(hours=1))


def policy_of(form: PostForm) -> Any:
    return json.loads(base64.b64decode(form.fields["policy"]))


def test_it_binds_bucket_key_length_type_and_end() -> None:
    form = a_form()

    policy = policy_of(form)
    assert policy["expiration"] == "2026-11-21T13:30:00Z"
    assert policy["conditions"][:6] == [
        *({name: value} for name, value in FIELDS.items()),
        {"bucket": "my.bucket"},
        ["content-length-range", 8, 8],
    ]
    assert FIELDS.items() <= form.fields.items()


def test_address_and_fields_are_those_of_the_client_around_the_signer() -> None:
    client = new_client(ACCESS, signature_version="s3v4", s3={"addressing_style": "path"})
    given = {name: value for name, value in FIELDS.items() if name != "key"}

    made = client.generate_presigned_post("my.bucket", FIELDS["key"], Fields=given)

    form = a_form()
    assert (form.url, form.fields.keys()) == (made["url"], made["fields"].keys())
    assert form.fields["x-amz-credential"].startswith("key/")


def test_a_bucket_without_acls_is_asked_for_none() -> None:
    form = a_form(sends_acl=False)

    assert "acl" not in form.fields
    assert {"acl": "public-read"} not in policy_of(form)["conditions"]


def test_without_keys_nothing_is_given_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(StoreUnavailable):
        a_form(S3Access(endpoint_url="http://store"))
