"""Secrets in texts: what is known as one, where it is, and that it is never repeated."""

import pytest

from filemanager.sanitize.advice.leaked_secrets import Secret, secrets_in

# Put together here, so that no scanner takes this file for a leak.
PEM = b"-----BEGIN " + b"RSA PRIVATE KEY-----"
AWS = b"AKIA" + b"ABCDEFGHIJKLMNOP"
JWT = b"eyJ" + b"hbGciOiJIUzI1NiJ9" + b".eyJ" + b"zdWIiOiIxMjM0In0" + b"." + b"c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PEM, "private key"),
        (b"-----BEGIN " + b"PRIVATE KEY-----", "private key"),
        (b"-----BEGIN " + b"OPENSSH PRIVATE KEY-----", "private key"),
        (b"-----BEGIN " + b"PGP PRIVATE KEY BLOCK-----", "private key"),
        (AWS, "AWS access key id"),
        (b"ghp_" + b"a1" * 18, "GitHub token"),
        (b"github_pat_" + b"a_" * 41, "GitHub token"),
        (b"glpat-" + b"x" * 20, "GitLab token"),
        (b"xoxb-" + b"123456789012-abc", "Slack token"),
        (JWT, "JSON Web Token"),
    ],
)
def test_each_kind_is_known(text: bytes, kind: str) -> None:
    assert list(secrets_in(b"first\nkey = '" + text + b"'\n")) == [Secret(kind, 2)]


@pytest.mark.parametrize(
    "text",
    [
        b"-----BEGIN " + b"PUBLIC KEY-----",
        b"THIS IS NO PRIVATE KEY",
        AWS + b"Q",
        b"Q" + AWS,
        b"ghp_" + b"short",
        b"glpat-" + b"x" * 19,
        b"xoxz-" + b"123456789012",
        b"eyJ" + b"hbGciOiJIUzI1NiJ9" + b".abc",
    ],
)
def test_what_only_looks_like_one_is_none(text: bytes) -> None:
    assert list(secrets_in(text)) == []


def test_several_are_told_by_line() -> None:
    text = b"\n".join([AWS, b"", PEM, JWT])

    assert [one.line for one in secrets_in(text)] == [1, 3, 4]


def test_the_secret_itself_is_not_kept() -> None:
    (found,) = secrets_in(AWS)

    assert AWS.decode() not in repr(found)
