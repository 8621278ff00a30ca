"""Names of shares, secrets, and what is told of an address."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from filemanager.domain.errors import Malformed
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.requests.addresses import network_of
from filemanager.domain.requests.secrets import new_secret, secret_digest, slug_from
from filemanager.domain.shares.share import Share, ShareId, new_key
from filemanager.domain.shares.visit import (
    ShareVisit,
    VisitId,
    visit_named,
    visit_token,
    visitor_at,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)
SHARE = Share(
    id=ShareId(7),
    slug="iris",
    package_id=DataPackageId("0" * 32),
    number=1,
    base="https://files.example.org/fm",
    description="",
    created_at=AT,
    key=b"k" * 32,
    password="$argon2id$secret",
)
ZEROS = "0" * 64


@pytest.mark.parametrize("text", ["abc", "a.b", "-a-", "1-2", "a" * 64, "0" * 32])
def test_names_that_a_share_can_have(text: str) -> None:
    assert slug_from(text) == text


@pytest.mark.parametrize(
    "text", ["", "ab", ".ab", "ab.", "a_b", "Abc", "a/b", "a" * 65, "abc\n", "\u00e4bc", "a b"]
)
def test_names_that_none_can_have(text: str) -> None:
    with pytest.raises(Malformed):
        slug_from(text)


def test_a_share_tells_no_secret_of_itself() -> None:
    secret = new_secret()

    assert "argon2" not in repr(SHARE)
    assert "kkk" not in repr(SHARE)
    assert secret.text not in repr(secret)
    assert SHARE.url == "https://files.example.org/fm/s/iris/"


def test_what_is_kept_of_a_secret_is_its_digest() -> None:
    one, other = new_secret(), new_secret()

    assert one.digest == secret_digest(one.text) != other.digest
    assert len(one.text) == 43


def _visit(**changed: object) -> ShareVisit:
    made = ShareVisit(
        id=VisitId(12),
        share_id=SHARE.id,
        visitor=visitor_at(SHARE, "192.0.2.1"),
        number=1,
        until=AT,
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # of its fields


def test_a_token_names_its_visit_and_changes_with_all_that_matters() -> None:
    token = visit_token(SHARE, _visit())

    assert visit_named(token) == 12
    assert token == visit_token(SHARE, _visit())
    others = {
        visit_token(SHARE, _visit(number=2)),
        visit_token(SHARE, _visit(visitor=visitor_at(SHARE, "192.0.2.2"))),
        visit_token(replace(SHARE, key=new_key()), _visit()),
        visit_token(replace(SHARE, password="other"), _visit()),
        visit_token(replace(SHARE, audience=frozenset({"test:2"})), _visit()),
        visit_token(replace(SHARE, id=ShareId(8)), _visit()),
    }
    assert len(others - {token}) == 6


@pytest.mark.parametrize(
    "text", ["", "v", "v1", "v1.x", f"v0.{ZEROS}", f"v{'9' * 19}.{ZEROS}", f"V1.{ZEROS}"]
)
def test_what_is_no_token(text: str) -> None:
    assert visit_named(text) is None


def test_an_address_is_another_visitor_at_another_share() -> None:
    other = replace(SHARE, key=new_key())

    assert visitor_at(SHARE, "192.0.2.1") != visitor_at(other, "192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("unknown", "unknown", True),
        ("unknown", "", False),
    ],
)
def test_addresses_of_one_guest(one: str, other: str, are_one: bool) -> None:
    assert (visitor_at(SHARE, one) == visitor_at(SHARE, other)) == are_one


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_the_end_of_an_address_is_not_kept(address: str, network: str) -> None:
    assert network_of(address) == network
