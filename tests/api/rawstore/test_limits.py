"""What a plan allows, and that no way leads around it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.papers import a_token
from people.depositors import Depositor, datahub_token, deposit, door_settings, entry

MEGABYTE = 1_000_000
PUBLIC_FULL = "Max storage for user exceeded plan limit (10MB)"
PRIVATE_FULL = "Max private storage for user exceeded plan limit (1MB)"


def ask(depositor: Depositor, length: int, path: str = "f", **more: str) -> TestResponse:
    """Authorise a file of which only the length matters."""
    return depositor.authorize(deposit({path: entry(b"", length=length)}, depositor.user, **more))


def refused(response: TestResponse) -> tuple[int, str, str | None]:
    return response.status_code, response.text, response.mimetype


def test_what_fits_exactly_is_taken(ann: Depositor) -> None:
    assert ask(ann, 10 * MEGABYTE).status_code == 200


def test_a_byte_more_is_refused_in_the_originals_words(ann: Depositor) -> None:
    assert refused(ask(ann, 10 * MEGABYTE + 1)) == (403, PUBLIC_FULL, "text/plain")


def test_private_files_have_a_limit_of_their_own(ann: Depositor) -> None:
    assert ask(ann, MEGABYTE, "a", findability="private").status_code == 200

    told = ask(ann, 1, "b", findability="private")

    assert refused(told) == (403, PRIVATE_FULL, "text/plain")
    assert ask(ann, 9 * MEGABYTE, "c").status_code == 200


def test_private_files_count_among_all(ann: Depositor) -> None:
    ask(ann, MEGABYTE, "a", findability="private")

    assert refused(ask(ann, 9 * MEGABYTE + 1, "b"))[0] == 403


def test_the_files_of_a_call_count_together(ann: Depositor) -> None:
    files = {name: entry(b"", length=6 * MEGABYTE) for name in ("a", "b")}

    assert refused(ann.authorize(deposit(files))) == (403, PUBLIC_FULL, "text/plain")
    assert ask(ann, 10 * MEGABYTE).status_code == 200


def test_a_promise_counts(ann: Depositor) -> None:
    ask(ann, 6 * MEGABYTE, "a")

    assert refused(ask(ann, 6 * MEGABYTE, "b"))[0] == 403


def test_pushing_the_same_again_does_not_count_twice(ann: Depositor) -> None:
    for _ in range(3):
        assert ask(ann, 10 * MEGABYTE, "a").status_code == 200


def test_what_a_smaller_version_would_replace_counts_until_it_is_there(ann: Depositor) -> None:
    data = b"x" * (6 * MEGABYTE)
    ann.push("a", data)

    ask(ann, 1, "a")

    assert refused(ask(ann, 5 * MEGABYTE, "b"))[0] == 403


def test_a_token_without_limits_may_nothing(client: FlaskClient) -> None:
    poor = Depositor(client, "alice", datahub_token(permissions={}))

    told = ask(poor, 1)

    assert refused(told)[:2] == (403, "Max storage for user exceeded plan limit (0MB)")
    assert ask(poor, 0).status_code == 200


@pytest.mark.parametrize("special", [door_settings(RAWSTORE_DEFAULT_MB="2")])
def test_a_token_that_may_upload_packages_has_the_default(client: FlaskClient) -> None:
    packager = Depositor(client, "alice", datahub_token(permissions={"datapackage-upload": True}))

    assert ask(packager, 2 * MEGABYTE).status_code == 200
    assert refused(ask(packager, 1, "b"))[1] == "Max storage for user exceeded plan limit (2MB)"


@pytest.mark.parametrize("special", [door_settings(RAWSTORE_DEFAULT_MB="2")])
def test_a_token_of_ours_has_the_default(client: FlaskClient) -> None:
    ours = Depositor(client, "1", a_token("1", "rawstore:write"))

    assert refused(ask(ours, 2 * MEGABYTE + 1))[0] == 403
    assert ask(ours, 2 * MEGABYTE).status_code == 200


def test_owners_of_one_name_and_two_issuers_have_two_totals(
    ann: Depositor, client: FlaskClient
) -> None:
    ask(ann, 10 * MEGABYTE)
    ours = Depositor(client, "alice", a_token("alice", "rawstore:write", "rawstore:read"))

    assert ask(ours, 10 * MEGABYTE, "other").status_code == 200
    assert ask(ours, 1, "f").status_code == 403


def test_of_many_calls_at_once_only_so_many_pass(ann: Depositor) -> None:
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(ask, ann, 3 * MEGABYTE, f"f{number}") for number in range(8)]
        statuses = sorted(call.result().status_code for call in calls)

    assert statuses == [200] * 3 + [403] * 5
